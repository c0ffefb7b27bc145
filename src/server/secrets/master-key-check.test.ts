// Proves: a master key that the data was not made with is noticed by whatever is sealed: keys of providers and of templates' endpoints, second factors.

import { symmetricEncrypt } from 'better-auth/crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { masterKeyId } from '../../database/secrets/secret-box.ts';
import { seedReference } from '../../database/seeds/index.ts';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import { createTenant, type Tenant } from '../../gateway/testing/tenants.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { deriveAuthSecret } from './auth-secret.ts';
import { assertMasterKeysFit } from './master-key-check.ts';

const random = createSystemRandom();
const newId = (): string => createUuidV7(systemClock.nowMs(), random);
const [THEIRS, OTHER] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

let database: TestDatabase;
let owner: pg.Client;
let tenant: Tenant;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await seedReference(owner, { clock: systemClock, random, sandbox: false });
  tenant = await createTenant(owner);
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});
beforeEach(async () => {
  await owner.query('delete from weir.provider_credentials; delete from weir.two_factors');
});

const fits = (...keys: [Buffer, ...Buffer[]]): Promise<void> => assertMasterKeysFit(database.url, keys);

async function sealProviderKey(): Promise<void> {
  await owner.query(
    `insert into weir.provider_credentials (id, provider_id, organization_id, label, ciphertext, key_id, origin, last_four)
     select $1, id, $2, 'ours', '\\x00', $3, 'https://api.example', 'last' from weir.providers limit 1`,
    [newId(), tenant.organizationId, masterKeyId(THEIRS)],
  );
}

async function encryptSecondFactor(): Promise<void> {
  const key = { keys: new Map([[1, deriveAuthSecret(THEIRS)]]), currentVersion: 1 };
  const value = await symmetricEncrypt({ key, data: 'totp' });
  await owner.query('insert into weir.two_factors (id, user_id, secret, backup_codes) values ($1, $2, $3, $3)', [
    ...[newId(), tenant.userId, value],
  ]);
}

test('with nothing sealed every key fits', async () => {
  await expect(fits(OTHER)).resolves.toBeUndefined();
});

test.each<[string, () => Promise<void>, RegExp]>([
  ['keys of providers', sealProviderKey, new RegExp(`provider keys, sealed under master key ${masterKeyId(THEIRS)}`)],
  ['second factors', encryptSecondFactor, /second factors and sign-ins by others, encrypted under another master key/],
])('%s that another key sealed are named, with what to do', async (_, seal, named) => {
  await seal();
  await expect(fits(OTHER)).rejects.toThrow(named);
  await expect(fits(OTHER)).rejects.toThrow(
    /^the master key is \w{16}, .* Put master\.key back from where this data was made, or set WEIR_MASTER_KEY/,
  );
  await expect(fits(THEIRS)).resolves.toBeUndefined();
  // In the midst of a rotation.
  await expect(fits(OTHER, THEIRS)).resolves.toBeUndefined();
});
