// Owns: the form of a token for the product API. Not: virtual keys, which are for the gateway, or whose a token is.

import type { Random } from './random.ts';
import { createChecksummedSecret, hasChecksum } from './virtual-key.ts';

/** Whose a token is. */
export type ApiTokenKind = 'personal' | 'organization';

const PREFIX: Readonly<Record<ApiTokenKind, string>> = { personal: 'wr_pat_', organization: 'wr_org_' };
const FORM = /^wr_(pat|org)_[0-9A-Za-z]{46}$/;

/** A new token: `wr_pat_` or `wr_org_`, else as virtual keys are: 40 base62 characters of chance and a checksum. */
export function createApiToken(kind: ApiTokenKind, random: Random): string {
  return createChecksummedSecret(PREFIX[kind], random);
}

/** Whether a text has the form and checksum of a token. Says nothing on whether it is known. */
export function isWellFormedApiToken(text: string): boolean {
  return FORM.test(text) && hasChecksum(text);
}
