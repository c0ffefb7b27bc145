// Owns: wrapping everything that is sealed under another master key, batch by batch, each a transaction of its own. Not: where the keys come from or are kept
// (cli/keys-rotate-master.ts), or what is sealed where (database/secrets/sealed-places.ts).

import type { Audit } from '../../control/audit/index.ts';
import { rewrapAuthValue } from '../../control/identity/sign-in/auth-rewrap.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import { listKeyIds, rewrapBatch, SEALED_PLACES, type SealedPlace } from '../../database/secrets/sealed-places.ts';
import type { SecretBox } from '../../database/secrets/secret-box.ts';
import { listAuthSecrets, updateAuthSecret } from './auth-secret.queries.ts';

/** What a rotation works with. */
export interface RotationOptions {
  /** A pool as `weir_service`. */
  readonly database: Database;
  /** Seals under the new key and opens with every one that is known. */
  readonly box: SecretBox;
  /** Sign-in's own secrets: of the new key, and of the others. */
  readonly authSecrets: { readonly from: readonly string[]; readonly to: string };
  readonly audit: Audit;
  /** Told after each batch. */
  readonly onProgress: (name: string, total: number) => void;
}

/** What it came to. `damaged` names rows that opened under none of the keys. */
export interface RotationResult {
  readonly rewrapped: number;
  readonly damaged: readonly string[];
}

/** Secrets wrapped in one transaction. */
const BATCH = 100;
const REASON = 'rotate the master key';

/** Master keys of lasting secrets that the box does not know: with them the rotation can't be complete. */
export function findUnknownKeys({ database, box }: Pick<RotationOptions, 'database' | 'box'>): Promise<string[]> {
  return withPlatform(database, REASON, async (tx) => {
    const ids = new Set<string>();
    for (const place of SEALED_PLACES.filter(({ isLasting }) => isLasting))
      for (const keyId of await listKeyIds(tx, place)) if (!box.knows(keyId)) ids.add(keyId);
    return [...ids];
  });
}

/** Carries everything over. Whatever interrupts it, what was committed stays and the rest is found again. */
export async function rotateSecrets(options: RotationOptions): Promise<RotationResult> {
  const results: RotationResult[] = [];
  for (const place of SEALED_PLACES) results.push(await rotatePlace(options, place));
  results.push(await rotateAuth(options));
  const rewrapped = results.reduce((sum, result) => sum + result.rewrapped, 0);
  const damaged = results.flatMap((result) => result.damaged);
  if (rewrapped > 0)
    await withPlatform(options.database, REASON, (tx) =>
      options.audit.recordFor(
        tx,
        { type: 'system', id: null, request: null },
        {
          ...{ action: 'master_key.rotate', targetType: 'platform', targetId: null, organizationId: null },
          after: { key_id: options.box.keyId, rewrapped, damaged: damaged.length },
        },
      ),
    );
  return { rewrapped, damaged };
}

async function rotatePlace(
  { database, box, onProgress }: RotationOptions,
  place: SealedPlace,
): Promise<RotationResult> {
  const damaged: string[] = [];
  let rewrapped = 0;
  for (;;) {
    const batch = await withPlatform(database, REASON, (tx) =>
      rewrapBatch(tx, place, { box, limit: BATCH, passedOver: damaged }),
    );
    rewrapped += batch.rewrapped;
    damaged.push(...batch.damaged);
    if (batch.rewrapped > 0) onProgress(place.name, rewrapped);
    if (batch.rewrapped + batch.damaged.length === 0) break;
  }
  // An answer that is kept for a day and cannot be read could not be read before.
  return { rewrapped, damaged: place.isLasting ? damaged.map((row) => `${place.name}: ${row}`) : [] };
}

/** Second factors and tokens of other sign-ins do not say which key they are under: each is tried, in the order of ids. */
async function rotateAuth({ database, authSecrets, onProgress }: RotationOptions): Promise<RotationResult> {
  const damaged: string[] = [];
  let rewrapped = 0;
  let after: string | null = null;
  for (;;) {
    const batch = await withPlatform(database, REASON, (tx) => listAuthSecrets(tx, { after, limit: BATCH }));
    const before = rewrapped;
    for (const secret of batch) {
      const result = await rewrapAuthValue(secret.value, authSecrets);
      if (result === 'damaged') damaged.push(`sign-in: ${secret.place} ${secret.id}`);
      // Only if nobody changed it meanwhile; then it is under the new key already, or the next run's.
      else if (
        result !== null &&
        (await withPlatform(database, REASON, (tx) => updateAuthSecret(tx, secret, result.value)))
      )
        rewrapped += 1;
    }
    if (rewrapped > before) onProgress('sign-in', rewrapped);
    const last = batch.at(-1);
    if (last === undefined) break;
    after = last.cursor;
  }
  return { rewrapped, damaged };
}
