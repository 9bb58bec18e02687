import { get, listen, post, Refusal } from "../api.js";
import { alertBox, announce, h, table } from "../dom.js";
import { t } from "../i18n.js";

let cards;

export async function show(main, { who, title, signal }) {
  cards = new Map();
  const options = await get("/api/afrh/options");
  const wanted = options.find((option) => option.facility === new URLSearchParams(location.search).get("apply"));
  if (wanted) {
    title(wanted.name);
    main.append(...apply(wanted));
    return;
  }
  const connection = h("p", { class: "connection", role: "status" });
  main.append(h("h1", null, t("afrh.title")), h("p", { class: "lead" }, t("afrh.lead")), connection,
    h("ul", { class: "cards" }, options.map((option) => {
      const card = h("li", { class: "card", "data-facility": option.facility, "data-can-apply": String(option.canApply) },
        h("h2", { id: `${option.facility}-name` }, option.name),
        h("p", { class: "muted place" }, option.place),
        h("p", null, option.about),
        h("div", { class: "action" }, action(option)));
      cards.set(option.facility, card);
      return card;
    })));
  listen("/api/afrh/stream", { option: turn, capacity: turn }, connection, signal);
  if (who.scopes.includes("capacity.write")) await operate(main);
}

function action({ facility, canApply }) {
  return canApply
    ? h("a", { class: "usa-button", href: `/afrh?apply=${encodeURIComponent(facility)}`, "aria-describedby": `${facility}-name` }, t("afrh.apply"))
    : h("p", { class: "full" }, t("afrh.full"));
}

function turn({ facility, canApply }) {
  const card = cards.get(facility);
  if (!card || card.dataset.canApply === String(canApply)) return;
  const place = card.querySelector(".action");
  const hadFocus = place.contains(document.activeElement);
  place.replaceChildren(action({ facility, canApply }));
  card.dataset.canApply = String(canApply);
  if (hadFocus) {
    // A reader of the keyboard stays where he was, on what took the button's place.
    const here = place.firstElementChild;
    if (!canApply) here.tabIndex = -1;
    here.focus({ preventScroll: true });
  }
  announce(t(canApply ? "afrh.news.free" : "afrh.news.full", { name: card.querySelector("h2").textContent }));
}

function apply(option) {
  return option.canApply
    ? [
      h("h1", null, t("afrh.applyTo", { name: option.name })),
      h("p", { class: "lead" }, t("afrh.isFree", { name: option.name })),
      h("p", null, t("afrh.how")),
      h("ol", null, [1, 2, 3].map((step) => h("li", null, t(`afrh.how.${step}`)))),
      h("p", null, h("a", { class: "usa-link", href: "/afrh" }, t("afrh.all"))),
    ]
    : [h("h1", null, t("afrh.noneAt", { name: option.name })), h("p", null, t("afrh.sorry")), h("p", null, h("a", { class: "usa-link", href: "/afrh" }, t("afrh.all")))];
}

/** For who runs the homes: each dormitory with its switch. */
async function operate(main) {
  const place = h("div", null, h("h2", null, t("dorm.title")));
  const problem = h("div");
  const rows = h("div");
  place.append(problem, rows);
  main.append(place);
  const read = async () => {
    const dormitories = await get("/api/capacity/dormitories");
    rows.replaceChildren(table(t("dorm.title"),
      [{ text: t("dorm.name") }, { text: t("dorm.facility") }, { text: t("dorm.beds"), num: true }, { text: t("dorm.residents"), num: true }, { text: t("dorm.state") }, { text: t("dorm.change") }],
      dormitories.map((one) => [one.name, one.facility, String(one.beds), String(one.residents), t(one.closed ? "dorm.closed" : "dorm.open"),
        h("button", { class: "usa-button usa-button--outline", type: "button", "data-dormitory": one.id, onclick: () => change(one) },
          t(one.closed ? "dorm.reopen" : "dorm.close"), h("span", { class: "sr-only" }, ` ${one.name}`))])));
  };
  const change = async (one) => {
    problem.replaceChildren();
    try {
      await post(`/api/capacity/dormitories/${encodeURIComponent(one.id)}/${one.closed ? "reopen" : "close"}`, undefined, { key: crypto.randomUUID() });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problem.replaceChildren(alertBox("error", t("error.heading"), error.text));
    }
    await read();
    rows.querySelector(`[data-dormitory="${CSS.escape(one.id)}"]`)?.focus();
  };
  await read();
}
