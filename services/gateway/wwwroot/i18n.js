// Texts in English and Spanish: one JSON file each. The language changes in place: who shows texts draws them again.

const known = ["en", "es"];
const wanted = stored() ?? navigator.language.slice(0, 2);

export let language = known.includes(wanted) ? wanted : "en";
let texts = await load(language);
document.documentElement.lang = language;

async function load(name) {
  return (await fetch(`/assets/i18n/${name}.json`)).json();
}

function stored() {
  try {
    return localStorage.getItem("language");
  } catch {
    return null; // Storage is shut off; the browser's language decides each time.
  }
}

/** The text of a key, with {names} filled in; the key itself where none is written. */
export function t(key, values) {
  const text = texts[key] ?? key;
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole) : text;
}

export const has = (key) => key in texts;

/** A text that a service has written in both languages. */
export const pick = (text) => text?.[language] ?? text?.en ?? "";

export async function setLanguage(next) {
  texts = await load(next);
  language = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem("language", next);
  } catch {
    // It holds for this page.
  }
}

const locale = () => (language === "es" ? "es-US" : "en-US");
const date = (options, at) => new Intl.DateTimeFormat(locale(), options).format(at);
export const dollars = (amount) => `${new Intl.NumberFormat(locale(), { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(amount)} USD`;
export const number = (value) => new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(value);
export const time = (at) => date({ dateStyle: "medium", timeStyle: "medium" }, new Date(at));
export const clock = (at) => date({ hour: "numeric", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 }, new Date(at));
export const day = (value) => date({ month: "short", day: "numeric", timeZone: "UTC" }, new Date(`${value}T00:00:00Z`));

export function took(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${number(ms / 1000)} s`;
  if (ms < 3_600_000) return `${number(ms / 60_000)} min`;
  return `${number(ms / 3_600_000)} h`;
}
