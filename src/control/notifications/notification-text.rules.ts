// Owns: from a type's text and its variables to what a person reads. Not: the texts (contracts), or languages besides English (later templates).

const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const PERCENT = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });
const USD = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
/** Below a cent: what is little is not told as nothing. */
const LITTLE_USD = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 });
const CENT = 0.01;
const DATE = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' });

const VARIABLE = /\{(\w+)(?:, (number|percent|usd|date|one ([^{},]+), many ([^{},]+)))?\}/g;
/** A variable may come from people: it never fills the text. */
const VALUE_LENGTH_MAX = 300;

/** The text with its variables. One that is missing is a dash: a text that says less is better than none. */
export function renderText(template: string, variables: Readonly<Record<string, unknown>>): string {
  return template.replaceAll(VARIABLE, (_, ...parts: (string | undefined)[]) => {
    const [name = '', form, one, many] = parts;
    const value = Object.hasOwn(variables, name) ? variables[name] : null;
    if (one === undefined || many === undefined) return formatValue(value, form);
    return `${formatValue(value, 'number')} ${Number(value) === 1 ? one : many}`;
  });
}

function formatValue(value: unknown, form: string | undefined): string {
  if (value === null || value === undefined || value === '') return '–';
  if (form === 'date') {
    const ms = typeof value === 'string' || typeof value === 'number' ? Date.parse(String(value)) : Number.NaN;
    return Number.isNaN(ms) ? '–' : DATE.format(ms);
  }
  if (form === undefined) return oneLine(String(value));
  const number = Number(value);
  if (!Number.isFinite(number)) return '–';
  if (form === 'usd') return (number > 0 && number < CENT ? LITTLE_USD : USD).format(number);
  return (form === 'percent' ? PERCENT : NUMBER).format(number);
}

/** Without what would forge lines. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, VALUE_LENGTH_MAX)
    .toWellFormed();
}
