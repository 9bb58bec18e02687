// Mails citizens: that a claim is denied and why, and that a payment is on its way. What it hears is declared in asyncapi.yaml and
// arrives at plain routes: the SDK's own subscriptions would replace the declared ones.
import { fileURLToPath } from 'node:url';
import createMesh from '../kit/node/mesh.js';
import { Mailbox } from './mailbox.js';
import { denied, paid } from './texts.js';
import { Tokens } from './tokens.js';

const mesh = createMesh(fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, ''));
const mailbox = new Mailbox();
const tokens = new Tokens(mesh.app, 'messages.read');

async function mail(kind, citizen, claimId, text, event) {
  if (!citizen) return mesh.log(`${event.topic ?? event.type} ${event.id} names no citizen: nobody is mailed`);
  const sent = await mailbox.put({ kind, claimId, text }, citizen, event, () => mesh.log(`${kind} ${event.id}: Email sent to citizen ${citizen}`));
  if (!sent) mesh.log(`${kind} ${event.id}: Email was sent before`);
}

mesh.hears('claim.denied', (claim, event) => mail('claim-denied', claim.citizen, claim.claimId, denied(claim), event));
mesh.hears('payment.sent', (payment, event) => mail('payment-sent', payment.citizen, payment.claimId, paid(payment), event));
mesh.route('GET /messages', async (request, answer) => {
  const caller = await tokens.check(request, answer);
  if (!caller) return;
  answer.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  answer.end(JSON.stringify(await mailbox.of(caller.sub)));
});
mesh.run();
