// Checks AsyncAPI documents with AsyncAPI's own parser, and contracts and their examples with ajv (JSON Schema draft 7).
// Arguments: files, asyncapi.yaml or contracts. Writes one JSON object a file: {file, faults, operations}.
import { readFile } from 'node:fs/promises';
import { Parser, fromFile } from '@asyncapi/parser';
import { Ajv } from 'ajv';

const error = 0;

async function document(file) {
  const { document: parsed, diagnostics } = await fromFile(new Parser(), file).parse();
  return {
    file,
    faults: diagnostics.filter(d => d.severity === error).map(d => `${d.path.join('/')}: ${d.message}`),
    operations: (parsed?.operations().all() ?? []).map(operation => ({
      action: operation.action(),
      address: operation.channels().all()[0].address(),
      payloads: operation.messages().all().map(message => message.payload()?.json()?.schema?.title ?? null),
    })),
  };
}

async function contract(file) {
  const schema = JSON.parse(await readFile(file, 'utf8'));
  const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, keywords: ['x-subject'], formats: { 'date-time': true } });
  if (!ajv.validateSchema(schema)) return { file, faults: [ajv.errorsText()], operations: [] };
  const check = ajv.compile(schema);
  const faults = schema.examples.flatMap((example, index) => (check(example) ? [] : [`/examples/${index}: ${ajv.errorsText(check.errors)}`]));
  return { file, faults, operations: [] };
}

for (const file of process.argv.slice(2))
  console.log(JSON.stringify(await (file.endsWith('.yaml') ? document(file) : contract(file))));
