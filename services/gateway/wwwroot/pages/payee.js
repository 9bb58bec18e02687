import { get, put, Refusal } from "../api.js";
import { alertBox, h } from "../dom.js";
import { field, input, select, submit, tell } from "../form.js";
import { t } from "../i18n.js";

export async function show(main) {
  const known = h("div", { id: "known" });
  const form = h("form", { class: "form usa-form", novalidate: true, autocomplete: "off", onsubmit: send },
    field("holder", t("payee.holder"), input({ maxlength: 60, autocomplete: "name" })),
    field("routing", t("payee.routing"), input({ inputmode: "numeric", maxlength: 9, autocomplete: "off" }), t("payee.routing.hint")),
    field("account", t("payee.account"), input({ inputmode: "numeric", maxlength: 17, autocomplete: "off" }), t("payee.account.hint")),
    field("kind", t("payee.kind"), select(["checking", "savings"].map((value) => ({ value, text: t(`kind.${value}`) })))),
    h("p", { class: "usa-form-group" }, h("button", { class: "usa-button", type: "submit" }, t("payee.send"))));
  main.append(h("h1", null, t("payee.title")), h("p", { class: "lead" }, t("payee.lead")), known, form);
  await showKnown(known);
}

async function showKnown(known, saved) {
  try {
    const payee = await get("/api/payee");
    known.replaceChildren(alertBox(saved ? "success" : "info", saved ? t("payee.saved") : t("payee.known"),
      t("payee.is", { kind: t(`kind.${payee.kind}`), ending: payee.accountEnding, routing: payee.routing })));
  } catch (error) {
    if (!(error instanceof Refusal && error.status === 404)) throw error;
    known.replaceChildren(alertBox("info", t("payee.none"), t("payee.none.text")));
  }
}

// Nine digits of which the last one checks the others (ABA).
const isRouting = (digits) => /^\d{9}$/.test(digits) && [...digits].reduce((sum, digit, place) => sum + digit * [3, 7, 1][place % 3], 0) % 10 === 0;

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const payee = Object.fromEntries(["holder", "routing", "account", "kind"].map((name) => [name, form.elements[name].value.trim()]));
  const faults = {};
  if (payee.holder.length < 1 || payee.holder.length > 60) faults.holder = () => t("payee.holder.fault");
  if (!isRouting(payee.routing)) faults.routing = () => t("payee.routing.fault");
  if (!/^\d{4,17}$/.test(payee.account)) faults.account = () => t("payee.account.fault");
  if (!payee.kind) faults.kind = () => t("payee.kind.fault");
  if (!tell(form, faults)) return;
  const known = document.getElementById("known");
  await submit(form, "payee", async () => {
    await put("/api/payee", payee);
    form.reset();
    await showKnown(known, true);
  });
}
