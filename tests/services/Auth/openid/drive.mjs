// Drives auth with openid-client, which is written by others and checks what it gets: discovery, PKCE, state, nonce, issuer,
// signatures. Reads {issuer, password, gateway, mesh, apiKey, redirect} from standard input; says each step that went well.
import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as oidc from 'openid-client';

const given = JSON.parse(await text(process.stdin));
const options = { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] };
const find = (id, proof) => oidc.discovery(new URL(given.issuer), id, undefined, proof, options);
const said = (step) => console.log(step);
const refused = (error) => (e) => {
  assert.equal(e.error, error, e.stack);
  return true;
};

// A browser of a few lines: it shows the page, keeps its cookie and sends its form.
async function signIn(url, name, password) {
  const page = await fetch(url, { redirect: 'manual' });
  assert.equal(page.status, 200);
  const cookie = page.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  const html = await page.text();
  const fields = new URLSearchParams([...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map((m) => [m[1], m[2].replaceAll('&#x2B;', '+')]));
  fields.set('username', name);
  fields.set('password', password);
  const action = /<form[^>]* action="([^"]*)"/.exec(html)[1];
  const answer = await fetch(new URL(action, url), { method: 'POST', body: fields, headers: { cookie }, redirect: 'manual' });
  assert.equal(answer.status, 303, await answer.text());
  return new URL(answer.headers.get('location'));
}

async function flow(config, redirect, name, change = {}) {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const expectedState = oidc.randomState();
  const expectedNonce = oidc.randomNonce();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirect,
    scope: 'openid profile claims.read claims.write',
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
  });
  const back = await signIn(url, name, given.password);
  return { back, checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true, ...change } };
}

const gateway = await find('gateway', oidc.ClientSecretBasic(given.gateway));
assert.ok(gateway.serverMetadata().supportsPKCE());
said('discovery');

const keys = createRemoteJWKSet(new URL(gateway.serverMetadata().jwks_uri));
const check = async (token, audience) => (await jwtVerify(token, keys, { issuer: given.issuer, audience, typ: 'at+jwt', algorithms: ['RS256'] })).payload;

const first = await flow(gateway, given.redirect, 'diego');
const tokens = await oidc.authorizationCodeGrant(gateway, first.back, first.checks);
assert.equal(tokens.claims().name, 'Diego');
assert.match(tokens.claims().sub, /^cit-/);
const access = await check(tokens.access_token, 'gateway');
assert.equal(access.sub, tokens.claims().sub);
assert.equal(access.scope, 'claims.read claims.write');
said('sign-in');

await assert.rejects(oidc.authorizationCodeGrant(gateway, first.back, first.checks), refused('invalid_grant'));
await assert.rejects(oidc.refreshTokenGrant(gateway, tokens.refresh_token), refused('invalid_grant'));
said('code used twice');

const wrong = await flow(gateway, given.redirect, 'diego', { pkceCodeVerifier: oidc.randomPKCECodeVerifier() });
await assert.rejects(oidc.authorizationCodeGrant(gateway, wrong.back, wrong.checks), refused('invalid_grant'));
said('wrong verifier');

const command = await find('mesh', oidc.None());
const loopback = await flow(command, 'http://127.0.0.1:49321/callback', 'diego');
const own = await oidc.authorizationCodeGrant(command, loopback.back, loopback.checks);
const next = await oidc.refreshTokenGrant(command, own.refresh_token);
assert.equal(next.claims().sub, access.sub);
await check(next.access_token, 'gateway');
await assert.rejects(oidc.refreshTokenGrant(command, own.refresh_token), refused('invalid_grant'));
await assert.rejects(oidc.refreshTokenGrant(command, next.refresh_token), refused('invalid_grant'));
said('refresh');

const second = await flow(gateway, given.redirect, 'grace');
const session = await oidc.authorizationCodeGrant(gateway, second.back, second.checks);
const exchange = (subject_token, subject_token_type, audience) =>
  oidc.genericGrantRequest(gateway, 'urn:ietf:params:oauth:grant-type:token-exchange', { subject_token, subject_token_type, audience });
const forClaims = await exchange(session.access_token, 'urn:ietf:params:oauth:token-type:access_token', 'claims');
assert.equal((await check(forClaims.access_token, 'claims')).sub, session.claims().sub);
const forAgency = await exchange(given.apiKey, 'urn:hms:token-type:api-key', 'claims');
assert.equal((await check(forAgency.access_token, 'claims')).sub, 'agency-demo');
said('exchange');

await oidc.tokenRevocation(gateway, session.refresh_token);
await assert.rejects(oidc.refreshTokenGrant(gateway, session.refresh_token), refused('invalid_grant'));
await assert.rejects(exchange(session.access_token, 'urn:ietf:params:oauth:token-type:access_token', 'claims'), refused('invalid_request'));
said('revocation');

const operator = await find('mesh', oidc.ClientSecretPost(given.mesh));
const service = await oidc.clientCredentialsGrant(operator, { audience: 'capacity', scope: 'capacity.write' });
assert.equal((await check(service.access_token, 'capacity')).sub, 'mesh');
const thief = await find('mesh', oidc.ClientSecretBasic('wrong'));
await assert.rejects(oidc.clientCredentialsGrant(thief, { audience: 'capacity' }), (e) => e.status === 401);
said('client credentials');

const third = await flow(gateway, given.redirect, 'amara');
const last = await oidc.authorizationCodeGrant(gateway, third.back, third.checks);
const ended = await fetch(oidc.buildEndSessionUrl(gateway, { id_token_hint: last.id_token, post_logout_redirect_uri: new URL('/', given.redirect).href }), { redirect: 'manual' });
assert.equal(ended.status, 303);
await assert.rejects(oidc.refreshTokenGrant(gateway, last.refresh_token), refused('invalid_grant'));
said('end of session');
