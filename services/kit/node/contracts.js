'use strict';
// The contracts of the mesh, and whether a payload keeps to one.
const fs = require('node:fs');
const path = require('node:path');

/** Each topic's contract: a service's contracts lie beside it, in services/NAME/contracts or agencies/NAME/contracts. */
function contracts(root) {
  const found = new Map();
  const services = ['services', 'agencies'].map(top => path.join(root, top)).filter(top => fs.existsSync(top))
    .flatMap(top => fs.readdirSync(top).map(name => path.join(top, name)));
  for (const service of services) {
    const place = path.join(service, 'contracts');
    if (!fs.existsSync(place)) continue;
    for (const file of fs.readdirSync(place).filter(name => name.endsWith('.json'))) {
      found.set(file.slice(0, -'.json'.length), new Contract(JSON.parse(fs.readFileSync(path.join(place, file), 'utf8'))));
    }
  }
  return found;
}

class Contract {
  #schema;
  #check;

  constructor(schema) {
    this.#schema = schema;
    this.subject = schema['x-subject'];
    this.example = schema.examples?.[0];
  }

  /** Where the payload breaks it (a JSON pointer), and how; null where it keeps to it. */
  fault(data) {
    this.#check ??= compile(this.#schema);
    if (this.#check(data)) return null;
    const [first] = this.#check.errors;
    return `${first.instancePath || '/'} ${first.message}`;
  }
}

function canCheck() {
  try {
    return Boolean(require.resolve('ajv'));
  } catch {
    return false;
  }
}

let ajv;

function compile(schema) {
  if (!ajv) {
    const Ajv = require('ajv');
    // 19.99 % 0.01 is not 0 in binary: a multiple is judged by its decimals.
    ajv = new Ajv({ allErrors: false, strict: false, multipleOfPrecision: 6 });
    require('ajv-formats')(ajv);
  }
  return ajv.compile(schema);
}

module.exports = { canCheck, contracts };
