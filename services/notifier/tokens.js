import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose';

/** Checks service tokens as the kit for C# does: signature by the keys of a trusted issuer, its audience, type, time and scope. */
export class Tokens {
  #issuers = (process.env.Auth__Issuer ?? '').split(',').map(issuer => issuer.trim()).filter(Boolean);
  #keys = new Map();
  #audience;
  #scope;

  constructor(audience, scope) {
    this.#audience = audience;
    this.#scope = scope;
  }

  /** The token's claims; null where the call was refused, and answered. */
  async check(request, answer) {
    const [, token] = /^Bearer +([^ ]{1,8192})$/i.exec(request.headers.authorization ?? '') ?? [];
    if (!token) return refuse(answer, 401, 'A token is needed', 'Show one access token, in the header Authorization: Bearer.', this.#audience);
    let payload;
    try {
      payload = await this.#verify(token);
    } catch (error) {
      if (!(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout) {
        return refuse(answer, 503, 'The token cannot be checked', 'The keys of its issuer cannot be had now.', null);
      }
      return refuse(answer, 401, 'The token is refused', 'The access token is refused.', this.#audience, 'invalid_token');
    }
    if (`${payload.scope ?? ''}`.split(' ').includes(this.#scope)) return payload;
    return refuse(answer, 403, 'Not allowed', `The access token lacks the scope ${this.#scope}.`, this.#audience, 'insufficient_scope');
  }

  async #verify(token) {
    const { iss: issuer } = decodeJwt(token);
    if (!this.#issuers.includes(issuer)) throw new errors.JWTInvalid('its issuer is not trusted');
    const { payload } = await jwtVerify(token, await this.#keysOf(issuer), {
      issuer,
      audience: this.#audience,
      typ: 'at+jwt',
      algorithms: ['RS256', 'ES256'],
      clockTolerance: 30,
      requiredClaims: ['sub', 'iat', 'exp'],
    });
    return payload;
  }

  async #keysOf(issuer) {
    if (!this.#keys.has(issuer)) {
      const found = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
      if (!found.ok) throw new Error(`${issuer} answers ${found.status}`);
      const page = await found.json();
      if (page.issuer !== issuer) throw new Error('the discovery document names another issuer');
      this.#keys.set(issuer, createRemoteJWKSet(new URL(page.jwks_uri), { cooldownDuration: 5_000 }));
    }
    return this.#keys.get(issuer);
  }
}

function refuse(answer, status, title, detail, realm, error) {
  const headers = { 'content-type': 'application/problem+json' };
  if (realm) headers['www-authenticate'] = `Bearer realm="${realm}"${error ? `, error="${error}"` : ''}`;
  answer.writeHead(status, headers);
  answer.end(JSON.stringify({ type: 'about:blank', title, status, detail }));
  return null;
}
