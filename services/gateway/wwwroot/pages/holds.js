// What a person has to look at: payments that are held, with what may be decided of them, and incidents.

import { get, post, Refusal } from "../api.js";
import { alertBox, confirm, h, redraw, table } from "../dom.js";
import { dollars, has, t, time } from "../i18n.js";

/** Shows them in their places; returns what reads them again. */
export function holds({ problem, held, incidents, decisions }) {
  const read = async () => {
    const [{ payments }, known, decided] = await Promise.all([
      get("/api/payments/waiting?status=held"), get("/api/payments/incidents?take=50"), get("/api/payments/decisions?take=50")]);
    redraw(held, [payments, known.filter((one) => one.kind === "bank-differs")], () => (payments.length === 0
      ? h("p", null, t("payments.held.none"))
      : h("div", null, h("p", null, t("payments.held.lead")), h("ul", { class: "held-list" }, payments.map((payment) => item(payment, known, decide))))));
    redraw(incidents, known, () => (known.length === 0
      ? h("p", null, t("payments.incidents.none"))
      : table(t("payments.incidents"),
        [{ text: t("ledger.at") }, { text: t("payments.incident") }, { text: t("metrics.claim") }, { text: t("payments.payment") }],
        known.map((one) => [time(one.at), what(one.kind, one), one.claimId ?? "", one.paymentId ?? ""]))));
    redraw(decisions, decided, () => (decided.length === 0
      ? ""
      : h("div", null, h("h3", null, t("payments.decisions")), table(t("payments.decisions"),
        [{ text: t("ledger.at") }, { text: t("payments.payment") }, { text: t("payments.decision") }, { text: t("payments.by") }],
        decided.map((one) => [time(one.at), one.paymentId, t(`decision.${one.decision}`), one.actor])))));
  };

  const decide = async (payment, kind) => {
    const { paymentId } = payment;
    if (!(await confirm(problem.parentElement, t(`payments.${kind}.title`, { amount: dollars(payment.amount) }), t(`payments.${kind}.text`), t(`payments.${kind}.yes`), t("payments.cancel")))) {
      // What was drawn again meanwhile has the button anew.
      held.querySelector(`[data-act="${CSS.escape(`${kind} ${paymentId}`)}"]`)?.focus();
      return;
    }
    try {
      await post(`/api/payments/${encodeURIComponent(paymentId)}/${kind}`, undefined, { key: crypto.randomUUID() });
      tell("success", null, t(`payments.${kind}.done`, { payment: paymentId }));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const own = `payments.decide.${error.problem.code}`;
      tell("error", t("error.heading"), has(own) ? t(own) : error.text);
    }
    await read();
  };

  const tell = (kind, heading, text) => {
    const box = alertBox(kind, heading, text);
    box.tabIndex = -1;
    problem.replaceChildren(box);
    box.focus();
  };

  return read;
}

const item = (payment, known, decide) => h("li", { "data-held": payment.paymentId },
  h("p", { class: "held-amount" }, dollars(payment.amount)),
  h("p", null, t("payments.held.of", { payment: payment.paymentId, claim: payment.claimId })),
  payment.heldFor && h("p", null, what(payment.heldFor, known.find((one) => one.paymentId === payment.paymentId && one.kind === payment.heldFor))),
  payment.heldAt && h("p", { class: "muted" }, t("payments.held.since", { time: time(payment.heldAt) })),
  h("div", { class: "row" }, button(payment, "release", "usa-button", decide), button(payment, "reject", "usa-button usa-button--outline", decide)));

const button = (payment, kind, look, decide) => h("button", { class: look, type: "button", "data-act": `${kind} ${payment.paymentId}`, onclick: () => decide(payment, kind) },
  t(`payments.${kind}`), h("span", { class: "sr-only" }, ` ${payment.paymentId}`));

function what(kind, incident) {
  const key = `incident.${kind}`;
  const text = has(key) ? t(key) : kind;
  const amounts = incident?.cents && incident.otherCents ? ` ${t("payments.amounts", { ours: dollars(incident.cents / 100), other: dollars(incident.otherCents / 100) })}` : "";
  return text + amounts;
}
