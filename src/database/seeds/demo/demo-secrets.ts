// Owns: the passwords and keys of the demo world, made fresh for every installation. Not: who has them.

import type { Random } from '../../../primitives/random.ts';

const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** 20 characters of 57 carry 116 bits. */
const PASSWORD_LENGTH = 20;

/** A password without characters that look alike. */
export function createDemoPassword(random: Random): string {
  return Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET.charAt(random.below(ALPHABET.length))).join('');
}
