'use strict';
// JSON as RFC 8259 has it, and as the kits of the other languages take it: no name that is there twice, no half character, no number that
// no reader takes, no more than 32 levels.
const DEPTH = 32;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const HALF = /\p{Surrogate}/u;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Throws a SyntaxError where the bytes or the text are no such JSON. */
function parse(source) {
  let text;
  try {
    text = typeof source === 'string' ? source : utf8.decode(source);
  } catch {
    throw new SyntaxError('it is no UTF-8');
  }
  const value = JSON.parse(text);
  // It is JSON: its tokens tell the rest.
  const open = [];
  let last;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      if (open.length === DEPTH) throw new SyntaxError(`it is nested deeper than ${DEPTH} levels`);
      open.push(token === '{' ? new Set() : null);
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ':') {
      const names = open.at(-1);
      if (names.has(last)) throw new SyntaxError('a name is there twice');
      names.add(last);
    } else if (token[0] === '"') {
      last = JSON.parse(token);
      if (HALF.test(last)) throw new SyntaxError('it holds half of a surrogate pair, which is no character');
    } else if (Math.abs(Number(token)) === Infinity) {
      throw new SyntaxError('a number is larger than 1.8e308');
    }
  }
  return value;
}

module.exports = { parse };
