/**
 * Owns: envelope encryption of stored secrets: one random data key a secret, wrapped by the master key. Does not own: where
 * the master key comes from (`master-key.ts`), what a context is made of (`secret-context.ts`), the rows that hold the result.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { Random } from '../../primitives/random.ts';

/** A secret as it is stored: two columns. */
export interface Sealed {
  readonly ciphertext: Buffer;
  /** Which master key wraps it, for finding what a rotation has still to do. Also inside the ciphertext. */
  readonly keyId: string;
}

/** Seals and opens secrets under one master key. Nothing it throws holds plain text or key material. */
export interface SecretBox {
  /** The id that new secrets are sealed under. */
  readonly keyId: string;
  /**
   * Encrypts under a fresh data key. The same `context` has to be given to open it: what the secret belongs to (see
   * `secret-context.ts`), so that a ciphertext moved to another row or origin does not open there.
   */
  seal(plain: string | Buffer, context: string): Sealed;
  /** Decrypts. Throws `SecretBoxError`: `wrong_master_key`, or `corrupt` when a byte or the context is another. */
  open(sealed: Sealed, context: string): Buffer;
  /** Wraps the data key anew under the current master key; the content stays as it is. Throws as `open` does. */
  rewrap(sealed: Sealed, context: string): Sealed;
  /** Whether `open` could find the master key for this id. */
  knows(keyId: string): boolean;
}

/** Why a secret did not open. */
export class SecretBoxError extends Error {
  override readonly name = 'SecretBoxError';
  readonly reason: 'wrong_master_key' | 'corrupt';

  constructor(reason: 'wrong_master_key' | 'corrupt', message: string) {
    super(message);
    this.reason = reason;
  }
}

export const MASTER_KEY_BYTES = 32;

const CIPHER = 'aes-256-gcm';
const FORMAT_VERSION = 1;
const KEY_ID_BYTES = 8;
const DATA_KEY_BYTES = 32;
/** NIST SP 800-38D, section 8.2.2: 96-bit random nonces; each key wraps or encrypts far fewer than 2^32 times. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

// Layout: version 1 | key id 8 | wrap nonce 12 | wrap tag 16 | wrapped data key 32 | nonce 12 | tag 16 | content.
const KEY_ID_AT = 1;
const WRAP_AT = KEY_ID_AT + KEY_ID_BYTES;
const CONTENT_AT = WRAP_AT + NONCE_BYTES + TAG_BYTES + DATA_KEY_BYTES;
const HEADER_BYTES = CONTENT_AT + NONCE_BYTES + TAG_BYTES;

/** The public name of a master key: the first 8 bytes of its SHA-256, in hex. */
export function masterKeyId(masterKey: Buffer): string {
  return createHash('sha256').update(masterKey).digest().subarray(0, KEY_ID_BYTES).toString('hex');
}

/**
 * A box that seals under `masterKey` (32 bytes) and also opens what `previousMasterKeys` sealed, for the time of a rotation.
 * Throws when a key has another length.
 */
export function createSecretBox(options: {
  masterKey: Buffer;
  random: Random;
  previousMasterKeys?: readonly Buffer[];
}): SecretBox {
  const { masterKey, random } = options;
  const keyId = masterKeyId(masterKey);
  const masterKeys = new Map<string, Buffer>();
  for (const key of [masterKey, ...(options.previousMasterKeys ?? [])]) {
    if (key.length !== MASTER_KEY_BYTES)
      throw new Error(`WEIR_MASTER_KEY must be ${MASTER_KEY_BYTES} bytes, not ${key.length}`);
    masterKeys.set(masterKeyId(key), key);
  }

  const wrap = (dataKey: Buffer, context: string): Buffer =>
    Buffer.concat([
      Buffer.from([FORMAT_VERSION]),
      Buffer.from(keyId, 'hex'),
      encrypt(masterKey, dataKey, { aad: wrapAad(context), random }),
    ]);

  const unwrap = (sealed: Sealed, context: string): Buffer => {
    const { ciphertext } = sealed;
    if (ciphertext.length < HEADER_BYTES || ciphertext[0] !== FORMAT_VERSION) throw corrupt();
    const sealedUnder = ciphertext.toString('hex', KEY_ID_AT, WRAP_AT);
    const key = masterKeys.get(sealedUnder);
    if (key === undefined) throw wrongMasterKey(sealedUnder, keyId);
    if (sealed.keyId !== sealedUnder) throw corrupt();
    return decrypt(key, ciphertext.subarray(WRAP_AT, CONTENT_AT), wrapAad(context));
  };

  return {
    keyId,
    seal(plain, context) {
      const dataKey = Buffer.from(random.bytes(DATA_KEY_BYTES));
      const content = typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain;
      const ciphertext = Buffer.concat([
        wrap(dataKey, context),
        encrypt(dataKey, content, { aad: contentAad(context), random }),
      ]);
      dataKey.fill(0);
      return { ciphertext, keyId };
    },
    open(sealed, context) {
      const dataKey = unwrap(sealed, context);
      const plain = decrypt(dataKey, sealed.ciphertext.subarray(CONTENT_AT), contentAad(context));
      dataKey.fill(0);
      return plain;
    },
    rewrap(sealed, context) {
      const dataKey = unwrap(sealed, context);
      const ciphertext = Buffer.concat([wrap(dataKey, context), sealed.ciphertext.subarray(CONTENT_AT)]);
      dataKey.fill(0);
      return { ciphertext, keyId };
    },
    knows: (id) => masterKeys.has(id),
  };
}

/** Different for key and content, so that neither can stand in for the other. Holds no key id: a rotation leaves the content alone. */
function wrapAad(context: string): Buffer {
  return Buffer.from(`weir/data-key/v${FORMAT_VERSION}\0${context}`, 'utf8');
}

function contentAad(context: string): Buffer {
  return Buffer.from(`weir/secret/v${FORMAT_VERSION}\0${context}`, 'utf8');
}

/** nonce | tag | content, the one form of both layers. */
function encrypt(key: Buffer, plain: Buffer, { aad, random }: { aad: Buffer; random: Random }): Buffer {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(aad);
  const content = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), content]);
}

function decrypt(key: Buffer, sealed: Buffer, aad: Buffer): Buffer {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(aad).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  } catch {
    throw corrupt();
  }
}

function corrupt(): SecretBoxError {
  return new SecretBoxError(
    'corrupt',
    'a stored secret is damaged, or was moved away from what it was sealed for; enter it again',
  );
}

function wrongMasterKey(sealedUnder: string, keyId: string): SecretBoxError {
  return new SecretBoxError(
    'wrong_master_key',
    `a stored secret was sealed under master key ${sealedUnder}, but WEIR_MASTER_KEY is ${keyId}; start with the key that this data was made with`,
  );
}
