import { alertBox, h } from "../dom.js";
import { t } from "../i18n.js";

export function show(main, { who, pages, title }) {
  title(t("home.title"));
  const refused = new URLSearchParams(location.search).get("sign-in") === "refused";
  main.append(...[
    refused && alertBox("error", t("signin.refused"), t("signin.refused.text")),
    h("h1", null, t("home.title")),
    h("p", { class: "lead" }, t("home.lead")),
    !who.signedIn && h("p", null, h("a", { class: "usa-button", href: "/sign-in?return=/" }, t("session.in"))),
    !who.signedIn && h("p", { class: "muted" }, t("home.accounts")),
    h("h2", null, t("home.can")),
    h("ul", { class: "cards" }, pages.map((page) => h("li", { class: "card" },
      h("h3", null, h("a", { href: page.path }, t(page.text))),
      h("p", null, t(`${page.text}.about`))))),
  ].filter(Boolean));
}
