// Owns: reading a JSON body that came from anywhere: UTF-8, bounded depth, no key that reaches an object's prototype. Not: what a body must hold (the
// endpoint's schema) or how large it may be (limits.ts).

import { invalidField, invalidFields } from '../../contracts/problem.ts';
import { JSON_DEPTH_MAX } from './limits.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The value; undefined for an empty body. Throws 400 for what is no JSON, too deep, or names a prototype. */
export function readJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    throw invalidField('', 'is not JSON in UTF-8');
  }
  const fault = faultOf(value);
  if (fault !== undefined) throw invalidFields([{ path: '', message: fault }]);
  return value;
}

/** Walks without recursion: the depth is what is being checked. */
function faultOf(root: unknown): string | undefined {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > JSON_DEPTH_MAX) return `is nested deeper than ${JSON_DEPTH_MAX} levels`;
    if (Object.hasOwn(value, '__proto__')) return 'has a key that is not allowed';
    for (const child of Object.values(value)) open.push({ value: child, depth: depth + 1 });
  }
  return undefined;
}
