// Texts in English and Spanish: one JSON file each.

const known = ["en", "es"];
const wanted = localStorage.getItem("language") ?? navigator.language.slice(0, 2);
export const language = known.includes(wanted) ? wanted : "en";

const texts = await (await fetch(`/assets/i18n/${language}.json`)).json();

/** The text of a key, with {names} filled in; the key itself where none is written. */
export function t(key, values) {
  const text = texts[key] ?? key;
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole) : text;
}

export const has = (key) => key in texts;

/** A text that a service has written in both languages. */
export const pick = (text) => text?.[language] ?? text?.en ?? "";

export function setLanguage(next) {
  localStorage.setItem("language", next);
  location.reload();
}

const locale = language === "es" ? "es-US" : "en-US";
export const dollars = (amount) => `${new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(amount)} USD`;
export const number = (value) => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value);
export const time = (at) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(at));
export const day = (date) => new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));

export function took(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${number(ms / 1000)} s`;
  if (ms < 3_600_000) return `${number(ms / 60_000)} min`;
  return `${number(ms / 3_600_000)} h`;
}
