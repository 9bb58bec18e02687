'use strict';
// Each event once in effect. An event's row in the state store is first a claim, which one delivery alone can write and which passes by
// itself; then, in one transaction with all that the handler saved, the note that it was handled, with the events that are to be said.
const { createHash, randomUUID } = require('node:crypto');
const { setTimeout: pause } = require('node:timers/promises');
const { Refused, entry } = require('./sidecar');

// Longer than the broker keeps what it may send again.
const REMEMBERED = 8 * 24 * 3600;
// A claim of an instance that died; who lives renews it. In seconds, as the rest.
const LEASE = 15;
const RENEWED = 5;
// A handler that takes longer loses its claim: the event comes again, and what it saves then counts for nothing.
const LIMIT = 60;
// As long as a delivery waits for another one of the same event; and for another instance to say what it has saved.
const PATIENCE = 20;
const SAYING = 5;
const TRIES = 5;

/** What a handler reads and saves; saved when the handler is done, with the note that it is, or not at all. */
class Work {
  #sidecar;
  #found = new Map();
  #changes = new Map();

  constructor(sidecar) {
    this.#sidecar = sidecar;
  }

  /** The value, or undefined. Where another one changes it before this is saved, the handler runs again. */
  async read(key) {
    own(key);
    if (this.#changes.has(key)) return this.#changes.get(key).value;
    if (!this.#found.has(key)) this.#found.set(key, await this.#sidecar.get(key));
    return this.#found.get(key).value;
  }

  save(key, value, { seconds } = {}) {
    if (value === undefined || value === null) throw new TypeError('nothing cannot be saved; delete takes a value away');
    this.#changes.set(own(key), { value, seconds });
  }

  delete(key) {
    this.#changes.set(own(key), {});
  }

  operations() {
    return [...this.#changes].map(([key, { value, seconds }]) => {
      const etag = this.#found.get(key)?.etag;
      return value === undefined
        ? { operation: 'delete', request: entry(key, { etag }) }
        : { operation: 'upsert', request: entry(key, { value, etag, first: this.#found.has(key), seconds }) };
    });
  }
}

class Inbox {
  #sidecar;
  #log;
  #place;
  #running = new Map();

  constructor(sidecar, log) {
    this.#sidecar = sidecar;
    this.#log = log;
  }

  /** Which instance this is. What an earlier one at its place had claimed is free: that process is dead. */
  start(place) {
    this.#place = place;
  }

  /** Runs it, unless that was done; true where it was. What comes while it runs waits for the same outcome. */
  handle(key, run) {
    const earlier = this.#running.get(key);
    if (earlier) return within(earlier, PATIENCE, 'an earlier delivery is still at it');
    const outcome = this.#take(key, run).finally(() => this.#running.delete(key));
    this.#running.set(key, outcome);
    return outcome;
  }

  async #take(key, run) {
    const { claim, handled } = await this.#claim(key);
    const row = claim ? await this.#run(claim, run) : handled;
    const events = row.say ?? [];
    for (const event of events) await this.#sidecar.publish(event);
    if (events.length > 0) await this.#said(key);
    return !claim && events.length === 0;
  }

  /** A claim of one's own; or, where the event was handled, its row. */
  async #claim(key) {
    const mine = { claimed: randomUUID(), place: this.#place };
    const began = performance.now();
    let row;
    let etag;
    while (performance.now() < began + PATIENCE * 1000) {
      if (row === undefined || row.place === this.#place) await this.#sidecar.save(key, mine, etag, LEASE);
      else await pause(200);
      ({ value: row, etag } = await this.#sidecar.get(key));
      if (row === true) return { handled: row };
      if (row?.say && (row.place === this.#place || performance.now() > began + SAYING * 1000)) return { handled: row };
      if (row?.claimed === mine.claimed) return { claim: { key, value: mine, etag, ends: performance.now() + LIMIT * 1000, turn: Promise.resolve() } };
    }
    throw new Error('another instance is still at it');
  }

  /** The row as it was saved. */
  async #run(claim, run) {
    const renewing = setInterval(() => this.#renew(claim).catch(() => {}), RENEWED * 1000);
    try {
      return await this.#try(claim, run);
    } finally {
      clearInterval(renewing);
    }
  }

  async #try(claim, run) {
    let problem;
    for (let tries = 0; tries < TRIES; tries++) {
      const work = new Work(this.#sidecar);
      let events;
      try {
        events = await run(work);
      } catch (error) {
        await this.#release(claim);
        throw error;
      }
      const row = events.length > 0 ? { say: events, place: this.#place } : true;
      try {
        await inTurn(claim, () => this.#sidecar.transact([
          { operation: 'upsert', request: entry(claim.key, { value: row, etag: claim.etag, seconds: REMEMBERED }) },
          ...work.operations(),
        ]));
        return row;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        problem = error;
      }
      // Somebody else changed what the handler had read; or its own claim has passed, and others may be at it or done.
      if (await this.#renew(claim)) continue;
      const { value } = await this.#sidecar.get(claim.key);
      if (value !== undefined && value.claimed === undefined) return value;
      throw new Error('it took too long, and another delivery took its place');
    }
    await this.#release(claim);
    throw problem;
  }

  /** Writes it anew, so that no transaction with its old etag can follow; false where it is lost. */
  #renew(claim) {
    return inTurn(claim, async () => {
      if (performance.now() > claim.ends || !(await this.#sidecar.save(claim.key, claim.value, claim.etag, LEASE))) return false;
      const { value, etag } = await this.#sidecar.get(claim.key);
      claim.etag = etag;
      return value?.claimed === claim.value.claimed;
    });
  }

  #release(claim) {
    // Where it fails, the claim passes by itself.
    return inTurn(claim, () => this.#sidecar.delete(claim.key, claim.etag)).catch(() => {});
  }

  async #said(key) {
    try {
      const { value, etag } = await this.#sidecar.get(key);
      if (value !== true) await this.#sidecar.save(key, true, etag, REMEMBERED);
    } catch (error) {
      this.#log(`what was said could not be noted, and may be said once more: ${error.message}`);
    }
  }
}

/** One after another: a renewal and a commit each need the etag that the other one leaves. */
function inTurn(claim, work) {
  const turn = claim.turn.then(work);
  claim.turn = turn.catch(() => {});
  return turn;
}

async function within(outcome, seconds, message) {
  const stop = new AbortController();
  const late = pause(seconds * 1000, undefined, { signal: stop.signal, ref: false }).then(() => { throw new Error(message); });
  try {
    return await Promise.race([outcome, late]);
  } finally {
    stop.abort();
    late.catch(() => {});
  }
}

function keyOf(topic, source, id) {
  const key = `inbox/${topic}/${source}/${id}`;
  // A key may hold no ||, and stores have limits.
  return [...key].length <= 250 && !key.includes('||') ? key : `inbox/${topic}/${createHash('sha256').update(key).digest('hex')}`;
}

function own(key) {
  if (typeof key !== 'string' || key === '' || key.startsWith('inbox/')) throw new TypeError('a key is a text that does not begin with inbox/');
  return key;
}

module.exports = { Inbox, Work, keyOf };
