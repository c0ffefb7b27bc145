// Owns: the rows of organizations' own keys at providers, snake_case in, camelCase out. Not: opening or sealing them, or the platform's own keys.

import type { CredentialStatus, ProviderType } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { Sealed } from '../../database/secrets/secret-box.ts';

/** A provider that a key can be for. */
export interface KeyProvider {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly type: ProviderType;
  readonly baseUrl: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A key, without the secret. */
export interface ProviderKey {
  readonly id: string;
  readonly organizationId: string;
  readonly providerId: string;
  /** Null where the provider was taken out of service, with what follows. */
  readonly provider: KeyProvider | null;
  readonly label: string;
  readonly origin: string;
  readonly lastFour: string;
  readonly status: CredentialStatus;
  readonly createdBy: string | null;
  readonly rotatedAt: Date | null;
  readonly lastValidatedAt: Date | null;
  readonly lastValidationError: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What asking the provider gave. */
export interface Validation {
  readonly status: CredentialStatus;
  readonly validatedAt: Date;
  readonly error: string | null;
}

/** A secret as it is stored, and where it may be sent. */
export interface StoredSecret {
  readonly sealed: Sealed;
  readonly origin: string;
  readonly lastFour: string;
}

/** Whose key. */
type KeyPlace = { readonly organizationId: string; readonly id: string };

const asConfig = (config: unknown): Readonly<Record<string, unknown>> => config as Readonly<Record<string, unknown>>;

/** A provider in service, by its slug. */
export async function findProvider(tx: DatabaseTransaction, slug: string): Promise<KeyProvider | undefined> {
  const row = await tx
    .selectFrom('providers')
    .select(['id', 'slug', 'name', 'type', 'base_url as baseUrl', 'config'])
    .where('slug', '=', slug)
    .executeTakeFirst();
  return row === undefined ? undefined : { ...row, config: asConfig(row.config) };
}

function selectKeys(tx: DatabaseTransaction, organizationId: string) {
  return tx
    .selectFrom('provider_credentials as c')
    .leftJoin('providers as p', 'p.id', 'c.provider_id')
    .select(['c.id', 'c.organization_id as organizationId', 'c.provider_id as providerId', 'c.label', 'c.origin'])
    .select(['c.last_four as lastFour', 'c.status', 'c.created_by as createdBy', 'c.rotated_at as rotatedAt'])
    .select(['c.last_validated_at as lastValidatedAt', 'c.last_validation_error as lastValidationError'])
    .select(['c.created_at as createdAt', 'c.updated_at as updatedAt'])
    .select(['p.slug', 'p.name', 'p.type', 'p.base_url as baseUrl', 'p.config'])
    .where('c.organization_id', '=', organizationId);
}

type KeyRow = Awaited<ReturnType<ReturnType<typeof selectKeys>['execute']>>[number];

function toKey({ slug, name, type, baseUrl, config, organizationId, ...key }: KeyRow): ProviderKey {
  const isInService = slug !== null && name !== null && type !== null && baseUrl !== null;
  const provider = isInService
    ? { id: key.providerId, slug, name, type, baseUrl, config: asConfig(config ?? {}) }
    : null;
  // The query asks for one organization's alone.
  return { ...key, organizationId: organizationId ?? '', provider };
}

/** Up to `limit` keys, the newest first, after an id. */
export async function listProviderKeys(
  tx: DatabaseTransaction,
  organizationId: string,
  page: { readonly limit: number; readonly after: string | null },
): Promise<ProviderKey[]> {
  const query = selectKeys(tx, organizationId).orderBy('c.id', 'desc').limit(page.limit);
  const rows = await (page.after === null ? query : query.where('c.id', '<', page.after)).execute();
  return rows.map(toKey);
}

/** One key. */
export async function findProviderKey(
  tx: DatabaseTransaction,
  { organizationId, id }: KeyPlace,
): Promise<ProviderKey | undefined> {
  const row = await selectKeys(tx, organizationId).where('c.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toKey(row);
}

/** A new key. Constraints refuse a label that is taken. */
export async function insertProviderKey(
  tx: DatabaseTransaction,
  key: KeyPlace & {
    readonly providerId: string;
    readonly label: string;
    readonly createdBy: string;
    readonly secret: StoredSecret;
    readonly validation: Validation;
  },
): Promise<void> {
  await tx
    .insertInto('provider_credentials')
    .values({
      ...{ id: key.id, organization_id: key.organizationId, provider_id: key.providerId, label: key.label },
      ...{ created_by: key.createdBy, ...secretColumns(key.secret), ...validationColumns(key.validation) },
    })
    .execute();
}

/** Puts another secret in the place of one. Whether the key is still there and not revoked. */
export async function updateProviderSecret(
  tx: DatabaseTransaction,
  place: KeyPlace,
  { secret, validation }: { readonly secret: StoredSecret; readonly validation: Validation },
): Promise<boolean> {
  const result = await updateLiveKey(tx, place)
    .set({ ...secretColumns(secret), ...validationColumns(validation), rotated_at: validation.validatedAt })
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Keeps what asking gave, if the secret is still the one that was asked about (`rotatedAt`). Whether it was. */
export async function updateValidation(
  tx: DatabaseTransaction,
  key: Pick<ProviderKey, 'organizationId' | 'id' | 'rotatedAt'>,
  validation: Validation,
): Promise<boolean> {
  const query = updateLiveKey(tx, key).set(validationColumns(validation));
  const { rotatedAt } = key;
  const result = await (rotatedAt === null
    ? query.where('rotated_at', 'is', null)
    : query.where('rotated_at', '=', rotatedAt)
  ).executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Ends a key and erases its secret. Whether it had not ended before. */
export async function endProviderKey(tx: DatabaseTransaction, place: KeyPlace): Promise<boolean> {
  const result = await updateLiveKey(tx, place)
    .set({ status: 'revoked', ciphertext: Buffer.alloc(0) })
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

function updateLiveKey(tx: DatabaseTransaction, { organizationId, id }: KeyPlace) {
  return tx
    .updateTable('provider_credentials')
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('status', '<>', 'revoked');
}

/** The sealed secret of a key that has not ended. Only the platform's role may read it. */
export async function findSealedSecret(tx: DatabaseTransaction, place: KeyPlace): Promise<Sealed | undefined> {
  const row = await tx
    .selectFrom('provider_credentials')
    .select(['ciphertext', 'key_id as keyId'])
    .where('id', '=', place.id)
    .where('organization_id', '=', place.organizationId)
    .where('status', '<>', 'revoked')
    .executeTakeFirst();
  return row;
}

const secretColumns = ({ sealed, origin, lastFour }: StoredSecret) => ({
  ...{ ciphertext: sealed.ciphertext, key_id: sealed.keyId, origin, last_four: lastFour },
});

const validationColumns = ({ status, validatedAt, error }: Validation) => ({
  ...{ status, last_validated_at: validatedAt, last_validation_error: error },
});
