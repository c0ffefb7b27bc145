// Owns: the acts on an organization's own keys at providers: list, bring, rotate, revoke, validate. Not: how a provider is asked (handed in), or which key a call
// goes out with (the gateway).

import type { MemberCaller } from '../../contracts/caller.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import { invalidField } from '../../contracts/problem.ts';
import { violatedConstraint } from '../../database/failures.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import { type SecretBox, SecretBoxError } from '../../database/secrets/secret-box.ts';
import { providerCredentialContext } from '../../database/secrets/secret-context.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import {
  endProviderKey,
  findProvider,
  findProviderKey,
  findSealedSecret,
  insertProviderKey,
  type KeyProvider,
  listProviderKeys,
  type ProviderKey,
  type StoredSecret,
  updateProviderSecret,
  updateValidation,
  type Validation,
} from './provider-key.queries.ts';
import {
  auditedProviderKey,
  type BaseUrls,
  baseUrlOf,
  keyOrigin,
  type ProbeOutcome,
  providerKeyPlace,
  validationOf,
} from './provider-key.rules.ts';

/** Asks a provider whether it takes a key, by listing its models. Never rejects. `baseUrl` has no slash at the end. */
export type ProbeProvider = (
  target: Pick<KeyProvider, 'slug' | 'type' | 'config'> & { readonly baseUrl: string },
  secret: string,
) => Promise<ProbeOutcome>;

/** The acts. Each runs as the caller, under row level security, and leaves its audit row. A secret goes in and never comes out. */
export interface ProviderKeyService {
  list(caller: MemberCaller, page: PageRequest): Promise<Page<ProviderKey>>;
  /** 400 for a provider that is none or takes no keys, and for a secret that the provider refuses; 409 for a label that is taken. */
  create(
    caller: MemberCaller,
    key: { readonly provider: string; readonly label: string; readonly secret: string },
  ): Promise<ProviderKey>;
  /** 400 for a secret that the provider refuses, 409 for a key that is revoked. */
  rotate(caller: MemberCaller, id: string, secret: string): Promise<ProviderKey>;
  /** Erases the secret. Repeated: the first time counts. */
  revoke(caller: MemberCaller, id: string): Promise<ProviderKey>;
  /** 409 for a key that is revoked. */
  validate(caller: MemberCaller, id: string): Promise<{ readonly key: ProviderKey; readonly outcome: ProbeOutcome }>;
}

/** Over the given database. */
export function createProviderKeyService(options: {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly audit: Audit;
  readonly probe: ProbeProvider;
  readonly baseUrls: BaseUrls;
  readonly clock: Clock;
  readonly random: Random;
}): ProviderKeyService {
  const { database, secrets, audit, probe, baseUrls, clock, random } = options;

  /** Asks, refuses a secret that the provider refuses, and seals it for where the provider is. No transaction is open meanwhile. */
  const admit = async (
    caller: MemberCaller,
    provider: KeyProvider,
    plain: string,
  ): Promise<{ secret: StoredSecret; validation: Validation }> => {
    const origin = keyOrigin(provider, baseUrls);
    if (origin === null) throw invalidField('provider', 'takes no keys');
    const outcome = await probe({ ...provider, baseUrl: baseUrlOf(provider, baseUrls) }, plain);
    if (outcome.verdict === 'refused') throw invalidField('secret', 'was refused by the provider');
    const { organizationId } = caller;
    const sealed = secrets.seal(plain, providerCredentialContext({ providerId: provider.id, organizationId, origin }));
    return {
      secret: { sealed, origin, lastFour: plain.slice(-4) },
      validation: validationOf(outcome, 'active', clock.nowMs()),
    };
  };

  const record = (
    tx: DatabaseTransaction,
    caller: MemberCaller,
    act: { readonly verb: string; readonly before?: ProviderKey; readonly after: ProviderKey },
  ): Promise<void> =>
    audit.record(tx, caller, {
      ...{ action: `provider_key.${act.verb}`, targetType: 'provider_key', targetId: act.after.id },
      ...(act.before === undefined ? {} : { before: auditedProviderKey(act.before) }),
      after: auditedProviderKey(act.after),
    });

  /** The secret of a key, opened; null when it does not open any more. */
  const openSecret = async (key: ProviderKey): Promise<string | null> => {
    const sealed = await withPlatform(database, 'validate a provider key for its organization', (tx) =>
      findSealedSecret(tx, key),
    );
    if (sealed === undefined) throw ended();
    const { providerId, organizationId, origin } = key;
    try {
      return secrets.open(sealed, providerCredentialContext({ providerId, organizationId, origin })).toString('utf8');
    } catch (error) {
      if (error instanceof SecretBoxError) return null;
      throw error;
    }
  };

  const ask = async (key: ProviderKey): Promise<ProbeOutcome> => {
    const { provider } = key;
    if (provider === null) return { verdict: 'unknown', message: 'The provider is not in service.' };
    if (keyOrigin(provider, baseUrls) !== key.origin)
      return { verdict: 'unknown', message: 'The provider has moved since the key was entered. Enter it again.' };
    const secret = await openSecret(key);
    if (secret === null) return { verdict: 'refused', message: 'The stored key is damaged. Enter it again.' };
    return probe({ ...provider, baseUrl: baseUrlOf(provider, baseUrls) }, secret);
  };

  return {
    async list(caller, { limit, cursor }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, providerKeyPlace)[0];
      const rows = await withPrincipal(database, caller, (tx) =>
        listProviderKeys(tx, caller.organizationId, { limit: limit + 1, after }),
      );
      return toPage(rows, limit, ({ id }) => [id]);
    },

    async create(caller, { provider: slug, label, secret: plain }) {
      const provider = await withPrincipal(database, caller, (tx) => findProvider(tx, slug));
      if (provider === undefined) throw invalidField('provider', 'is not known');
      const admitted = await admit(caller, provider, plain);
      const id = createUuidV7(clock.nowMs(), random);
      const { organizationId, userId: createdBy } = caller;
      return explained(() =>
        withPrincipal(database, caller, async (tx) => {
          await insertProviderKey(tx, { ...admitted, id, organizationId, createdBy, providerId: provider.id, label });
          const after = await getKey(tx, caller, id);
          await record(tx, caller, { verb: 'create', after });
          return after;
        }),
      );
    },

    async rotate(caller, id, plain) {
      const before = await withPrincipal(database, caller, (tx) => getKey(tx, caller, id));
      if (before.status === 'revoked') throw ended();
      if (before.provider === null) throw invalidField('provider', 'is not in service');
      const admitted = await admit(caller, before.provider, plain);
      return withPrincipal(database, caller, async (tx) => {
        if (!(await updateProviderSecret(tx, before, admitted))) throw ended();
        const after = await getKey(tx, caller, id);
        await record(tx, caller, { verb: 'rotate', before, after });
        return after;
      });
    },

    revoke: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const before = await getKey(tx, caller, id);
        if (!(await endProviderKey(tx, before))) return getKey(tx, caller, id);
        const after = await getKey(tx, caller, id);
        await record(tx, caller, { verb: 'revoke', before, after });
        return after;
      }),

    async validate(caller, id) {
      const before = await withPrincipal(database, caller, (tx) => getKey(tx, caller, id));
      if (before.status === 'revoked') throw ended();
      const outcome = await ask(before);
      return withPrincipal(database, caller, async (tx) => {
        const isKept = await updateValidation(tx, before, validationOf(outcome, before.status, clock.nowMs()));
        const key = await getKey(tx, caller, id);
        // Of a key that was rotated meanwhile the outcome says nothing.
        if (isKept) await record(tx, caller, { verb: 'validate', before, after: key });
        return { key, outcome };
      });
    },
  };
}

async function getKey(tx: DatabaseTransaction, { organizationId }: MemberCaller, id: string): Promise<ProviderKey> {
  const key = await findProviderKey(tx, { organizationId, id });
  if (key === undefined) throw new WeirError('not_found');
  return key;
}

const ended = (): WeirError =>
  new WeirError('conflict', { message: 'The key has been revoked, and what it was is erased. Add a new one.' });

/** Constraints that refused, as the errors they stand for. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violatedConstraint(error) !== 'provider_credentials_label_once') throw error;
    const message = 'is taken by another key for this provider';
    throw new WeirError('conflict', {
      ...{ message: `The label ${message}.`, param: 'label', details: { errors: [{ path: 'label', message }] } },
    });
  }
}
