import { get, listen, until } from "../api.js";
import { alertBox, announce, h } from "../dom.js";
import { clock, dollars, pick, t, time, took } from "../i18n.js";

const bad = ["denied", "payment-failed"];
const ways = { submitted: ["decision", "payment"], approved: ["payment"] };
let cards;
let list;
let mayCorrect;

export async function show(main, { who, signal }) {
  cards = new Map();
  mayCorrect = who.scopes.includes("payee.write");
  const connection = h("p", { class: "connection", role: "status" });
  list = h("div", { id: "claims" });
  const filed = new URLSearchParams(location.search).get("filed");
  main.append(...[h("h1", null, t("claims.title")), h("p", { class: "lead" }, t("claims.lead")), filed && alertBox("success", t("claims.filed"), t("claims.filed.text")), connection, list].filter(Boolean));
  // Listened to before it is read, so that nothing falls between.
  listen("/api/stream", { claim: refresh, opened: readAll }, connection, signal);
  await readAll();
}

async function readAll() {
  const claims = await get("/api/claims");
  for (const claim of [...claims].sort((a, b) => (begun(a) < begun(b) ? -1 : 1))) put(claim);
  if (cards.size === 0) list.replaceChildren(h("p", { id: "none" }, t("claims.none"), " ", h("a", { class: "usa-link", href: "/claim" }, t("nav.claim"))));
}

const begun = (claim) => claim.steps[0]?.at ?? "";

// Who tells of a step may know it before the service that keeps the claim.
const refresh = ({ claimId, status }) => until(async () => {
  const claim = await get(`/api/claims/${encodeURIComponent(claimId)}`);
  put(claim);
  return claim.steps.some((step) => step.name === status);
});

// A payment that failed came back, or, where it was never sent, was not made.
const nameOf = (name, steps) => (name === "payment-failed" && !steps.some((one) => one.name === "paid") ? "payment-refused" : name);

const label = (claim) => (claim.status === "paid" ? t("status.paid", { amount: dollars(claim.amount ?? 600) }) : t(`status.${nameOf(claim.status, claim.steps)}`));

function put(claim) {
  const before = cards.get(claim.claimId);
  // Answers may overtake each other; steps only grow.
  if (before && before.claim.steps.length >= claim.steps.length) return;
  const element = card(claim);
  list.querySelector("#none")?.remove();
  if (before) before.element.replaceWith(element);
  else list.prepend(element);
  cards.set(claim.claimId, { claim, element });
  if (before && before.claim.status !== claim.status) announce(t("claims.changed", { status: label(claim) }));
}

function card(claim) {
  return h("article", { class: "claim", "data-claim": claim.claimId, "data-status": claim.status, "aria-labelledby": `${claim.claimId}-name` },
    h("div", { class: "claim-head" },
      h("div", null,
        h("h2", { id: `${claim.claimId}-name` }, t("claims.of", { time: time(begun(claim)) })),
        h("p", { class: "muted small" }, t("claims.number", { id: claim.claimId }))),
      h("span", { class: "status", "data-status": claim.status }, label(claim))),
    claim.explanation && h("p", { class: "explanation" }, pick(claim.explanation), claim.rule && !isOfPayment(claim) && h("span", { class: "muted" }, ` (${t("claims.rule", { rule: claim.rule })})`)),
    claim.status === "payment-failed" && mayCorrect && h("p", { class: "action" }, h("a", { class: "usa-button", href: "/payee" }, t("claims.correct"))),
    claim.document && h("p", null, h("a", { class: "usa-link", href: claim.document, download: true }, t("claims.document"))),
    h("div", { class: "usa-step-indicator usa-step-indicator--counters-sm timeline" },
      h("ol", { class: "usa-step-indicator__segments" }, claim.steps.map(step), (ways[claim.status] ?? []).map(waiting))));
}

// What payments told explains itself; the rule is that of the decision.
const isOfPayment = (claim) => ["paid", "payment-failed"].includes(claim.status);

function step({ name, at, ms }, index, steps) {
  const own = index === 0 ? 0 : ms - steps[index - 1].ms;
  return h("li", { class: `usa-step-indicator__segment usa-step-indicator__segment--complete${bad.includes(name) ? " bad" : ""}`, "data-step": name },
    h("span", { class: "usa-step-indicator__segment-label" },
      h("strong", null, t(`step.${nameOf(name, steps)}`)),
      h("time", { datetime: at }, clock(at)),
      index > 0 && h("span", { class: "took" }, t("claims.took", { took: took(own) })),
      index > 1 && h("span", { class: "took" }, t("claims.after", { took: took(ms) }))));
}

const waiting = (name, index) => h("li", { class: `usa-step-indicator__segment${index === 0 ? " usa-step-indicator__segment--current" : ""}`, "aria-current": index === 0 && "step" },
  h("span", { class: "usa-step-indicator__segment-label" }, h("strong", null, t(`step.${name}`)), h("span", { class: "took" }, t(index === 0 ? "claims.underway" : "claims.later"))));
