import { alertBox, h } from "../dom.js";
import { t } from "../i18n.js";

const accounts = [["diego, amara, chen", "citizen"], ["grace", "veteran"], ["pat", "payments"], ["ada", "auditor"], ["cole", "operator"]];

export function show(main, { who, pages, title, signIn }) {
  title(t("home.title"));
  const refused = new URLSearchParams(location.search).get("sign-in") === "refused";
  main.append(...[
    refused && alertBox("error", t("signin.refused"), t("signin.refused.text")),
    h("section", { class: "hero", "aria-labelledby": "home-title" },
      h("h1", { id: "home-title" }, t("home.title")),
      h("p", null, t("home.lead")),
      h("p", { class: "row" }, who.scopes.includes("claims.write")
        ? [h("a", { class: "usa-button", href: "/claim" }, t("nav.claim")), h("a", { class: "usa-button usa-button--outline usa-button--inverse", href: "/claims" }, t("nav.claims"))]
        : !who.signedIn && h("a", { class: "usa-button", href: signIn }, t("session.in")))),
    h("h2", null, t("home.can")),
    h("ul", { class: "cards" }, pages.map((page) => h("li", { class: "card" },
      h("h3", null, h("a", { class: "usa-link", href: page.path }, t(page.text))),
      h("p", null, t(`${page.text}.about`))))),
    !who.signedIn && h("section", { class: "accounts", "aria-labelledby": "accounts-title" },
      h("h2", { id: "accounts-title" }, t("home.accounts")),
      h("p", null, t("home.password"), " ", h("code", null, "./mesh token password")),
      h("dl", null, accounts.map(([names, kind]) => h("div", null, h("dt", null, names), h("dd", null, t(`home.account.${kind}`)))))),
  ].filter(Boolean));
}
