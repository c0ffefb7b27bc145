// Owns: the only sources of chance. Not: secrets' formats (virtual-key.ts) or identifiers (ids.ts).

import { randomFillSync } from 'node:crypto';

/** A source of chance. */
export interface Random {
  /** `count` random bytes. */
  bytes(count: number): Uint8Array;
  /** A whole number in [0, bound). `bound` is a whole number from 1 to 2^32; a RangeError otherwise. */
  below(bound: number): number;
}

const POOL_BYTES = 8192;

/** Cryptographic randomness, drawn from the operating system a pool at a time (one system call for ~500 ids). */
export function createSystemRandom(): Random {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  const bytes = (count: number): Uint8Array => {
    if (count > POOL_BYTES) return randomFillSync(new Uint8Array(count));
    if (used + count > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const taken = pool.slice(used, used + count);
    // What was handed out does not stay in memory here.
    pool.fill(0, used, used + count);
    used += count;
    return taken;
  };
  return { bytes, below: (bound) => unbiasedBelow(() => readUint32(bytes(4)), bound) };
}

/** Repeatable chance from a seed (mulberry32, Tommy Ettinger 2017, public domain algorithm). Never for secrets. */
export function createSeededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff),
    below: (bound) => unbiasedBelow(next, bound),
  };
}

function readUint32(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
}

/** Rejection sampling, so that no remainder is likelier than another. */
function unbiasedBelow(nextUint32: () => number, bound: number): number {
  // Beyond these bounds nothing would ever be drawn, and the loop would not end.
  if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32)
    throw new RangeError(`No whole number is below ${bound}.`);
  const limit = 2 ** 32 - (2 ** 32 % bound);
  for (;;) {
    const value = nextUint32();
    if (value < limit) return value % bound;
  }
}
