'use strict';
// What the helper asks of the sidecar: state, and that an event is published.
const PUBSUB = 'pubsub';
const STORE = 'statestore';
const JSON_TYPE = 'application/json';

/** The sidecar answered, and did not do it. */
class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

class Sidecar {
  #base = process.env.DAPR_HTTP_ENDPOINT || `http://127.0.0.1:${process.env.DAPR_HTTP_PORT || 3500}`;

  /** The value and its etag; both undefined where there is none. */
  async get(key) {
    const { text, etag } = await this.call('GET', `/v1.0/state/${STORE}/${encodeURIComponent(key)}`);
    return text ? { value: JSON.parse(text), etag } : {};
  }

  /** Writes what nobody else has written meanwhile: without an etag nothing may be there. False where somebody was first. */
  async save(key, value, etag, seconds) {
    try {
      await this.call('POST', `/v1.0/state/${STORE}`, JSON.stringify([entry(key, { value, etag, first: true, seconds })]), JSON_TYPE);
      return true;
    } catch (error) {
      if (error instanceof Refused && error.status === 409) return false;
      throw error;
    }
  }

  /** All of them or none. */
  transact(operations) {
    return this.call('POST', `/v1.0/state/${STORE}/transaction`, JSON.stringify({ operations }), JSON_TYPE);
  }

  delete(key, etag) {
    return this.call('DELETE', `/v1.0/state/${STORE}/${encodeURIComponent(key)}`, undefined, undefined, { 'if-match': etag });
  }

  publish(event) {
    return this.call('POST', `/v1.0/publish/${PUBSUB}/${encodeURIComponent(event.topic)}`, JSON.stringify(event), 'application/cloudevents+json');
  }

  async call(method, place, body, type, more = {}) {
    const headers = { ...more };
    if (process.env.DAPR_API_TOKEN) headers['dapr-api-token'] = process.env.DAPR_API_TOKEN;
    if (type) headers['content-type'] = type;
    const answer = await fetch(this.#base + place, { method, headers, body, signal: AbortSignal.timeout(20_000) });
    const text = await answer.text();
    if (!answer.ok) throw new Refused(`${method} ${place.split('?')[0]}: ${answer.status} ${problem(text)}`, answer.status);
    return { text, etag: answer.headers.get('etag') ?? undefined };
  }
}

/** An item as the state API takes it. */
function entry(key, { value, etag, first, seconds }) {
  return {
    key,
    value,
    etag,
    ...(etag || first ? { options: { concurrency: 'first-write' } } : {}),
    ...(seconds ? { metadata: { ttlInSeconds: String(seconds) } } : {}),
  };
}

function problem(text) {
  try {
    return JSON.parse(text).message ?? '';
  } catch {
    return '';
  }
}

module.exports = { PUBSUB, Refused, Sidecar, entry };
