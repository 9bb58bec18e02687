import { get, put, Refusal } from "../api.js";
import { alertBox, announce, h, redraw, table } from "../dom.js";
import { dollars, t, time } from "../i18n.js";
import { holds } from "./holds.js";

const modes = ["ok", "fail", "slow", "silent", "return", "forgetful"];
const cents = (value) => (value ? dollars(value / 100) : "");

export async function show(main, { signal }) {
  state = undefined;
  const parts = Object.fromEntries(["problem", "breaker", "held", "waiting", "incidents", "decisions", "ledger", "file"].map((name) => [name, h("div", { id: name })]));
  const section = (name, title, ...body) => h("div", { class: `panel ${name}` }, h("h2", null, title), body);
  main.append(h("h1", null, t("payments.title")), h("p", { class: "lead" }, t("payments.lead")), parts.problem,
    h("div", { class: "panels" },
      section("breaker", t("payments.breaker"), parts.breaker),
      section("bank", t("payments.bank"), await bank(parts.problem))),
    section("held", t("payments.held"), parts.held),
    section("waiting", t("payments.waiting"), parts.waiting),
    section("incidents", t("payments.incidents"), parts.incidents, parts.decisions),
    section("ledger", t("payments.ledger"), parts.ledger),
    section("file", t("payments.ach"), parts.file));
  const readHolds = holds(parts);
  const read = () => Promise.all([readBreaker(parts.breaker), readHolds(), readWaiting(parts.waiting), readLedger(parts.ledger), readFile(parts.file)]);
  await read();
  let away = false;
  const again = async () => {
    try {
      if (!document.hidden) await read();
      if (away) parts.problem.replaceChildren();
      away = false;
    } catch (error) {
      away = true;
      parts.problem.replaceChildren(alertBox("error", t("error.heading"), error instanceof Refusal ? error.text : t("error.503")));
    }
    if (!signal.aborted) setTimeout(again, 2_000);
  };
  setTimeout(again, 2_000);
}

let state;

async function readBreaker(place) {
  const breaker = await get("/api/payments/breaker");
  const name = String(breaker.state).toLowerCase();
  const text = t(`breaker.${name}`);
  if (state && state !== name) announce(text);
  state = name;
  redraw(place, breaker, () => h("p", null,
    h("span", { class: `status ${name === "closed" ? "good" : name === "open" ? "bad" : "wait"}`, "data-breaker": name }, text), " ",
    t("breaker.failures", { count: breaker.failures ?? 0 })));
}

async function bank(problem) {
  const now = (await get("/api/payments/bank")).mode;
  const select = h("select", { class: "usa-select", id: "mode", "aria-describedby": "mode-hint" },
    modes.map((mode) => h("option", { value: mode, selected: mode === now }, t(`mode.${mode}`))));
  const form = h("form", { class: "form usa-form" },
    h("label", { class: "usa-label", for: "mode" }, t("payments.mode")),
    h("p", { class: "usa-hint", id: "mode-hint" }, t("payments.mode.hint")),
    select,
    h("p", null, h("button", { class: "usa-button", type: "submit" }, t("payments.mode.set"))));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await put("/api/payments/bank", { mode: select.value });
      problem.replaceChildren(alertBox("success", null, t("payments.mode.is", { mode: t(`mode.${select.value}`) })));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problem.replaceChildren(alertBox("error", t("error.heading"), error.text));
    }
  });
  return form;
}

async function readWaiting(place) {
  const { payments } = await get("/api/payments/waiting?take=50");
  redraw(place, payments, () => (payments.length === 0
    ? h("p", null, t("payments.waiting.none"))
    : table(t("payments.waiting"), [{ text: t("payments.payment") }, { text: t("metrics.claim") }, { text: t("payments.status") }, { text: t("payments.amount"), num: true }],
      payments.map((one) => [one.paymentId, one.claimId, t(`paymentStatus.${one.status}`), dollars(one.amount)]))));
}

async function readLedger(place) {
  const ledger = await get("/api/payments/ledger?take=50");
  redraw(place, ledger, () => h("div", null,
    h("p", null, h("span", { class: `status ${ledger.balanced ? "good" : "bad"}`, "data-balanced": String(ledger.balanced) }, t(ledger.balanced ? "ledger.balanced" : "ledger.unbalanced"))),
    h("dl", { class: "facts" }, Object.entries(ledger.balances).map(([account, value]) =>
      h("div", null, h("dt", null, t(`account.${account}`)), h("dd", { "data-account": account }, dollars(value / 100))))),
    table(t("payments.ledger"),
      [{ text: t("ledger.at") }, { text: t("ledger.account") }, { text: t("ledger.debit"), num: true }, { text: t("ledger.credit"), num: true }, { text: t("payments.payment") }, { text: t("ledger.memo") }],
      ledger.entries.map((entry) => [time(entry.at), t(`account.${entry.account}`), cents(entry.debitCents), cents(entry.creditCents), String(entry.paymentId), entry.memo]))));
}

async function readFile(place) {
  const text = await get("/api/payments/ach/today");
  redraw(place, text, () => h("div", null,
    h("pre", { class: "file", tabindex: "0", role: "region", "aria-label": t("payments.ach") }, text),
    h("p", null, h("a", { class: "usa-button usa-button--outline", href: "/api/payments/ach/today", download: "ach.txt" }, t("payments.ach.save")))));
}
