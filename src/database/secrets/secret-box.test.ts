// Owns: proof that a sealed secret opens only whole, with its key and for what it was sealed for.

import { describe, expect, it } from 'vitest';
import { createSystemRandom } from '../../primitives/random.ts';
import { createSecretBox, MASTER_KEY_BYTES, masterKeyId, type Sealed, SecretBoxError } from './secret-box.ts';
import { idempotencyContext, originOf, providerCredentialContext } from './secret-context.ts';

const random = createSystemRandom();
const newKey = (): Buffer => Buffer.from(random.bytes(MASTER_KEY_BYTES));
const CONTEXT = providerCredentialContext({ providerId: 'p1', organizationId: null, origin: 'https://api.openai.com' });
const PLAIN = 'sk-a-secret-of-some-length';

function reasonOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!(error instanceof SecretBoxError)) throw error;
    expect(error.message).not.toContain(PLAIN);
    return error.reason;
  }
}

describe('the secret box', () => {
  const masterKey = newKey();
  const box = createSecretBox({ masterKey, random });

  it('opens what it sealed, text and bytes, the empty one and a large one', () => {
    for (const plain of ['', PLAIN, 'ü 😀', Buffer.from(random.bytes(70_000))]) {
      expect(box.open(box.seal(plain, CONTEXT), CONTEXT)).toEqual(Buffer.from(plain as string));
    }
  });

  it('never seals the same text to the same bytes and holds no plain text', () => {
    const [first, second] = [box.seal(PLAIN, CONTEXT), box.seal(PLAIN, CONTEXT)];
    expect(first.ciphertext.equals(second.ciphertext)).toBe(false);
    expect(first.ciphertext.includes(PLAIN)).toBe(false);
    expect(first.ciphertext.includes(masterKey)).toBe(false);
  });

  it('refuses a change of any single bit', () => {
    const sealed = box.seal(PLAIN, CONTEXT);
    for (let at = 0; at < sealed.ciphertext.length; at += 1) {
      const changed = Buffer.from(sealed.ciphertext);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << (at % 8)), at);
      expect(
        reasonOf(() => box.open({ ...sealed, ciphertext: changed }, CONTEXT)),
        `byte ${at}`,
      ).toBeDefined();
    }
  });

  it('refuses every truncation and any byte added', () => {
    const sealed = box.seal(PLAIN, CONTEXT);
    for (let length = 0; length < sealed.ciphertext.length; length += 1) {
      expect(reasonOf(() => box.open({ ...sealed, ciphertext: sealed.ciphertext.subarray(0, length) }, CONTEXT))).toBe(
        'corrupt',
      );
    }
    expect(
      reasonOf(() => box.open({ ...sealed, ciphertext: Buffer.concat([sealed.ciphertext, Buffer.of(0)]) }, CONTEXT)),
    ).toBe('corrupt');
  });

  it('does not open for another provider, organization, origin or purpose', () => {
    const owner = { providerId: 'p1', organizationId: 'o1', origin: 'https://api.openai.com' };
    const sealed = box.seal(PLAIN, providerCredentialContext(owner));
    const others = [
      providerCredentialContext({ ...owner, providerId: 'p2' }),
      providerCredentialContext({ ...owner, organizationId: 'o2' }),
      providerCredentialContext({ ...owner, organizationId: null }),
      providerCredentialContext({ ...owner, origin: 'https://evil.example' }),
      idempotencyContext('p1'),
    ];
    for (const other of others) expect(reasonOf(() => box.open(sealed, other))).toBe('corrupt');
  });

  it('does not open with data key and content of two secrets put together', () => {
    const [first, second] = [box.seal(PLAIN, CONTEXT), box.seal('sk-another', CONTEXT)];
    const mixed: Sealed = {
      keyId: box.keyId,
      ciphertext: Buffer.concat([first.ciphertext.subarray(0, 69), second.ciphertext.subarray(69)]),
    };
    expect(reasonOf(() => box.open(mixed, CONTEXT))).toBe('corrupt');
  });

  it('names WEIR_MASTER_KEY and both key ids when the master key is another', () => {
    const other = createSecretBox({ masterKey: newKey(), random });
    const sealed = other.seal(PLAIN, CONTEXT);
    expect(reasonOf(() => box.open(sealed, CONTEXT))).toBe('wrong_master_key');
    expect(() => box.open(sealed, CONTEXT)).toThrow(/WEIR_MASTER_KEY/);
    expect(() => box.open(sealed, CONTEXT)).toThrow(other.keyId);
    expect(box.knows(other.keyId)).toBe(false);
    expect(box.knows(masterKeyId(masterKey))).toBe(true);
  });

  it('rotates by wrapping the data key alone', () => {
    const nextKey = newKey();
    const sealed = box.seal(PLAIN, CONTEXT);
    const rotating = createSecretBox({ masterKey: nextKey, previousMasterKeys: [masterKey], random });
    expect(rotating.open(sealed, CONTEXT).toString()).toBe(PLAIN);
    const rewrapped = rotating.rewrap(sealed, CONTEXT);
    expect(rewrapped.keyId).toBe(masterKeyId(nextKey));
    expect(rewrapped.ciphertext.subarray(69).equals(sealed.ciphertext.subarray(69))).toBe(true);
    expect(createSecretBox({ masterKey: nextKey, random }).open(rewrapped, CONTEXT).toString()).toBe(PLAIN);
    expect(reasonOf(() => box.open(rewrapped, CONTEXT))).toBe('wrong_master_key');
  });

  it('takes no master key of another length', () => {
    for (const length of [0, 16, 31, 33]) {
      expect(() => createSecretBox({ masterKey: Buffer.alloc(length), random })).toThrow(
        /WEIR_MASTER_KEY must be 32 bytes/,
      );
    }
  });
});

describe('the origin of a base URL', () => {
  it('is scheme, host and port, whatever the path', () => {
    expect(originOf('https://api.openai.com/v1')).toBe('https://api.openai.com');
    expect(originOf('http://10.0.0.1:8080/v1/')).toBe('http://10.0.0.1:8080');
    expect(originOf('https://API.example.com:443')).toBe('https://api.example.com');
  });

  it('is none where the URL leads nowhere over HTTP', () => {
    for (const text of ['', 'https://', 'api.openai.com', 'sandbox://openai/v1', 'file:///etc/passwd']) {
      expect(originOf(text)).toBeNull();
    }
  });
});
