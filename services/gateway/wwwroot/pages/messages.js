import { get, listen, until } from "../api.js";
import { h } from "../dom.js";
import { pick, t, time } from "../i18n.js";

const kinds = { denied: "claim-denied", paid: "payment-sent" };

export async function show(main, { signal }) {
  const list = h("div", { id: "messages" });
  const connection = h("p", { class: "connection", role: "status" });
  main.append(h("h1", null, t("messages.title")), h("p", { class: "lead" }, t("messages.lead")), connection, list);
  await read(list);
  // The mail is written after the claim has changed.
  const again = ({ claimId, status }) => kinds[status] && until(async () =>
    (await read(list)).some((message) => message.claimId === claimId && message.kind === kinds[status]));
  listen("/api/stream", { claim: again }, connection, signal);
}

async function read(list) {
  const messages = await get("/api/messages");
  list.replaceChildren(...(messages.length === 0
    ? [h("p", null, t("messages.none"))]
    : [...messages].sort((a, b) => (a.at < b.at ? 1 : -1)).map((message) => h("article", { class: "message", "data-kind": message.kind },
      h("h2", null, t(`message.${message.kind}`)),
      h("p", { class: "muted" }, `${time(message.at)} · ${t("claims.number", { id: message.claimId })}`),
      h("p", null, pick(message.text))))));
  return messages;
}
