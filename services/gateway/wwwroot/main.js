// Shows the page that the address names, to whoever is signed in.

import { get, post, Refusal } from "./api.js";
import { alertBox, h } from "./dom.js";
import { keep, restore } from "./form.js";
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
  { path: "/api-docs", file: "api-docs", text: "nav.api", aside: true },
];

const main = document.getElementById("main");
const page = pages.find((one) => one.path === location.pathname);
const back = encodeURIComponent(location.pathname + location.search);
let who = { signedIn: false, scopes: [], roles: [] };
let leave = new AbortController();

let touched = true;

const signIn = () => `/sign-in?return=${back}&ui_locales=${language}`;
const may = (one) => !one.scope || who.scopes.includes(one.scope);

function frame() {
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  document.getElementById("nav").setAttribute("aria-label", t("nav.label"));
  document.getElementById("banner").setAttribute("aria-label", t("banner.label"));
}

function tools() {
  const other = language === "en" ? "es" : "en";
  document.getElementById("tools").replaceChildren(
    who.signedIn ? h("span", { class: "who" }, t("session.as", { name: who.name })) : "",
    h("button", { type: "button", id: "language", class: "tool", lang: other, onclick: () => turn(other) }, other === "es" ? "Español" : "English"),
    who.signedIn
      ? h("button", { type: "button", id: "sign-out", class: "tool", onclick: signOut }, t("session.out"))
      : h("a", { href: signIn(), id: "sign-in", class: "tool strong" }, t("session.in")));
}

function navigation() {
  document.getElementById("nav").replaceChildren(h("ul", null, pages.filter((one) => may(one) && !one.aside).map((one) =>
    h("li", null, h("a", { href: one.path, "aria-current": one === page && "page" }, t(one.text))))));
}

async function signOut() {
  await post("/sign-out");
  location.assign("/");
}

/** The other language, in place: what was typed stays, and so does the reader. */
async function turn(next) {
  const kept = keep(main);
  await setLanguage(next);
  const fresh = h("div");
  await show(fresh);
  main.replaceChildren(...fresh.childNodes);
  restore(main, kept);
  document.getElementById("language").focus();
}

function title(text) {
  document.title = `${text} - HmsMesh`;
}

async function show(place) {
  leave.abort();
  leave = new AbortController();
  frame();
  tools();
  navigation();
  if (!page) {
    title(t("missing.title"));
    place.append(h("h1", null, t("missing.title")), h("p", null, t("missing.text")), h("p", null, h("a", { class: "usa-link", href: "/" }, t("nav.home"))));
    return;
  }
  title(t(page.text));
  if (!may(page)) {
    place.append(h("h1", null, t(page.text)), alertBox("info", t(who.signedIn ? "denied.title" : "signin.title"), t(who.signedIn ? "denied.text" : "signin.text")));
    if (!who.signedIn) place.append(h("p", null, h("a", { class: "usa-button", href: signIn() }, t("session.in"))));
    return;
  }
  try {
    const module = await import(`./pages/${page.file}.js`);
    await module.show(place, { who, pages: pages.filter((one) => one !== page && may(one)), title, signal: leave.signal, signIn: signIn() });
  } catch (error) {
    if (!place.querySelector("h1")) place.append(h("h1", null, t(page.text)));
    place.append(alertBox("error", t("error.heading"), error instanceof Refusal ? error.text : t("error.503")));
    if (!(error instanceof Refusal)) throw error;
  }
}

/** Keeps the session's tokens ready for a form that takes long. A page that nobody touches does not keep him signed in. */
async function stay() {
  if (!who.signedIn || document.visibilityState !== "visible") return;
  const before = touched;
  touched = false;
  try {
    await get(before ? "/api/session" : "/api/session?idle=true");
  } catch {
    touched ||= before;
  }
}

for (const kind of ["input", "keydown", "pointerdown"]) addEventListener(kind, () => { touched = true; }, { capture: true, passive: true });
document.addEventListener("visibilitychange", stay);
setInterval(stay, 120_000);

try {
  who = await get("/api/session");
} catch (error) {
  main.append(alertBox("error", t("error.heading"), error instanceof Refusal ? error.text : String(error)));
}

try {
  await show(main);
} finally {
  main.dataset.shown = page?.file ?? "missing";
}
