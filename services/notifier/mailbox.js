import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import dapr from '@dapr/dapr';

const STORE = 'statestore';
const MOST = 200;
const SHOWN = 100;
const TRIES = 20;
const FIRST_WRITE = { concurrency: dapr.StateConcurrencyEnum.CONCURRENCY_FIRST_WRITE };

/** Messages by citizen, in the state API by Dapr's SDK. A message and its place in the citizen's list are one transaction of first
    writes, so that an event that comes twice, even to two instances at once, makes one message. */
export class Mailbox {
  #client = new dapr.DaprClient({
    daprHost: '127.0.0.1',
    daprPort: process.env.DAPR_HTTP_PORT ?? '3500',
    daprApiToken: process.env.DAPR_API_TOKEN,
    communicationProtocol: dapr.CommunicationProtocolEnum.HTTP,
  });
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
      const saved = await this.#client.state.save(STORE, [{ key: messageKey(id), value: { ...kept, mailed: true } }]);
      if (saved?.error) throw saved.error;
      this.#unnoted.delete(id);
      return isNew;
    });
  }

  /** The latest first. */
  async of(citizen) {
    const [list] = await this.#read([listKey(citizen)]);
    const ids = (list.value ?? []).slice(-SHOWN).reverse();
    if (ids.length === 0) return [];
    const messages = await this.#read(ids.map(messageKey));
    return messages.flatMap(({ value }) => (value ? [{ id: value.id, at: value.at, kind: value.kind, claimId: value.claimId, text: value.text }] : []));
  }

  /** True where it has yet to be sent. */
  async #keep(message, citizen) {
    for (let attempt = 1; ; attempt++) {
      const [known, list] = await this.#read([messageKey(message.id), listKey(citizen)]);
      if (known.value) return !known.value.mailed;
      const ids = [...(list.value ?? []), message.id];
      try {
        await this.#client.state.transaction(STORE, [
          { operation: 'upsert', request: { key: messageKey(message.id), value: { ...message, mailed: false }, options: FIRST_WRITE } },
          { operation: 'upsert', request: { key: listKey(citizen), value: ids.slice(-MOST), etag: list.etag, options: FIRST_WRITE } },
          ...ids.slice(0, -MOST).map(old => ({ operation: 'delete', request: { key: messageKey(old) } })),
        ]);
        return true;
      } catch (error) {
        // Another instance was first, or the sidecar is away: both are seen by reading again.
        if (attempt === TRIES) throw error;
        await pause(Math.random() * 10 * attempt);
      }
    }
  }

  /** In the order of the keys, each with its value and etag, or without where there is none. */
  async #read(keys) {
    const found = new Map((await this.#client.state.getBulk(STORE, keys)).map(item => [item.key, item]));
    return keys.map(key => {
      const item = found.get(key);
      if (item?.error) throw new Error(`${STORE} cannot be read: ${item.error}`);
      return { value: item?.data || undefined, etag: item?.data ? item.etag : undefined };
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
