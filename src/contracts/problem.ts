// Owns: the form of an error on the product API, and errors that name fields. Not: codes and texts (primitives/errors.ts) or sending it (server).

import { z } from 'zod';
import { WeirError } from '../primitives/errors.ts';

/** One field that is not right. `path` as `members[2].email`; empty for the whole. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** Faults told at most: a body with a million wrong fields does not get a million lines back. */
const FIELD_ERRORS_MAX = 50;

/** `application/problem+json`, RFC 9457. */
export const problemSchema = z.looseObject({
  type: z.string().max(200),
  title: z.string().max(500),
  status: z.number().int(),
  detail: z.string().max(10_000),
  code: z.string().max(100),
  request_id: z.string().max(100),
  errors: z
    .array(z.strictObject({ path: z.string(), message: z.string() }))
    .max(FIELD_ERRORS_MAX)
    .optional(),
});

/** 400 `invalid_request` naming each field. */
export function invalidFields(errors: readonly FieldError[]): WeirError {
  const [first] = errors;
  return new WeirError('invalid_request', {
    ...(first === undefined ? {} : { message: `${first.path === '' ? 'The body' : first.path} ${first.message}.` }),
    ...(first === undefined || first.path === '' ? {} : { param: first.path }),
    details: { errors: errors.slice(0, FIELD_ERRORS_MAX) },
  });
}

/** The same for one field. The message goes on after the field's name: `is taken`. */
export function invalidField(path: string, message: string): WeirError {
  return invalidFields([{ path, message }]);
}

/** What a schema that reports its input found, one entry a field. Values are never repeated: they may be secrets. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  const found = new Map<string, FieldError>();
  for (const issue of error.issues) {
    const faults =
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: 'is not known here' }))
        : [{ path: pathText(issue.path), message: messageOf(issue) }];
    // A number far too big fails as one that is no safe integer, too: it is told once.
    for (const fault of faults) if (!found.has(fault.path)) found.set(fault.path, fault);
  }
  return [...found.values()];
}

const MISSING: readonly z.core.$ZodIssue['code'][] = ['invalid_type', 'invalid_value', 'invalid_union'];

function messageOf(issue: z.core.$ZodIssue): string {
  if (MISSING.includes(issue.code) && issue.input === undefined) return 'is required';
  const text = issue.message.replace(/^Invalid input: /, '').replace(/\.$/, '');
  return `is not right: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('')
    .slice(0, 300);
}
