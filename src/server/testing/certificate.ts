// Owns: certificates for tests, signed by their own key, ending when a test says. Not: serving them.

import { generateKeyPairSync, sign } from 'node:crypto';

/** A certificate and its key, in PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

const [SEQUENCE, SET, INTEGER, OBJECT, TEXT, TIME] = [0x30, 0x31, 0x02, 0x06, 0x0c, 0x18] as const;
const [BITS, OCTETS, NAME_OF_HOST, VERSION, EXTENSIONS] = [0x03, 0x04, 0x82, 0xa0, 0xa3] as const;
const COMMON_NAME = '550403';
const ALTERNATIVE_NAMES = '551d11';
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';

/** One for a host, from a time to a time. */
export function makeTestCertificate(host: string, validity: { fromMs: number; toMs: number }): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(SEQUENCE, der(OBJECT, hex(ECDSA_WITH_SHA256)));
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, der(OBJECT, hex(COMMON_NAME)), der(TEXT, Buffer.from(host)))));
  const names = der(OCTETS, der(SEQUENCE, der(NAME_OF_HOST, Buffer.from(host))));
  const content = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, hex('02'))),
    ...[der(INTEGER, hex('01')), algorithm, name],
    der(SEQUENCE, timeOf(validity.fromMs), timeOf(validity.toMs)),
    ...[name, publicKey.export({ type: 'spki', format: 'der' })],
    der(EXTENSIONS, der(SEQUENCE, der(SEQUENCE, der(OBJECT, hex(ALTERNATIVE_NAMES)), names))),
  );
  const whole = der(SEQUENCE, content, algorithm, der(BITS, hex('00'), sign('sha256', content, privateKey)));
  const lines = whole.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');

/** Tag, length, value: lengths beyond 127 as their own length and two bytes. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const length = value.length < 0x80 ? [value.length] : [0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}

/** `20260131235959Z`. */
function timeOf(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replaceAll(/\..*|\D/g, '');
  return der(TIME, Buffer.from(`${digits}Z`));
}
