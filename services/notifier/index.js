// Mails citizens: that a claim is denied and why, and that a payment is on its way. What it hears is declared in asyncapi.yaml and
// arrives at plain routes: the SDK's own subscriptions would replace the declared ones.
import { fileURLToPath } from 'node:url';
import createMesh from '../kit/node/mesh.js';
import { Approvals } from './approvals.js';
import { Mailbox } from './mailbox.js';
import { denied, paid } from './texts.js';
import { Tokens } from './tokens.js';

const mesh = createMesh(fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, ''));
const mailbox = new Mailbox();
const approvals = new Approvals();
const tokens = new Tokens(mesh.app, 'messages.read');

async function mail(kind, citizen, claimId, text, event) {
  if (!citizen) return mesh.log(`${event.topic ?? event.type} ${event.id} names no citizen: nobody is mailed`);
  const sent = await mailbox.put({ kind, claimId, text }, citizen, event, () => mesh.log(`${kind} ${event.id}: Email sent to citizen ${citizen}`));
  if (!sent) mesh.log(`${kind} ${event.id}: Email was sent before`);
}

// A payment is told to the citizen if it is what the claim was approved for, and to nobody else.
async function judge(approved, claimId, { amount, citizen, event }) {
  if (inCents(amount) !== approved.cents || citizen !== approved.citizen) {
    return mesh.log(`payment-sent ${event.id}: claim ${claimId} was not approved so: nobody is mailed`);
  }
  await mail('payment-sent', citizen, claimId, paid({ amount }), event);
}

async function pay({ claimId, amount, citizen }, { id, source, time }) {
  const payment = { amount, citizen, event: { id, source, time, topic: 'payment.sent' } };
  if (!citizen) return mail('payment-sent', citizen, claimId, null, payment.event);
  let approved = await approvals.of(claimId);
  if (!approved) {
    await approvals.wait(claimId, payment);
    approved = await approvals.of(claimId);
  }
  if (approved) await judge(approved, claimId, payment);
  else mesh.log(`payment-sent ${id}: claim ${claimId} is not approved yet: it waits`);
}

async function approve({ claimId, amount, citizen }) {
  const approved = await approvals.note(claimId, { cents: inCents(amount), citizen });
  const waiting = await approvals.waiting(claimId);
  for (const payment of waiting) await judge(approved, claimId, payment);
  if (waiting.length > 0) await approvals.forget(claimId);
}

// Rounded at a ten-millionth of a dollar: 600.001 dollars are no 600 dollars, whatever binary makes of them.
function inCents(dollars) {
  return Math.round(dollars * 1e7) / 1e5;
}

mesh.hears('claim.approved', approve);
mesh.hears('claim.denied', (claim, event) => mail('claim-denied', claim.citizen, claim.claimId, denied(claim), event));
mesh.hears('payment.sent', pay);
mesh.route('GET /messages', async (request, answer) => {
  const caller = await tokens.check(request, answer);
  if (!caller) return;
  answer.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  answer.end(JSON.stringify(await mailbox.of(caller.sub)));
});
mesh.run();
