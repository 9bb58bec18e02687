import { post, Refusal } from "../api.js";
import { h } from "../dom.js";
import { field, input, radios, select, submit, tell } from "../form.js";
import { has, t } from "../i18n.js";

const yesNo = () => [{ value: "yes", text: t("form.yes") }, { value: "no", text: t("form.no") }];
const kinds = ["application/pdf", "image/png", "image/jpeg"];
const mostBytes = 10 * 1024 * 1024;

// One form is one claim, however often its button is pressed.
let key = crypto.randomUUID();
let fileKey = crypto.randomUUID();
let stored;

export function show(main) {
  const today = new Date().toISOString().slice(0, 10);
  const form = h("form", { class: "form usa-form", novalidate: true, onsubmit: send },
    field("employer", t("claim.employer"), input({ maxlength: 80, autocomplete: "organization" })),
    field("lastDay", t("claim.lastDay"), input({ type: "date", max: today })),
    field("reason", t("claim.reason"), select(["laid-off", "hours-reduced", "quit", "misconduct"].map((value) => ({ value, text: t(`reason.${value}`) })))),
    field("weeksWorked", t("claim.weeksWorked"), input({ inputmode: "numeric", maxlength: 3 }), t("claim.weeksWorked.hint")),
    field("weeklyIncome", t("claim.weeklyIncome"), input({ inputmode: "decimal", maxlength: 12 }), t("claim.weeklyIncome.hint")),
    radios("ableToWork", t("claim.ableToWork"), yesNo()),
    radios("veteran", t("claim.veteran"), yesNo()),
    field("document", t("claim.document"), h("input", { class: "usa-file-input", type: "file", accept: kinds.join(",") }), t("claim.document.hint")),
    h("p", { class: "usa-form-group" }, h("button", { class: "usa-button", type: "submit" }, t("claim.send"))));
  form.addEventListener("input", () => (key = crypto.randomUUID()));
  const status = h("p", { class: "usa-hint", id: "document-status", role: "status" });
  form.querySelector("[data-field=document]").append(status);
  form.elements.document.addEventListener("change", () => {
    stored = undefined;
    fileKey = crypto.randomUUID();
    status.textContent = "";
  });
  main.append(h("h1", null, t("claim.title")), h("p", { class: "lead" }, t("claim.lead")), form);
}

function read(form) {
  const value = (name) => form.elements[name].value.trim();
  const faults = {};
  const claim = {
    employer: value("employer"),
    lastDay: value("lastDay"),
    reason: value("reason"),
    weeksWorked: Number(value("weeksWorked")),
    weeklyIncome: Number(value("weeklyIncome")),
    ableToWork: value("ableToWork") === "yes",
    veteran: value("veteran") === "yes",
  };
  const check = (name, good) => {
    if (!good) faults[name] = () => t(`claim.${name}.fault`);
  };
  check("employer", claim.employer.length >= 1 && claim.employer.length <= 80);
  check("lastDay", /^\d{4}-\d{2}-\d{2}$/.test(claim.lastDay));
  check("reason", claim.reason);
  check("weeksWorked", /^\d{1,3}$/.test(value("weeksWorked")) && claim.weeksWorked <= 520);
  check("weeklyIncome", /^\d{1,9}(\.\d{1,2})?$/.test(value("weeklyIncome")));
  check("ableToWork", value("ableToWork"));
  check("veteran", value("veteran"));
  const file = form.elements.document.files[0];
  check("document", !file || (file.size > 0 && file.size <= mostBytes && kinds.includes(file.type)));
  return { claim, file, faults };
}

/** Sends the file, once for as often as the form is sent. What is wrong with it is told at its field. */
async function attach(form, file) {
  const status = form.querySelector("#document-status");
  status.textContent = t("claim.document.sending");
  try {
    stored ??= await post("/api/documents", file, { type: file.type, key: fileKey });
    status.textContent = t("claim.document.stored");
    return stored.url;
  } catch (error) {
    status.textContent = "";
    const text = `claim.document.${error.status}`;
    if (!(error instanceof Refusal) || !has(text)) throw error;
    tell(form, { document: () => t(text) });
    return undefined;
  }
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const { claim, file, faults } = read(form);
  if (!tell(form, faults)) return;
  const filed = await submit(form, "claim", async () => {
    if (file && !(claim.document = await attach(form, file))) return undefined;
    return post("/api/claims", claim, { key });
  });
  if (filed) location.assign(`/claims?filed=${encodeURIComponent(filed.claimId)}`);
}
