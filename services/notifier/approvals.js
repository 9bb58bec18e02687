import { FIRST_WRITE, persist, read, remove, save } from './store.js';

const MOST = 20;
const DAY = 24 * 3600;
// A payment may wait long for its citizen; its approval is not far once it was said.
const APPROVED_FOR = { ttlInSeconds: String(366 * DAY) };
const EARLY_FOR = { ttlInSeconds: String(8 * DAY) };

/** What claims were approved for, and payments that were told before that. */
export class Approvals {
  /** Notes it; the first approval of a claim counts, and is returned. */
  note(claimId, { cents, citizen }) {
    return persist(async () => {
      const known = await this.of(claimId);
      if (known) return known;
      await save({ key: approvedKey(claimId), value: { cents, citizen }, options: FIRST_WRITE, metadata: APPROVED_FOR });
      return { cents, citizen };
    });
  }

  async of(claimId) {
    return (await read([approvedKey(claimId)]))[0].value;
  }

  /** Keeps a payment until its claim is approved. Whoever keeps one asks for the approval once more afterwards, and whoever approves asks
      for those kept afterwards: one of them sees the other. */
  wait(claimId, payment) {
    return persist(async () => {
      const [early] = await read([earlyKey(claimId)]);
      const kept = early.value ?? [];
      if (kept.some(({ event }) => event.id === payment.event.id && event.source === payment.event.source)) return;
      if (kept.length >= MOST) throw new Error(`more than ${MOST} payments wait for the approval of a claim`);
      await save({ key: earlyKey(claimId), value: [...kept, payment], etag: early.etag, options: FIRST_WRITE, metadata: EARLY_FOR });
    });
  }

  async waiting(claimId) {
    return (await read([earlyKey(claimId)]))[0].value ?? [];
  }

  forget(claimId) {
    return remove(earlyKey(claimId));
  }
}

function approvedKey(claimId) {
  return `approved-${claimId}`;
}

function earlyKey(claimId) {
  return `early-${claimId}`;
}
