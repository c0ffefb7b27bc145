// Owns: whether what is stored can be opened with the master keys at hand: all that is sealed for longer than a day, and what sign-in encrypts. Not: where the keys
// come from, or what follows (a start is refused, `weir doctor` tells).

import { rewrapAuthValue } from '../../control/identity/sign-in/auth-rewrap.ts';
import { createDatabase, type Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import { listKeyIds, SEALED_PLACES } from '../../database/secrets/sealed-places.ts';
import { masterKeyId, SecretBoxError } from '../../database/secrets/secret-box.ts';
import { listAuthSecrets } from './auth-secret.queries.ts';
import { deriveAuthSecret } from './auth-secret.ts';

const REASON = 'check the master key';

/** What no key at hand opens; empty where all is well. For people: `provider keys, sealed under master key 0a1b2c3d4e5f6071`. */
export async function findForeignSecrets(
  database: Database,
  masterKeys: readonly Buffer[],
): Promise<readonly string[]> {
  const known = new Set(masterKeys.map(masterKeyId));
  return withPlatform(database, REASON, async (tx) => {
    const foreign: string[] = [];
    for (const place of SEALED_PLACES.filter(({ isLasting }) => isLasting)) {
      const ids = (await listKeyIds(tx, place)).filter((id) => !known.has(id));
      if (ids.length > 0) foreign.push(`${place.name}, sealed under master key ${ids.join(', ')}`);
    }
    // These do not say which key they are under. One stands for all: only a rotation leaves them under several, and then all its keys are at hand.
    const [secret] = await listAuthSecrets(tx, { after: null, limit: 1 });
    if (secret !== undefined && !(await opens(secret.value, masterKeys)))
      foreign.push('second factors and sign-ins by others, encrypted under another master key');
    return foreign;
  });
}

/** Refuses to go on with a key that the data was not made with: each secret would fail by itself, in the middle of the day. */
export async function assertMasterKeysFit(
  databaseUrl: string,
  masterKeys: readonly [Buffer, ...Buffer[]],
): Promise<void> {
  const foreign = await withSecretsDatabase(databaseUrl, (database) => findForeignSecrets(database, masterKeys));
  if (foreign.length === 0) return;
  throw new SecretBoxError(
    'wrong_master_key',
    `the master key is ${masterKeyId(masterKeys[0])}, which does not open what is stored: ${foreign.join('; ')}. Put master.key back from where this data was made, or set WEIR_MASTER_KEY to that key`,
  );
}

/** A pool that may read what is sealed, for the time of some work. */
export async function withSecretsDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const applicationName = 'weir keys';
  const database = createDatabase({ url, role: 'weir_service', max: 1, applicationName, statementTimeoutMs: 0 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

async function opens(value: string, [present, ...others]: readonly Buffer[]): Promise<boolean> {
  if (present === undefined) return false;
  const from = others.map(deriveAuthSecret);
  return (await rewrapAuthValue(value, { from, to: deriveAuthSecret(present) })) !== 'damaged';
}
