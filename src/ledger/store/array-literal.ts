// Owns: PostgreSQL array literals, written directly: a batch passes some sixty arrays, and pg's own writer costs more than the call.
// https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO

const PLAIN = /^[A-Za-z0-9_.:/+-]+$/;

/** An array of values that need no quoting: numbers, bigints, booleans, UUIDs; null becomes NULL. */
export function plainArray(values: readonly (bigint | number | boolean | string | null)[]): string {
  return plainColumn(values, (value) => value);
}

/** The same of one field of each item, without a list of the fields in between: a batch has some fifty such columns. */
export function plainColumn<Item>(
  items: readonly Item[],
  pick: (item: Item) => bigint | number | boolean | string | null,
): string {
  const values = new Array<bigint | number | boolean | string>(items.length);
  for (let index = 0; index < items.length; index += 1) values[index] = pick(items[index] as Item) ?? 'NULL';
  // Joined at once: to add to a text bit by bit leaves a piece in memory for each.
  return `{${values.join(',')}}`;
}

/** An array of texts, quoted where they have to be; null becomes NULL. */
export function textArray(values: readonly (string | null)[]): string {
  return plainColumn(values, textElement);
}

function textElement(value: string | null): string {
  if (value === null) return 'NULL';
  if (PLAIN.test(value) && value.toUpperCase() !== 'NULL') return value;
  return `"${storableText(value).replace(/["\\]/g, '\\$&')}"`;
}

/** A value as JSON that jsonb takes, whatever its strings hold. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isPlainObject(part) ? mapKeys(part) : typeof part === 'string' ? storableText(part) : part,
  );
}

/** PostgreSQL's text has no NUL, and its JSON no half of a surrogate pair. */
function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapKeys(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [storableText(key), value]));
}
