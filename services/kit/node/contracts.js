'use strict';
// The contracts of the mesh, and whether a payload keeps to one: judged as the kits of the other languages judge.
const fs = require('node:fs');
const path = require('node:path');
const { formats } = require('./formats');
const { parse } = require('./json');

const IGNORED = ['$schema', '$id', '$comment', 'title', 'description', 'default', 'examples', 'readOnly', 'writeOnly'];
const PLAIN = ['type', 'enum', 'const', 'required', 'format', 'pattern', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf',
  'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties'];
const SCHEMAS = ['items', 'additionalProperties', 'not'];
const LISTS = ['allOf', 'anyOf', 'oneOf'];
const MAPS = ['properties', 'patternProperties', 'definitions'];
// Other languages' engines do not know them, or read them in another way; docs/contracts.md.
const FOREIGN = /\\[1-9kpP]|\(\?[^:=!]|\p{Surrogate}|\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]/u;
const LONGEST = 4000;

/** Each topic's contract: a service's contracts lie beside it, in services/NAME/contracts or agencies/NAME/contracts. */
function contracts(root) {
  const found = new Map();
  const services = ['services', 'agencies'].map(top => path.join(root, top)).filter(top => fs.existsSync(top))
    .flatMap(top => fs.readdirSync(top).map(name => path.join(top, name)));
  for (const service of services) {
    const place = path.join(service, 'contracts');
    if (!fs.existsSync(place)) continue;
    for (const file of fs.readdirSync(place).filter(name => name.endsWith('.json'))) {
      found.set(file.slice(0, -'.json'.length), new Contract(parse(fs.readFileSync(path.join(place, file)))));
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

  /** Why nothing can be checked by it; null where it can. */
  unusable() {
    if (!canCheck()) return `ajv is not installed: npm ci in ${__dirname}`;
    try {
      this.#check ??= validator().compile(known(this.#schema));
      return null;
    } catch (error) {
      return error.message;
    }
  }

  /** Where the payload breaks it (a JSON pointer), and how; null where it keeps to it. */
  fault(data) {
    const unusable = this.#check ? null : this.unusable();
    if (unusable) throw new Error(`the contract cannot be used: ${unusable}`);
    if (this.#check(data)) return null;
    const [first] = this.#check.errors;
    return `${first.instancePath || '/'} ${first.message}`;
  }
}

/** The schema as draft 7 reads it (nothing counts beside $ref), without names of the mesh's own; throws at what is not enforced. */
function known(schema) {
  if (schema === true || schema === false) return schema;
  if (schema.$ref !== undefined) {
    if (!/^#(\/|$)/.test(schema.$ref)) throw new Error('a reference stays in its file (#/definitions/...)');
    return { $ref: schema.$ref, ...(schema.definitions ? { definitions: mapped(schema.definitions) } : {}) };
  }
  const read = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (SCHEMAS.includes(keyword) && !Array.isArray(value)) read[keyword] = known(value);
    else if (LISTS.includes(keyword)) read[keyword] = value.map(known);
    else if (MAPS.includes(keyword)) read[keyword] = mapped(value);
    else if (PLAIN.includes(keyword)) read[keyword] = value;
    else if (!IGNORED.includes(keyword) && !keyword.startsWith('x-')) throw new Error(`the keyword ${keyword} is not enforced here`);
  }
  for (const pattern of [schema.pattern ?? '', ...Object.keys(schema.patternProperties ?? {})]) {
    new RegExp(pattern, 'u');
    if (pattern.length > LONGEST || FOREIGN.test(pattern.replace(/\\\\/g, ''))) {
      throw new Error(`the pattern ${pattern} cannot be used: it is longer than ${LONGEST} characters, or other languages read it otherwise`);
    }
  }
  return read;
}

function mapped(schemas) {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, known(schema)]));
}

function canCheck() {
  try {
    return Boolean(require.resolve('ajv'));
  } catch {
    return false;
  }
}

let ajv;

function validator() {
  if (!ajv) {
    const Ajv = require('ajv');
    ajv = new Ajv({ allErrors: false, strictSchema: true, strictTypes: false, strictTuples: false, strictRequired: false, allowMatchingProperties: true });
    ajv.removeKeyword('multipleOf');
    ajv.addKeyword({
      keyword: 'multipleOf',
      type: 'number',
      schemaType: 'number',
      compile: step => value => isMultiple(value, step),
      error: { message: ({ schema }) => `must be multiple of ${schema}` },
    });
    for (const [name, fits] of formats) ajv.addFormat(name, { type: 'string', validate: fits });
  }
  return ajv;
}

/** By its decimals: 19.99 % 0.01 is not 0 in binary. */
function isMultiple(value, step) {
  const [digits, exponent] = decimal(value);
  const [stepDigits, stepExponent] = decimal(step);
  const least = Math.min(exponent, stepExponent);
  return (digits * 10n ** BigInt(exponent - least)) % (stepDigits * 10n ** BigInt(stepExponent - least)) === 0n;
}

/** A number as whole digits times a power of ten. */
function decimal(number) {
  const [, sign, whole, part = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(number));
  return [BigInt(sign + whole + part), Number(exponent) - part.length];
}

module.exports = { Contract, canCheck, contracts };
