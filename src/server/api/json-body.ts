// Owns: reading a JSON body that came from anywhere: UTF-8, bounded depth, no key that reaches an object's prototype, no text that PostgreSQL can't hold. Not: what a body must hold (the
// endpoint's schema) or how large it may be (limits.ts).

import { invalidField, invalidFields } from '../../contracts/problem.ts';
import { JSON_DEPTH_MAX } from './limits.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** PostgreSQL's text has no such character. */
const NUL = '\u0000';
const HAS_NUL = 'holds a NUL character';
/** Its text replaces one, its JSON refuses it: what is half a character is refused before either. */
const HAS_HALF = 'holds half of a surrogate pair';

/** Refuses an address whose path or query holds a NUL, which no name or filter of ours has. Throws 400. */
export function checkAddress(url: string): void {
  if (/%00/.test(url)) throw invalidFields([{ path: '', message: `The address ${HAS_NUL}` }]);
}

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
    if (typeof value === 'string') {
      const fault = textFault(value);
      if (fault !== undefined) return fault;
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth > JSON_DEPTH_MAX) return `is nested deeper than ${JSON_DEPTH_MAX} levels`;
    if (Object.hasOwn(value, '__proto__')) return 'has a key that is not allowed';
    for (const key of Object.keys(value)) {
      const fault = textFault(key);
      if (fault !== undefined) return fault;
    }
    for (const child of Object.values(value)) open.push({ value: child, depth: depth + 1 });
  }
  return undefined;
}

function textFault(text: string): string | undefined {
  if (text.includes(NUL)) return HAS_NUL;
  return text.isWellFormed() ? undefined : HAS_HALF;
}
