// The door's API, as this page's session may use it.

import { t } from "./i18n.js";

/** A refusal as the door tells it (RFC 9457). */
export class Refusal extends Error {
  constructor(status, problem, retryAfter) {
    super(problem.detail ?? problem.title ?? String(status));
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** In the reader's words. */
  get text() {
    const reason = { 401: "error.401", 403: "error.403", 413: "error.413", 429: "error.429", 502: "error.503", 503: "error.503", 504: "error.504" }[this.status];
    return reason ? t(reason) : this.message;
  }
}

async function ask(method, path, { body, type = "application/json", key } = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF"] = "1";
  if (key) headers["Idempotency-Key"] = key;
  if (body !== undefined) headers["Content-Type"] = type;
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined || body instanceof Blob ? body : JSON.stringify(body) });
  } catch {
    throw new Refusal(503, { title: t("error.503") });
  }
  const content = answer.headers.get("Content-Type") ?? "";
  const data = content.includes("json") ? await answer.json() : await answer.text();
  if (!answer.ok) throw new Refusal(answer.status, typeof data === "object" ? data : {}, answer.headers.get("Retry-After"));
  return data;
}

export const get = (path) => ask("GET", path);
export const post = (path, body, options) => ask("POST", path, { body, ...options });
export const put = (path, body, options) => ask("PUT", path, { body, ...options });

/** Asks again, ever more seldom, until the answer is yes; in the end it gives up. */
export async function until(ask) {
  for (let wait = 50; !(await ask()) && wait < 10_000; wait *= 2) await new Promise((resolve) => setTimeout(resolve, wait));
}

/** A stream of server-sent events that is taken up again by itself, until the signal. */
export function listen(path, handlers, connection, signal) {
  const silence = 30_000;
  let source;
  let timer;
  let wait = 1_000;

  const alive = () => {
    wait = 1_000;
    connection.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(again, silence);
  };
  const close = () => {
    clearTimeout(timer);
    source?.close();
  };
  // A browser connects again by itself after a broken connection, but not after a refusal, and it does not notice silence.
  const again = () => {
    close();
    connection.textContent = t("live.lost");
    timer = setTimeout(open, wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, 30_000);
  };
  const open = () => {
    close();
    source = new EventSource(path);
    for (const [name, handle] of Object.entries(handlers).filter(([name]) => name !== "opened")) {
      source.addEventListener(name, (message) => {
        alive();
        handle(JSON.parse(message.data));
      });
    }
    source.addEventListener("beat", alive);
    source.addEventListener("open", () => {
      alive();
      handlers.opened?.();
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) again();
    });
    timer = setTimeout(again, silence);
  };
  addEventListener("pagehide", close, { signal });
  addEventListener("pageshow", (event) => {
    if (event.persisted) open();
  }, { signal });
  signal.addEventListener("abort", close);
  open();
}
