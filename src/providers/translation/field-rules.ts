// Owns: refusing what can't be carried to the other protocol, by name. Does not own: which fields those are.

import { isAbsent, type JsonObject, unsupportedField } from '../wire/body-fields.ts';

/** What may happen to the fields of an object that is carried over. */
export interface FieldRules {
  /** Fields that are carried, or that mean nothing upstream because Weir answers for them. */
  readonly carried: ReadonlySet<string>;
  /** Values that ask for nothing: a field with one of these may be left out. */
  readonly empty?: Readonly<Record<string, (value: unknown) => boolean>>;
}

/** Throws `unsupported_parameter` for the first field that is neither carried nor empty. `path` stands before its name. */
export function refuseOthers(fields: JsonObject, rules: FieldRules, path = ''): void {
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (isAbsent(value) || rules.carried.has(name)) continue;
    const empty = rules.empty;
    if (empty !== undefined && Object.hasOwn(empty, name) && empty[name]?.(value)) continue;
    throw unsupportedField(
      path + name,
      "this model's provider has nothing like it. Leave it out, or choose another model.",
    );
  }
}

/** A test for one of these values. */
export function isOneOf(...values: readonly unknown[]): (value: unknown) => boolean {
  return (value) => values.includes(value);
}

/** A test for an empty list or object. */
export function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
