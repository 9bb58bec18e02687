// Shows the page that the address names, to whoever is signed in.

import { get, post, Refusal } from "./api.js";
import { alertBox, h } from "./dom.js";
import { language, setLanguage, t } from "./i18n.js";

const pages = [
  { path: "/", file: "home", text: "nav.home" },
  { path: "/claim", file: "claim", text: "nav.claim", scope: "claims.write" },
  { path: "/claims", file: "claims", text: "nav.claims", scope: "claims.read" },
  { path: "/payee", file: "payee", text: "nav.payee", scope: "payee.write" },
  { path: "/messages", file: "messages", text: "nav.messages", scope: "messages.read" },
  { path: "/metrics", file: "metrics", text: "nav.metrics", scope: "audit.read" },
  { path: "/payments", file: "payments", text: "nav.payments", scope: "payments.operate" },
  { path: "/afrh", file: "afrh", text: "nav.afrh" },
];

const main = document.getElementById("main");
document.documentElement.lang = language;
for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
document.getElementById("nav").setAttribute("aria-label", t("nav.label"));

const page = pages.find((one) => one.path === location.pathname);
const back = encodeURIComponent(location.pathname + location.search);

async function session() {
  try {
    return await get("/api/session");
  } catch (error) {
    main.append(alertBox("error", t("error.heading"), error instanceof Refusal ? error.text : String(error)));
    return { signedIn: false, scopes: [], roles: [] };
  }
}

function tools(who) {
  const other = language === "en" ? "es" : "en";
  const switcher = h("button", { type: "button", lang: other, onclick: () => setLanguage(other) }, other === "es" ? "Español" : "English");
  const door = who.signedIn
    ? [h("span", { class: "who" }, t("session.as", { name: who.name })), h("button", { type: "button", id: "sign-out", onclick: signOut }, t("session.out"))]
    : [h("a", { href: `/sign-in?return=${back}`, id: "sign-in" }, t("session.in"))];
  document.getElementById("tools").replaceChildren(switcher, ...door);
}

async function signOut() {
  await post("/sign-out");
  location.assign("/");
}

function navigation(who) {
  const shown = pages.filter((one) => !one.scope || who.scopes.includes(one.scope));
  document.getElementById("nav").replaceChildren(h("ul", null, shown.map((one) =>
    h("li", null, h("a", { href: one.path, "aria-current": one === page && "page" }, t(one.text))))));
}

function title(text) {
  document.title = `${text} - HmsMesh`;
}

async function show() {
  const who = await session();
  tools(who);
  navigation(who);
  if (!page) {
    title(t("missing.title"));
    main.replaceChildren(h("h1", null, t("missing.title")), h("p", null, t("missing.text")), h("p", null, h("a", { href: "/" }, t("nav.home"))));
    return;
  }
  title(t(page.text));
  if (page.scope && !who.scopes.includes(page.scope)) {
    main.replaceChildren(
      h("h1", null, t(page.text)),
      who.signedIn ? alertBox("info", t("denied.title"), t("denied.text")) : alertBox("info", t("signin.title"), t("signin.text")),
      !who.signedIn && h("p", null, h("a", { class: "usa-button", href: `/sign-in?return=${back}` }, t("session.in"))) || "");
    return;
  }
  try {
    const module = await import(`./pages/${page.file}.js`);
    await module.show(main, { who, pages: pages.filter((one) => one !== page && (!one.scope || who.scopes.includes(one.scope))), title });
  } catch (error) {
    if (!main.querySelector("h1")) main.append(h("h1", null, t(page.text)));
    main.append(alertBox("error", t("error.heading"), error instanceof Refusal ? error.text : t("error.503")));
    if (!(error instanceof Refusal)) throw error;
  } finally {
    main.dataset.shown = page.file;
  }
}

await show();
