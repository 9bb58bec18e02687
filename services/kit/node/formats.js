'use strict';
// The formats that contracts may name; the kits for C# and Python hold the same patterns.
const DATE = '(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])';
// Without leap seconds, which hardly any reader takes.
const TIME = String.raw`([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])`;
const LABEL = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const BYTE = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const V4 = String.raw`${BYTE}(\.${BYTE}){3}`;
const H = '[0-9A-Fa-f]{1,4}';
const L = `(${H}:${H}|${V4})`;
const V6 = `((${H}:){6}${L}|::(${H}:){5}${L}|(${H})?::(${H}:){4}${L}|((${H}:)?${H})?::(${H}:){3}${L}|((${H}:){0,2}${H})?::(${H}:){2}${L}`
  + `|((${H}:){0,3}${H})?::${H}:${L}|((${H}:){0,4}${H})?::${L}|((${H}:){0,5}${H})?::${H}|((${H}:){0,6}${H})?::)`;

const PATTERNS = {
  'date-time': `${DATE}[Tt]${TIME}`,
  date: DATE,
  time: TIME,
  email: `[A-Za-z0-9.!#$%&'*+/=?^_\`{|}~-]+@${LABEL}(\\.${LABEL})*`,
  hostname: `(?=.{1,253}$)${LABEL}(\\.${LABEL})*`,
  ipv4: V4,
  ipv6: V6,
  uri: String.raw`[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+`,
  uuid: '[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}',
};

/** Each format's name and the function that tells whether a text has it. */
const formats = Object.entries(PATTERNS).map(([name, pattern]) => {
  const whole = new RegExp(`^${pattern}$`, 'u');
  const isDated = name === 'date' || name === 'date-time';
  return [name, text => whole.test(text) && (!isDated || isDay(text.slice(0, 10)))];
});

/** Whether the calendar has it: 30 February becomes 2 March. */
function isDay(text) {
  return new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

module.exports = { formats };
