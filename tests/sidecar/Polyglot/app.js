// A Dapr application over plain HTTP: publishes, subscribes, calls another app, keeps state, reads a secret.
const http = require('node:http');

const heard = [];
const dapr = (method, path, body) => new Promise((done, fail) => {
  const request = http.request(process.env.DAPR_HTTP_ENDPOINT + path, { method, headers: { 'content-type': 'application/json' } }, answer => {
    const parts = [];
    answer.on('data', part => parts.push(part));
    answer.on('end', () => done({ status: answer.statusCode, body: Buffer.concat(parts).toString() }));
  });
  request.on('error', fail);
  request.end(body === undefined ? undefined : JSON.stringify(body));
});

async function run(other) {
  const results = {};
  results.invoke = (await dapr('GET', `/v1.0/invoke/${other}/method/hello`)).body;
  results.save = (await dapr('POST', '/v1.0/state/store', [{ key: 'k', value: { n: 1 } }])).status;
  results.state = (await dapr('GET', '/v1.0/state/store/k')).body;
  results.secret = JSON.parse((await dapr('GET', '/v1.0/secrets/env/POLYGLOT_SECRET')).body).POLYGLOT_SECRET;
  results.id = JSON.parse((await dapr('GET', '/v1.0/metadata')).body).id;
  results.publish = (await dapr('POST', '/v1.0/publish/pubsub/greeting.said', { from: process.env.APP_ID })).status;
  return results;
}

http.createServer((request, answer) => {
  const parts = [];
  request.on('data', part => parts.push(part));
  request.on('end', async () => {
    const body = Buffer.concat(parts).toString();
    const send = (value, status = 200) => { answer.writeHead(status, { 'content-type': 'application/json' }); answer.end(JSON.stringify(value)); };
    const [path, other] = request.url.split('?');
    if (path === '/dapr/subscribe') return send([{ pubsubname: 'pubsub', topic: 'greeting.said', route: '/greeting' }]);
    if (path === '/greeting') { heard.push(JSON.parse(body).data.from); return send({}); }
    if (path === '/hello') return send('hello from node');
    if (path === '/heard') return send(heard);
    if (path === '/run') return send(await run(other));
    return send({}, 404);
  });
}).listen(Number(process.env.APP_PORT), '127.0.0.1');
