import { get, listen } from "../api.js";
import { h } from "../dom.js";
import { pick, t, time } from "../i18n.js";

export async function show(main, { signal }) {
  const list = h("div", { id: "messages" });
  const connection = h("p", { class: "connection", role: "status" });
  main.append(h("h1", null, t("messages.title")), h("p", { class: "lead" }, t("messages.lead")), connection, list);
  let later;
  const again = () => {
    clearTimeout(later);
    // The mail is written after the claim has changed.
    later = setTimeout(() => read(list), 500);
  };
  await read(list);
  listen("/api/stream", { claim: again, opened: again }, connection, signal);
  signal.addEventListener("abort", () => clearTimeout(later));
}

async function read(list) {
  const messages = await get("/api/messages");
  list.replaceChildren(...(messages.length === 0
    ? [h("p", null, t("messages.none"))]
    : [...messages].sort((a, b) => (a.at < b.at ? 1 : -1)).map((message) => h("article", { class: "message", "data-kind": message.kind },
      h("h2", null, t(`message.${message.kind}`)),
      h("p", { class: "muted" }, `${time(message.at)} · ${t("claims.number", { id: message.claimId })}`),
      h("p", null, pick(message.text))))));
}
