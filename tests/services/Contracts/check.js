'use strict';
// Reads lines {"schema": ..., "text": ...} and says for each whether the text is data that keeps to the schema.
const path = require('node:path');
const readline = require('node:readline');
const { Contract } = require(path.join(process.argv[2], 'contracts'));
const { parse } = require(path.join(process.argv[2], 'json'));

readline.createInterface({ input: process.stdin }).on('line', line => console.log(verdict(JSON.parse(line))));

function verdict({ schema, text }) {
  const contract = new Contract(schema);
  const unusable = contract.unusable();
  if (unusable) return `refused ${unusable}`;
  let data;
  try {
    data = parse(text);
  } catch {
    return 'bad';
  }
  const fault = contract.fault(data);
  return fault ? `bad ${fault}` : 'good';
}
