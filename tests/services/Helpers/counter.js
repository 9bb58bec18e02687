'use strict';
// A service for the tests: counts what is placed of each order, once each. While there is a gate, it waits in its handler.
const { existsSync } = require('node:fs');
const { setTimeout: pause } = require('node:timers/promises');
const mesh = require(process.env.KIT)(__dirname);

const failed = new Set();

mesh.hears('order.placed', async (order, event, work) => {
  const count = ((await work.read(order.orderId)) ?? 0) + 1;
  mesh.log(`begins ${event.id}`);
  while (existsSync(process.env.GATE)) await pause(10);
  if (order.fails && !failed.has(event.id)) {
    failed.add(event.id);
    throw new Error('the first time');
  }
  work.save(order.orderId, count);
  return [['order.counted', { orderId: order.orderId, count }]];
});
mesh.run();
