// Keeps the cards as they are in the mesh now. The server has rendered them already; without this file they are right
// until the next change.

const heartbeat = 10_000; // the server's
const cards = new Map([...document.querySelectorAll("[data-facility]")].map((card) => [card.dataset.facility, card]));
const news = document.getElementById("news");
const lines = new Map();
const connection = document.getElementById("connection");

function button(facility) {
  const form = document.createElement("form");
  form.action = `/apply/${encodeURIComponent(facility)}`;
  const apply = document.createElement("button");
  apply.textContent = "Apply today";
  apply.setAttribute("aria-describedby", `${facility}-name`);
  form.append(apply);
  return form;
}

function full() {
  const text = document.createElement("p");
  text.className = "full";
  text.textContent = "No beds free now";
  return text;
}

function show({ facility, canApply }) {
  const card = cards.get(facility);
  if (!card || card.dataset.canApply === String(canApply)) return;
  const action = card.querySelector(".action");
  const hadFocus = action.contains(document.activeElement);
  action.replaceChildren(canApply ? button(facility) : full());
  card.dataset.canApply = String(canApply);
  if (hadFocus) {
    // A reader of the keyboard stays where he was, on what took the button's place.
    const here = action.querySelector("button, .full");
    if (!canApply) here.tabIndex = -1;
    here.focus({ preventScroll: true });
  }
  const name = card.querySelector("h2").textContent;
  say(facility, canApply ? `${name}: beds are free, you can apply today.` : `${name}: no beds free now.`);
}

// One line a facility, the new one last: when several change at once a screen reader reads each.
function say(facility, text) {
  lines.get(facility)?.remove();
  const line = document.createElement("p");
  line.textContent = text;
  lines.set(facility, line);
  news.append(line);
}

let source;
let watchdog;
let wait = 1_000;

function alive() {
  wait = 1_000;
  connection.textContent = "";
  clearTimeout(watchdog);
  watchdog = setTimeout(again, heartbeat * 2.5);
}

function close() {
  clearTimeout(watchdog);
  source?.close();
}

// A browser connects again by itself after a broken connection, but not after a refusal, and it does not notice silence.
function again() {
  close();
  connection.textContent = "This page is not up to date at the moment. It is trying to connect again.";
  watchdog = setTimeout(open, wait * (0.5 + Math.random()));
  wait = Math.min(wait * 2, 30_000);
}

function open() {
  close();
  source = new EventSource("/stream");
  source.addEventListener("option", (message) => {
    alive();
    show(JSON.parse(message.data));
  });
  source.addEventListener("beat", alive);
  source.addEventListener("open", alive);
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) again();
  });
  watchdog = setTimeout(again, heartbeat * 2.5);
}

// True only where this file runs.
document.getElementById("live").textContent = "This page changes by itself.";
addEventListener("pagehide", close);
addEventListener("pageshow", (event) => {
  if (event.persisted) open();
});
open();
