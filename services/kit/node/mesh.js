'use strict';
// A service of the mesh in Node: hears events, each once in effect, and says its own.
//
//   const mesh = require('../kit/node')(__dirname);
//   mesh.hears('claim.denied', (claim, event) => { mesh.log(`denied: ${claim.claimId}`); });
//   mesh.run();
//
// What a handler returns, pairs of topic and data, is said after it, with ids made from the event's own: a handler that runs again says
// the same events, and the broker and whoever hears them know that they do. Payloads are checked against the contracts before they leave
// and when they arrive.
const { createHash, timingSafeEqual } = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const Ajv = require('ajv');
const formats = require('ajv-formats');

const PUBSUB = 'pubsub';
const STORE = 'statestore';
const LARGEST = 1 << 20;
const LARGEST_DATA = 64 << 10;
// Longer than the broker keeps what it may send again.
const REMEMBERED = 8 * 24 * 3600;

class Mesh {
  #port = Number(process.env.APP_PORT || 0);
  #sidecar = process.env.DAPR_HTTP_ENDPOINT || `http://127.0.0.1:${process.env.DAPR_HTTP_PORT || 3500}`;
  #appToken = process.env.APP_API_TOKEN || '';
  #contracts;
  #handlers = new Map();
  #routes = new Map();
  #last = new Map();

  constructor(folder) {
    this.app = process.env.APP_ID || path.basename(folder);
    this.#contracts = contracts(path.dirname(path.dirname(folder)));
  }

  /** The function that handles a topic's events: it gets the data and the envelope. */
  hears(topic, handler) {
    if (!this.#contracts.has(topic)) {
      console.error(`no contract names the topic ${topic}: the service that says it has contracts/${topic}.json`);
      process.exit(1);
    }
    this.#handlers.set(topic, handler);
    return this;
  }

  /** A route of its own, such as 'GET /messages': the handler gets request and answer, as node:http has them. */
  route(name, handler) {
    this.#routes.set(name, handler);
    return this;
  }

  log(text) {
    console.log(`${new Date().toISOString().slice(11, 23)} ${text}`);
  }

  run() {
    const server = http.createServer({ requestTimeout: 60_000 }, (request, answer) => this.#serve(request, answer).catch(error => {
      this.log(`${request.method} ${request.url.split('?')[0]} failed: ${error.message}`);
      if (!answer.headersSent) send(answer, 500, '');
    }));
    server.listen(this.#port, '127.0.0.1', () => this.log(`${this.app} listens on port ${server.address().port}`));
    for (const signal of ['SIGTERM', 'SIGINT']) {
      process.on(signal, () => {
        server.close(() => process.exit(0));
        server.closeIdleConnections();
      });
    }
    return server;
  }

  /** Asks the sidecar; throws where it does not do it. */
  async call(method, place, body, type) {
    const headers = {};
    if (process.env.DAPR_API_TOKEN) headers['dapr-api-token'] = process.env.DAPR_API_TOKEN;
    if (type) headers['content-type'] = type;
    const answer = await fetch(this.#sidecar + place, { method, headers, body, signal: AbortSignal.timeout(20_000) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${place.split('?')[0]}: ${answer.status} ${problem(text)}`);
    return { text, etag: answer.headers.get('etag') };
  }

  async #serve(request, answer) {
    const place = decodeURIComponent(request.url.split('?')[0]);
    if (request.method === 'GET' && place === '/healthz') return send(answer, 200, 'ready');
    if (this.#appToken && !same(request.headers['dapr-api-token'] || '', this.#appToken)) return send(answer, 401, '');
    const own = this.#routes.get(`${request.method} ${place}`);
    if (own) return own(request, answer);
    const topic = place.startsWith('/events/') ? place.slice('/events/'.length) : '';
    if (request.method !== 'POST' || !this.#handlers.has(topic)) return send(answer, 404, '');
    const body = await read(request);
    if (body === null) return send(answer, 413, '', { connection: 'close' });
    send(answer, 200, JSON.stringify({ status: await this.#deliver(topic, body) }), { 'content-type': 'application/json' });
  }

  async #deliver(topic, body) {
    let event;
    try {
      event = JSON.parse(body);
      if (event === null || typeof event !== 'object' || Array.isArray(event)) throw new SyntaxError('it is no event');
    } catch (error) {
      this.log(`${topic} came as no event: ${error.message}`);
      return 'DROP';
    }
    const fault = this.#fault(topic, event.data);
    if (fault) {
      // Tried again it would be the same; the dead letter topic keeps it.
      this.log(`${topic} ${event.id} breaks its contract: ${fault}`);
      return 'DROP';
    }
    try {
      const key = `inbox/${topic}/${event.source}/${event.id}`;
      if ((await this.call('GET', `/v1.0/state/${STORE}/${encodeURIComponent(key)}`)).text) {
        this.log(`${topic} ${event.id} is handled already`);
        return 'SUCCESS';
      }
      const said = (await this.#handlers.get(topic)(event.data, event)) || [];
      for (const [index, [to, data]] of said.entries()) await this.#publish(to, data, event, index);
      await this.call('POST', `/v1.0/state/${STORE}`, JSON.stringify([{
        key, value: true, options: { concurrency: 'first-write' }, metadata: { ttlInSeconds: String(REMEMBERED) },
      }]), 'application/json');
      return 'SUCCESS';
    } catch (error) {
      this.log(`${topic} ${event.id} failed: ${error.message}`);
      return 'RETRY';
    }
  }

  async #publish(topic, data, cause, index) {
    if (!this.#contracts.has(topic)) throw new Error(`no contract names the topic ${topic}`);
    const leaving = JSON.parse(JSON.stringify(data));
    if (Buffer.byteLength(JSON.stringify(leaving)) > LARGEST_DATA) {
      throw new Error(`${topic} has more than ${LARGEST_DATA} bytes of data; a large thing belongs in the document service`);
    }
    const fault = this.#fault(topic, leaving);
    if (fault) throw new Error(`${topic} would break its contract: ${fault}`);
    const subject = leaving[this.#contracts.get(topic).subject];
    const event = {
      specversion: '1.0',
      id: idOf(`${this.app}/${cause.source}/${cause.id}/${topic}/${index}`),
      source: this.app,
      type: `gov.hms.${topic}${/\.v[1-9][0-9]*$/.test(topic) ? '' : '.v1'}`,
      ...(subject === undefined ? {} : { subject: String(subject) }),
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      topic,
      pubsubname: PUBSUB,
      correlationid: cause.correlationid || cause.id,
      causationid: cause.id,
      sequence: this.#next(subject).padStart(19, '0'),
      ...(cause.traceparent ? { traceparent: cause.traceparent } : {}),
      data: leaving,
    };
    await this.call('POST', `/v1.0/publish/${PUBSUB}/${encodeURIComponent(topic)}`, JSON.stringify(event), 'application/cloudevents+json');
  }

  #fault(topic, data) {
    const { check } = this.#contracts.get(topic);
    if (check(data)) return null;
    const [first] = check.errors;
    return `${first.instancePath || '/'} ${first.message}`;
  }

  #next(subject) {
    const now = BigInt(Date.now()) * 1000n;
    const last = this.#last.get(subject) ?? 0n;
    this.#last.set(subject, last + 1n > now ? last + 1n : now);
    return String(this.#last.get(subject));
  }
}

/** Each topic's contract: a service's contracts lie beside it, in services/NAME/contracts or agencies/NAME/contracts. */
function contracts(root) {
  // 19.99 % 0.01 is not 0 in binary: a multiple is judged by its decimals.
  const ajv = new Ajv({ allErrors: false, strict: false, multipleOfPrecision: 6 });
  formats(ajv);
  const found = new Map();
  const services = ['services', 'agencies'].map(top => path.join(root, top)).filter(top => fs.existsSync(top))
    .flatMap(top => fs.readdirSync(top).map(name => path.join(top, name)));
  for (const service of services) {
    const place = path.join(service, 'contracts');
    if (!fs.existsSync(place)) continue;
    for (const file of fs.readdirSync(place).filter(name => name.endsWith('.json'))) {
      const schema = JSON.parse(fs.readFileSync(path.join(place, file), 'utf8'));
      found.set(file.slice(0, -'.json'.length), { check: ajv.compile(schema), subject: schema['x-subject'] });
    }
  }
  return found;
}

function read(request) {
  return new Promise((resolve, reject) => {
    const parts = [];
    let length = 0;
    request.on('data', part => {
      length += part.length;
      if (length > LARGEST) {
        request.pause();
        resolve(null);
      } else {
        parts.push(part);
      }
    });
    request.on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
    request.on('error', reject);
  });
}

function send(answer, status, body, headers = {}) {
  answer.writeHead(status, { 'content-type': 'text/plain', ...headers });
  answer.end(body);
}

function same(shown, wanted) {
  const hash = text => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(shown), hash(wanted));
}

/** An id that is the same each time (RFC 9562, version 5). */
function idOf(name) {
  const bytes = createHash('sha1').update('6ba7b811-9dad-11d1-80b4-00c04fd430c8').update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x50;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function problem(text) {
  try {
    return JSON.parse(text).message ?? '';
  } catch {
    return '';
  }
}

module.exports = folder => new Mesh(folder);
