// Elements by code: text is always text, so nothing that a person or a service wrote can become markup.

export function h(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function s(name, attributes, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

const news = document.getElementById("news");

/** Reads a change out to who does not see it. */
export function announce(text) {
  const line = h("p", null, text);
  news.append(line);
  if (news.childElementCount > 5) news.firstElementChild.remove();
}

export function alertBox(kind, heading, ...body) {
  return h("div", { class: `usa-alert usa-alert--${kind}`, role: kind === "error" ? "alert" : "status" },
    h("div", { class: "usa-alert__body" },
      heading && h("h2", { class: "usa-alert__heading" }, heading),
      body.map((part) => (typeof part === "string" ? h("p", { class: "usa-alert__text" }, part) : part))));
}

// What has not changed is not drawn again: a reader keeps his place in it. Who is on a control that is drawn again (`data-act`) stays on it.
const shown = new WeakMap();

export function redraw(place, data, draw) {
  const text = JSON.stringify(data);
  if (shown.get(place) === text) return;
  shown.set(place, text);
  const act = place.contains(document.activeElement) && document.activeElement.dataset.act;
  place.replaceChildren(draw());
  if (act) place.querySelector(`[data-act="${CSS.escape(act)}"]`)?.focus();
}

/** Asks before something that cannot be taken back; says whether it is wanted. */
export function confirm(place, heading, text, yes, no) {
  return new Promise((resolve) => {
    const answer = (value) => () => dialog.close(value);
    const dialog = h("dialog", { class: "confirm", "aria-labelledby": "confirm-heading", "aria-describedby": "confirm-text" },
      h("h2", { id: "confirm-heading" }, heading),
      h("p", { id: "confirm-text" }, text),
      h("div", { class: "row" },
        h("button", { class: "usa-button", type: "button", onclick: answer("yes") }, yes),
        h("button", { class: "usa-button usa-button--outline", type: "button", autofocus: true, onclick: answer("") }, no)));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    place.append(dialog);
    dialog.showModal();
  });
}

/** A table that can be scrolled by keyboard where it is wider than the screen. */
export function table(caption, heads, rows) {
  return h("div", { class: "scroll usa-table-container--scrollable", tabindex: "0", role: "region", "aria-label": caption },
    h("table", { class: "usa-table usa-table--borderless usa-table--striped" },
      h("caption", { class: "sr-only" }, caption),
      h("thead", null, h("tr", null, heads.map((head) => h("th", { scope: "col", class: head.num && "num" }, head.text)))),
      h("tbody", null, rows.map((row) => h("tr", null, row.map((cell, column) => column === 0
        ? h("th", { scope: "row", class: heads[0].num && "num" }, cell)
        : h("td", { class: heads[column].num && "num" }, cell)))))));
}
