import { createHash } from 'node:crypto';
import { FIRST_WRITE, persist, read, save, transact } from './store.js';

const MOST = 200;
const SHOWN = 100;

/** Messages by citizen, in the state API by Dapr's SDK. A message and its place in the citizen's list are one transaction of first
    writes, so that an event that comes twice, even to two instances at once, makes one message. */
export class Mailbox {
  #turns = new Map();
  #unnoted = new Set();

  /** Keeps the message, sends it and notes that it was sent; false where that was done before. Where the sidecar dies in between, this
      process knows that it has sent; where the process dies, it sends again: a mail that comes twice is better than one that never comes. */
  async put(message, citizen, event, send) {
    const id = createHash('sha256').update(`${event.source}\n${event.id}`).digest('hex').slice(0, 32);
    const kept = { id, at: event.time ?? new Date().toISOString(), ...message };
    return this.#inTurn(citizen, async () => {
      if (!(await this.#keep(kept, citizen))) return false;
      const isNew = !this.#unnoted.has(id);
      if (isNew) {
        this.#unnoted.add(id);
        send();
      }
      await save({ key: messageKey(id), value: { ...kept, mailed: true } });
      this.#unnoted.delete(id);
      return isNew;
    });
  }

  /** The latest first. */
  async of(citizen) {
    const [list] = await read([listKey(citizen)]);
    const ids = (list.value ?? []).slice(-SHOWN).reverse();
    if (ids.length === 0) return [];
    const messages = await read(ids.map(messageKey));
    return messages.flatMap(({ value }) => (value ? [{ id: value.id, at: value.at, kind: value.kind, claimId: value.claimId, text: value.text }] : []));
  }

  /** True where it has yet to be sent. */
  #keep(message, citizen) {
    return persist(async () => {
      const [known, list] = await read([messageKey(message.id), listKey(citizen)]);
      if (known.value) return !known.value.mailed;
      const ids = [...(list.value ?? []), message.id];
      await transact([
        { operation: 'upsert', request: { key: messageKey(message.id), value: { ...message, mailed: false }, options: FIRST_WRITE } },
        { operation: 'upsert', request: { key: listKey(citizen), value: ids.slice(-MOST), etag: list.etag, options: FIRST_WRITE } },
        ...ids.slice(0, -MOST).map(old => ({ operation: 'delete', request: { key: messageKey(old) } })),
      ]);
      return true;
    });
  }

  /** One after another for a citizen: within this process nobody has to lose a first write. */
  async #inTurn(citizen, work) {
    const turn = (this.#turns.get(citizen) ?? Promise.resolve()).then(work, work);
    const end = turn.catch(() => {}).then(() => {
      if (this.#turns.get(citizen) === end) this.#turns.delete(citizen);
    });
    this.#turns.set(citizen, end);
    return turn;
  }
}

function messageKey(id) {
  return `message-${id}`;
}

function listKey(citizen) {
  return `messages-${citizen}`;
}
