// Owns: the shape of identifiers (UUIDv7, RFC 9562 section 5.7). Not: secrets.

import type { Random } from './random.ts';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const TIME_MS_END = 2 ** 48;

/**
 * A UUIDv7: 48 bits of milliseconds, then 74 bits of chance. Sorts by the millisecond of making; within one the order is chance.
 * A RangeError for a time before 1970 or beyond 48 bits.
 */
export function createUuidV7(nowMs: number, random: Random): string {
  if (!(nowMs >= 0 && nowMs < TIME_MS_END)) throw new RangeError(`${nowMs} is no time that a UUIDv7 can hold.`);
  const chance = random.bytes(10);
  const time = Math.floor(nowMs).toString(16).padStart(12, '0');
  const hex = (index: number): string => HEX[chance[index] ?? 0] ?? '00';
  const version = HEX[0x70 | ((chance[0] ?? 0) & 0x0f)] ?? '70';
  const variant = HEX[0x80 | ((chance[2] ?? 0) & 0x3f)] ?? '80';
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}${hex(1)}-${variant}${hex(3)}-${hex(4)}${hex(5)}${hex(6)}${hex(7)}${hex(8)}${hex(9)}`;
}

/** The millisecond a UUIDv7 was made at. The caller knows that it is a v7. */
export function uuidV7TimeMs(uuid: string): number {
  return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
}

/** Whether a text is a UUID in its canonical lower-case form. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
