'use strict';
// A service of the mesh in Node: hears events, each once in effect, and says its own.
//
//   const mesh = require('../kit/node')(__dirname);
//   mesh.hears('claim.denied', async (claim, event, work) => { work.save(`denied/${claim.claimId}`, true); });
//   mesh.run();
//
// What a handler saves by its third argument and what it returns, pairs of topic and data that are to be said, is written in one
// transaction with the note that the event was handled, and then said. A handler that fails runs again; one that is done never does.
// Payloads are checked against the contracts before they leave and when they arrive. README.md beside this file tells what holds and
// what does not.
const { createHash, timingSafeEqual } = require('node:crypto');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { canCheck, contracts } = require('./contracts');
const { Inbox, Work, keyOf } = require('./inbox');
const { parse } = require('./json');
const { PUBSUB, Sidecar } = require('./sidecar');

// A payload of 64 KB whose bytes are all escaped by six, and its envelope.
const LARGEST = ((6 * 64) + 16) << 10;
const LARGEST_DATA = 64 << 10;
const LONGEST = 512;

class Mesh {
  #port = Number(process.env.APP_PORT || 0);
  #appToken = process.env.APP_API_TOKEN || '';
  #contracts;
  #sidecar = new Sidecar();
  #inbox = new Inbox(this.#sidecar, text => this.log(text));
  #handlers = new Map();
  #routes = new Map();
  #last = 0n;
  #isUnchecked = false;

  constructor(folder) {
    this.app = process.env.APP_ID || path.basename(folder);
    this.#contracts = contracts(path.dirname(path.dirname(folder)));
  }

  /** The function that handles a topic's events: it gets the data, the envelope, and the Work that reads and saves state. It returns pairs
      of topic and data that are to be said, or nothing. */
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
    for (const topic of this.#handlers.keys()) {
      const unusable = this.#contracts.get(topic).unusable();
      if (unusable) {
        console.error(`the contract of ${topic} cannot be used: ${unusable}`);
        process.exit(1);
      }
    }

    const server = http.createServer({ requestTimeout: 60_000 }, (request, answer) => this.#serve(request, answer).catch(error => {
      this.log(`${request.method} ${request.url.split('?')[0]} failed: ${error.message}`);
      if (!answer.headersSent) send(answer, 500, '');
    }));
    server.listen(this.#port, '127.0.0.1', () => {
      this.#inbox.start(`${os.hostname()}:${server.address().port}`);
      this.log(`${this.app} listens on port ${server.address().port}`);
    });
    for (const signal of ['SIGTERM', 'SIGINT']) {
      process.on(signal, () => {
        server.close(() => process.exit(0));
        server.closeIdleConnections();
      });
    }
    return server;
  }

  /** The first example of the topic's contract, for tests. */
  example(topic) {
    return this.#contracts.get(topic).example;
  }

  /** For tests: what the handler says to this, checked against the contracts where ajv is installed. Nothing leaves; state is a map. */
  async rehearse(topic, data, event = {}, state = new Map()) {
    if (!canCheck()) {
      this.log('contracts are not checked here, for want of ajv: npm ci in services/kit/node, as mesh up does');
      this.#isUnchecked = true;
    }

    const whole = { specversion: '1.0', id: 'rehearsal', source: 'tests', type: `gov.hms.${topic}.v1`, topic, ...event, data };
    const fault = faultOf(whole) ?? this.#fault(topic, data);
    if (fault) throw new Error(`${topic} cannot be heard: ${fault}`);
    const work = new Work({ get: key => Promise.resolve(state.has(key) ? { value: state.get(key), etag: '1' } : {}) });
    const said = await this.#run(topic, whole, work);
    for (const { operation, request } of work.operations()) {
      if (operation === 'upsert') state.set(request.key, request.value);
      else state.delete(request.key);
    }
    return said.map(one => [one.topic, one.data]);
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
    const { status, already } = await this.#deliver(topic, body);
    // A sidecar of ours tells it to the operator who sent the event again.
    send(answer, 200, JSON.stringify({ status }), { 'content-type': 'application/json', ...(already ? { 'mesh-handled': 'already' } : {}) });
  }

  async #deliver(topic, body) {
    // What is dropped would be the same when tried again; the dead letter topic keeps it.
    let event;
    try {
      event = parse(body);
      const fault = faultOf(event);
      if (fault) throw new SyntaxError(fault);
    } catch (error) {
      this.log(`${topic} came as no event: ${error.message}`);
      return { status: 'DROP' };
    }
    const fault = this.#fault(topic, event.data);
    if (fault) {
      this.log(`${topic} ${event.id} breaks its contract: ${fault}`);
      return { status: 'DROP' };
    }
    try {
      const already = await this.#inbox.handle(keyOf(topic, event.source, event.id), work => this.#run(topic, event, work));
      if (already) this.log(`${topic} ${event.id} is handled already`);
      return { status: 'SUCCESS', already };
    } catch (error) {
      this.log(`${topic} ${event.id} failed: ${error.message}`);
      return { status: 'RETRY' };
    }
  }

  async #run(topic, event, work) {
    const said = (await this.#handlers.get(topic)(event.data, event, work)) || [];
    return said.map(([to, data], index) => this.#envelope(to, data, event, index));
  }

  #envelope(topic, data, cause, index) {
    if (!this.#contracts.has(topic)) throw new Error(`no contract names the topic ${topic}`);
    const leaving = parse(JSON.stringify(data));
    if (Buffer.byteLength(JSON.stringify(leaving)) > LARGEST_DATA) {
      throw new Error(`${topic} has more than ${LARGEST_DATA} bytes of data; a large thing belongs in the document service`);
    }
    const fault = this.#fault(topic, leaving);
    if (fault) throw new Error(`${topic} would break its contract: ${fault}`);
    const subject = leaving[this.#contracts.get(topic).subject];
    return {
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
      sequence: this.#next().padStart(19, '0'),
      ...(isAttribute(cause.traceparent) ? { traceparent: cause.traceparent } : {}),
      data: leaving,
    };
  }

  #fault(topic, data) {
    return this.#isUnchecked ? null : this.#contracts.get(topic).fault(data);
  }

  /** Larger than any before it, whatever its subject: one number is remembered, and not one for each subject. */
  #next() {
    const now = BigInt(Date.now()) * 1000n;
    this.#last = this.#last + 1n > now ? this.#last + 1n : now;
    return String(this.#last);
  }
}

/** Why it is no CloudEvent that the mesh carries; null where it is one. */
function faultOf(event) {
  if (event === null || typeof event !== 'object' || event.specversion !== '1.0') return 'it is no CloudEvent 1.0';
  for (const name of ['id', 'source', 'type']) {
    if (!event[name]) return `its ${name} is missing`;
  }
  for (const name of ['id', 'source', 'type', 'subject', 'correlationid']) {
    if (event[name] !== undefined && !isAttribute(event[name])) return `its ${name} is no text of at most ${LONGEST} characters`;
  }
  return null;
}

function isAttribute(text) {
  return typeof text === 'string' && text.length <= LONGEST && !/[\0-\x1f]/.test(text);
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
    request.on('end', () => resolve(Buffer.concat(parts)));
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

module.exports = folder => new Mesh(folder);
