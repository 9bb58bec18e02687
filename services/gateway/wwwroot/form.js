// Forms that say what is wrong in the reader's words, at the field and in a summary on top.

import { Refusal } from "./api.js";
import { alertBox, h } from "./dom.js";
import { has, t } from "./i18n.js";

export function field(name, label, control, hint) {
  control.id = name;
  control.name = name;
  const described = [hint && `${name}-hint`, `${name}-error`].filter(Boolean).join(" ");
  control.setAttribute("aria-describedby", described);
  return h("div", { class: "usa-form-group", "data-field": name },
    h("label", { class: "usa-label", for: name }, label),
    hint && h("p", { class: "usa-hint", id: `${name}-hint` }, hint),
    h("p", { class: "usa-error-message", id: `${name}-error`, hidden: true }),
    control);
}

export const input = (attributes) => h("input", { class: "usa-input", type: "text", ...attributes });

export const select = (options) => h("select", { class: "usa-select" },
  h("option", { value: "" }, t("form.choose")), options.map((option) => h("option", { value: option.value }, option.text)));

export function radios(name, legend, options) {
  return h("fieldset", { class: "usa-fieldset usa-form-group", "data-field": name },
    h("legend", { class: "usa-legend" }, legend),
    h("p", { class: "usa-error-message", id: `${name}-error`, hidden: true }),
    options.map((option) => h("div", { class: "usa-radio" },
      h("input", { class: "usa-radio__input", type: "radio", id: `${name}-${option.value}`, name, value: option.value, "aria-describedby": `${name}-error` }),
      h("label", { class: "usa-radio__label", for: `${name}-${option.value}` }, option.text))));
}

const told = new WeakMap();
const words = (fault) => (typeof fault === "function" ? fault() : fault);

/** Shows faults by field, each a text or what makes it; returns whether there are none. */
export function tell(form, faults, focus = true) {
  told.set(form, faults);
  form.querySelector(".faults")?.remove();
  for (const group of form.querySelectorAll("[data-field]")) {
    const fault = faults[group.dataset.field];
    const line = group.querySelector(".usa-error-message");
    line.textContent = words(fault) ?? "";
    line.hidden = !fault;
    group.classList.toggle("usa-form-group--error", Boolean(fault));
    for (const control of group.querySelectorAll("input, select")) {
      control.toggleAttribute("aria-invalid", Boolean(fault));
      if (fault) control.setAttribute("aria-invalid", "true");
      if (control.classList.contains("usa-input")) control.classList.toggle("usa-input--error", Boolean(fault));
    }
  }
  const names = Object.keys(faults);
  if (names.length === 0) return true;
  const box = alertBox("error", t("form.faults"), h("ul", { class: "usa-list" }, names.map((name) => {
    const control = form.querySelector(`[data-field="${name}"] :is(input, select)`);
    return h("li", null, control ? h("a", { class: "usa-link", href: `#${control.id}`, onclick: (event) => { event.preventDefault(); control.focus(); } }, words(faults[name])) : words(faults[name]));
  })));
  box.classList.add("faults");
  box.tabIndex = -1;
  form.prepend(box);
  if (focus) box.focus();
  return false;
}

/** What the service found wrong: in the reader's language where we have a text for the field, else as it says. */
export function faultsOf(refusal, prefix) {
  const faults = {};
  for (const [name, texts] of Object.entries(refusal.problem.errors ?? {})) faults[name] = has(`${prefix}.${name}.fault`) ? () => t(`${prefix}.${name}.fault`) : [texts].flat().join(" ");
  return Object.keys(faults).length > 0 ? faults : { "": () => refusal.text };
}

/** What is in the forms of a page: typed, chosen, and found wrong. */
export const keep = (place) => [...place.querySelectorAll("form")].map((form) => ({
  faults: told.get(form),
  controls: [...form.elements].filter((one) => one.name || one.id).map(({ id, value, checked, files }) => ({ id, value, checked, files })),
}));

/** The same in the same forms drawn again. */
export function restore(place, kept) {
  [...place.querySelectorAll("form")].forEach((form, index) => {
    for (const old of kept[index]?.controls ?? []) {
      const control = old.id && form.querySelector(`#${CSS.escape(old.id)}`);
      if (!control) continue;
      if (control.type === "file") control.files = old.files;
      else if (control.type === "radio" || control.type === "checkbox") control.checked = old.checked;
      else control.value = old.value;
    }
    const faults = kept[index]?.faults;
    if (faults && Object.keys(faults).length > 0) tell(form, faults, false);
  });
}

/** Runs while the button waits; a refusal is shown. */
export async function submit(form, prefix, work) {
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    tell(form, faultsOf(error, prefix));
    return undefined;
  } finally {
    button.disabled = false;
  }
}
