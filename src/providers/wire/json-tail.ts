// Owns: finding a member behind a large list of a JSON object without parsing the list. Does not own: what it means.

import { isObject } from './body-fields.ts';
import { tryParseJson } from './json-text.ts';

/** How much of the end is looked at. */
const TAIL_BYTES_MAX = 4_096;

/**
 * The members of the outermost object that stand behind its last list, or undefined when they can't be told for certain.
 *
 * Why this is safe for valid JSON: the text behind some `]` is read as members of an object. If that succeeds, its brackets and quotes
 * balance but for the one closing brace, which is the text's last and so closes the outermost object; and were the `]` inside a string,
 * the quotes behind it would be odd in number. An answer cut short doesn't end in the closing brace.
 */
export function readMembersAfterLastList(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  if (firstByte(body) !== '{') return undefined;
  const tail = body.toString('utf8', Math.max(0, body.length - TAIL_BYTES_MAX)).trimEnd();
  let bracket = tail.lastIndexOf(']');
  while (bracket !== -1) {
    const behind = tail.slice(bracket + 1);
    if (/^\s*,/.test(behind)) {
      const members = tryParseJson(`{"":0${behind}`);
      if (isObject(members)) return members;
    }
    bracket = bracket === 0 ? -1 : tail.lastIndexOf(']', bracket - 1);
  }
  return undefined;
}

function firstByte(body: Buffer): string {
  return body.toString('latin1', 0, 64).trimStart().charAt(0);
}
