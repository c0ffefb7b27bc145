// Owns: an answer as the bytes that are stored: status, headers and body sealed together, bound to the key and the request they answer.
// Not: the cipher (database/secrets) or the table (idempotency-queries.ts).

import { type SecretBox, SecretBoxError } from '../../database/secrets/secret-box.ts';
import { gatewayAnswerContext } from '../../database/secrets/secret-context.ts';
import type { IdempotentCall, KeptAnswer } from './idempotency.ts';

/** What an answer is bound to: copied to another key, body or call, it does not open. */
export type AnswerBinding = Pick<IdempotentCall, 'keyId' | 'idempotencyKey' | 'requestHash' | 'requestId'>;

// Layout: master key's id 8 | ciphertext of (length of head 4 | head as JSON | body).
const KEY_ID_BYTES = 8;
const HEAD_LENGTH_BYTES = 4;

/** Seals an answer. */
export function sealAnswer(secrets: SecretBox, answer: KeptAnswer, binding: AnswerBinding): Buffer {
  const head = Buffer.from(JSON.stringify([answer.status, answer.headers]));
  const length = Buffer.alloc(HEAD_LENGTH_BYTES);
  length.writeUInt32BE(head.length);
  const { ciphertext, keyId } = secrets.seal(Buffer.concat([length, head, answer.body]), contextOf(binding));
  return Buffer.concat([Buffer.from(keyId, 'hex'), ciphertext]);
}

/** Opens what `sealAnswer` made; null when it was changed, moved, or sealed under a master key that is not known. */
export function openAnswer(secrets: SecretBox, stored: Buffer, binding: AnswerBinding): KeptAnswer | null {
  const sealed = { keyId: stored.toString('hex', 0, KEY_ID_BYTES), ciphertext: stored.subarray(KEY_ID_BYTES) };
  const plain = tryOpen(secrets, sealed, contextOf(binding));
  if (plain === null) return null;
  const bodyAt = HEAD_LENGTH_BYTES + plain.readUInt32BE(0);
  const [status, headers] = JSON.parse(plain.toString('utf8', HEAD_LENGTH_BYTES, bodyAt)) as [
    number,
    Record<string, string>,
  ];
  return { status, headers, body: plain.subarray(bodyAt) };
}

function tryOpen(secrets: SecretBox, sealed: Parameters<SecretBox['open']>[0], context: string): Buffer | null {
  try {
    return secrets.open(sealed, context);
  } catch (error) {
    if (error instanceof SecretBoxError) return null;
    throw error;
  }
}

function contextOf({ requestHash, ...binding }: AnswerBinding): string {
  return gatewayAnswerContext({ ...binding, requestHash: requestHash.toString('hex') });
}
