// Owns: telling a secret that was copied from an example from one of somebody's own. Not: what follows from it (config.ts).

import { isIPv4 } from 'node:net';

/** Words that stand in examples where a secret belongs. */
const EXAMPLE_WORDS =
  /^(?:sk-|sk-ant-|key-)?(?:x{3,}|\.{3,}|…+|your[-_ ]|my[-_ ]|change[-_ ]?me|change[-_ ]?this|replace[-_ ]|example|sample|dummy|placeholder|secret$|password$|test[-_]?key|todo|<)/i;
/** A password in a database URL that everybody tries first. */
const EXAMPLE_PASSWORDS = new Set([
  '',
  'postgres',
  'password',
  'secret',
  'changeme',
  'weir',
  'example',
  'admin',
  'test',
]);

/** Whether a text is one that documents, examples and impatient people use. Looks like one only where it plainly is. */
export function isSampleSecret(value: string): boolean {
  if (/^postgres(ql)?:/.test(value)) return hasSamplePassword(value);
  return EXAMPLE_WORDS.test(value) || isMonotonous(value);
}

/** One or two characters over and over, or the digits in order: no generator made it. */
function isMonotonous(value: string): boolean {
  const plain = value.replace(/=+$/, '');
  return new Set(plain).size <= 2 || /^(?:0123456789abcdef)+$/i.test(plain) || /^(?:1234567890)+$/.test(plain);
}

/** A database on this machine, or one that asks for no password by its own rules, is nobody else's to enter. */
function hasSamplePassword(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || url.password === '') return false;
  const isLocal =
    ['', 'localhost', '[::1]'].includes(url.hostname) || (isIPv4(url.hostname) && url.hostname.startsWith('127.'));
  return !isLocal && EXAMPLE_PASSWORDS.has(decodeURIComponent(url.password).toLowerCase());
}
