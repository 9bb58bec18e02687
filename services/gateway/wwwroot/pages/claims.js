import { get, listen } from "../api.js";
import { alertBox, announce, h } from "../dom.js";
import { dollars, pick, t, time, took } from "../i18n.js";

const cards = new Map();
const bad = ["denied", "payment-failed"];
let list;

export async function show(main) {
  const connection = h("p", { class: "connection", role: "status" });
  list = h("div", { id: "claims" });
  const filed = new URLSearchParams(location.search).get("filed");
  main.append(...[h("h1", null, t("claims.title")), h("p", { class: "lead" }, t("claims.lead")), filed && alertBox("success", t("claims.filed"), t("claims.filed.text")), connection, list].filter(Boolean));
  // Listened to before it is read, so that nothing falls between.
  listen("/api/stream", { claim: (claim) => refresh(claim.claimId), opened: readAll }, connection);
  await readAll();
}

async function readAll() {
  const claims = await get("/api/claims");
  for (const claim of [...claims].sort((a, b) => (begun(a) < begun(b) ? -1 : 1))) put(claim);
  if (cards.size === 0) list.replaceChildren(h("p", { id: "none" }, t("claims.none"), " ", h("a", { href: "/claim" }, t("nav.claim"))));
}

const begun = (claim) => claim.steps[0]?.at ?? "";

async function refresh(claimId) {
  put(await get(`/api/claims/${encodeURIComponent(claimId)}`));
}

const label = (claim) => (claim.status === "paid" ? t("status.paid", { amount: dollars(claim.amount ?? 600) }) : t(`status.${claim.status}`));

function put(claim) {
  const before = cards.get(claim.claimId);
  // Answers may overtake each other; steps only grow.
  if (before && before.claim.steps.length > claim.steps.length) return;
  const element = card(claim);
  list.querySelector("#none")?.remove();
  if (before) before.element.replaceWith(element);
  else list.prepend(element);
  cards.set(claim.claimId, { claim, element });
  if (before && before.claim.status !== claim.status) announce(t("claims.changed", { status: label(claim) }));
}

function card(claim) {
  return h("article", { class: "claim", "data-claim": claim.claimId, "data-status": claim.status, "aria-labelledby": `${claim.claimId}-name` },
    h("header", null,
      h("h2", { id: `${claim.claimId}-name` }, t("claims.of", { time: time(begun(claim)) })),
      h("span", { class: "status", "data-status": claim.status }, label(claim))),
    h("p", { class: "muted" }, t("claims.number", { id: claim.claimId })),
    claim.explanation && h("p", { class: "explanation" }, pick(claim.explanation), claim.rule && h("span", { class: "muted" }, ` (${t("claims.rule", { rule: claim.rule })})`)),
    h("ol", { class: "steps" }, claim.steps.map((step) => h("li", { class: bad.includes(step.name) && "bad", "data-step": step.name },
      t(`step.${step.name}`), h("span", null, step.name === "submitted" ? time(step.at) : t("claims.after", { took: took(step.ms) }))))));
}
