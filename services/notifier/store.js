import { setTimeout as pause } from 'node:timers/promises';
import dapr from '@dapr/dapr';

const STORE = 'statestore';
const TRIES = 20;

/** For what must not be there yet, or, with an etag, must not have changed. */
export const FIRST_WRITE = { concurrency: dapr.StateConcurrencyEnum.CONCURRENCY_FIRST_WRITE };

const client = new dapr.DaprClient({
  daprHost: '127.0.0.1',
  daprPort: process.env.DAPR_HTTP_PORT ?? '3500',
  daprApiToken: process.env.DAPR_API_TOKEN,
  communicationProtocol: dapr.CommunicationProtocolEnum.HTTP,
});

/** In the order of the keys, each with its value and etag, or without where there is none. */
export async function read(keys) {
  const found = new Map((await client.state.getBulk(STORE, keys)).map(item => [item.key, item]));
  return keys.map(key => {
    const item = found.get(key);
    if (item?.error) throw new Error(`${STORE} cannot be read: ${item.error}`);
    return { value: item?.data || undefined, etag: item?.data ? item.etag : undefined };
  });
}

export async function save(entry) {
  const saved = await client.state.save(STORE, [entry]);
  if (saved?.error) throw saved.error;
}

export async function remove(key) {
  const removed = await client.state.delete(STORE, key);
  if (removed?.error) throw removed.error;
}

export function transact(operations) {
  return client.state.transaction(STORE, operations);
}

/** Does it again where it fails: another instance was first, or the sidecar is away; both are seen by reading again. */
export async function persist(attempt) {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === TRIES) throw error;
      await pause(Math.random() * 10 * tries);
    }
  }
}
