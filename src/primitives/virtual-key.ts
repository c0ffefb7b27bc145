// Owns: the form of a virtual key and its hash. Not: who holds which key (the facts) or what it allows.

import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Random } from './random.ts';

/** Whether a key is for real traffic or for trying things. */
export type KeyEnvironment = 'live' | 'test';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 40 base62 characters carry 238 bits. */
const SECRET_LENGTH = 40;
/** 62^6 > 2^32: six characters hold a CRC-32. */
const CHECKSUM_LENGTH = 6;
const FORM = /^wr_(live|test)_([0-9A-Za-z]{40})([0-9A-Za-z]{6})$/;

/** What is shown of a key after its making: `wr_test_Ab3d…x9Qz`. */
export interface VirtualKeyDisplay {
  prefix: string;
  lastFour: string;
}

/** A new key: `wr_<environment>_` + 40 base62 characters + CRC-32 of all before it in base62. The checksum lets a typo be refused with no query. */
export function createVirtualKey(environment: KeyEnvironment, random: Random): string {
  return createChecksummedSecret(`wr_${environment}_`, random);
}

/** The form of every secret that Weir issues: a prefix that says what it is, 40 base62 characters of chance, and the checksum of both. */
export function createChecksummedSecret(prefix: string, random: Random): string {
  let secret = '';
  for (let index = 0; index < SECRET_LENGTH; index += 1) secret += BASE62.charAt(random.below(62));
  const body = prefix + secret;
  return body + checksum(body);
}

/** Whether a text has the form and the checksum of a virtual key. Says nothing on whether it is known. */
export function isWellFormedVirtualKey(text: string): boolean {
  return FORM.test(text) && hasChecksum(text);
}

/** Whether a text ends with the checksum of what is before. */
export function hasChecksum(text: string): boolean {
  return checksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
}

/** SHA-256 of a key, the only form that is stored. A fast hash is right for a secret of 238 random bits. */
export function hashVirtualKey(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}

/** The parts of a key that may be shown. */
export function displayVirtualKey(key: string): VirtualKeyDisplay {
  return { prefix: key.slice(0, 12), lastFour: key.slice(-4) };
}

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let index = 0; index < CHECKSUM_LENGTH; index += 1) {
    text = BASE62.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
