// Owns: the acts on virtual keys: list, make, change, rotate, revoke, validate. Not: who may do which (virtual-key.rules.ts), or what a key allows at the gateway.

import type { MemberCaller } from '../../../contracts/caller.ts';
import { checkFresh } from '../../../contracts/entity-tag.ts';
import type { BudgetEnforcement, BudgetPeriod, KeyEnvironment } from '../../../contracts/enumerations.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../contracts/paging.ts';
import { type FieldError, invalidField, invalidFields } from '../../../contracts/problem.ts';
import { violatedConstraint } from '../../../database/failures.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPrincipal } from '../../../database/principal.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import type { Random } from '../../../primitives/random.ts';
import {
  createVirtualKey,
  displayVirtualKey,
  hashVirtualKey,
  isWellFormedVirtualKey,
} from '../../../primitives/virtual-key.ts';
import type { Audit } from '../../audit/index.ts';
import {
  findMemberRole,
  findMembersCreateKeys,
  findVirtualKey,
  getKeyStanding,
  insertKeyBudget,
  insertVirtualKey,
  type KeyBounds,
  type KeyScope,
  listUnseenNames,
  listVirtualKeys,
  lockVirtualKey,
  updateVirtualKey,
  type VirtualKey,
} from './virtual-key.queries.ts';
import {
  addedEntries,
  auditedKey,
  budgetAmount,
  checkActing,
  checkExpiry,
  checkMayMake,
  checkNarrows,
  checkNotAbove,
  keepsAllKeys,
  ownerOf,
  reasonOf,
  refusalsOf,
  stateOf,
  virtualKeyPlace,
} from './virtual-key.rules.ts';

/** What a new key is made of. */
export interface KeyOrder extends KeyBounds {
  readonly name: string;
  readonly environment: KeyEnvironment;
  readonly owner: { readonly type: 'user' | 'service'; readonly user_id?: string | undefined } | undefined;
  readonly budget:
    | {
        readonly amountUsd: string | number;
        readonly period: BudgetPeriod;
        readonly enforcement: BudgetEnforcement;
      }
    | undefined;
}

/** A key with its secret, which is told this once. */
export interface MadeKey {
  readonly key: VirtualKey;
  readonly secret: string;
}

/** Whether a key would be accepted. `key` is null where the caller sees none. */
export interface KeyVerdict {
  readonly key: VirtualKey | null;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
}

/** The acts. Each runs as the caller, under row level security, and leaves its audit row. Another's key and a missing one are the same 404. */
export interface VirtualKeyService {
  list(
    caller: MemberCaller,
    page: PageRequest & { readonly environment?: KeyEnvironment | undefined; readonly user_id?: string | undefined },
  ): Promise<Page<VirtualKey>>;
  /** 400 names what is unknown; 403 for more than the caller may. */
  create(caller: MemberCaller, order: KeyOrder): Promise<MadeKey>;
  /** 409 for a key that has been revoked, 412 `stale` when `ifMatch` names an older version. */
  update(
    caller: MemberCaller,
    id: string,
    edit: {
      readonly change: Partial<KeyBounds> & { readonly name?: string | undefined };
      readonly ifMatch: string | null;
    },
  ): Promise<VirtualKey>;
  /** A new key with the same bounds and the same budget; the old one works for `graceSeconds` more. 409 for a key that is no more. */
  rotate(caller: MemberCaller, id: string, graceSeconds: number): Promise<MadeKey>;
  /** Repeated: the first time counts. */
  revoke(caller: MemberCaller, id: string): Promise<VirtualKey>;
  validate(caller: MemberCaller, id: string): Promise<KeyVerdict>;
  validateSecret(caller: MemberCaller, secret: string): Promise<KeyVerdict>;
}

/** Over the given database. */
export function createVirtualKeyService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: Random;
}): VirtualKeyService {
  const { database, audit, clock, random } = options;
  const newId = (): string => createUuidV7(clock.nowMs(), random);

  /** Inserts under a fresh secret and gives both. */
  const insertKey = async (
    tx: DatabaseTransaction,
    caller: MemberCaller,
    key: KeyBounds & {
      readonly name: string;
      readonly environment: KeyEnvironment;
      readonly userId: string | null;
      readonly rotatedFrom: string | null;
    },
  ): Promise<{ id: string; secret: string }> => {
    const secret = createVirtualKey(key.environment, random);
    const id = newId();
    const { organizationId, userId: createdBy } = caller;
    const shown = displayVirtualKey(secret);
    await insertVirtualKey(tx, { ...key, ...shown, id, organizationId, createdBy, keyHash: hashVirtualKey(secret) });
    return { id, secret };
  };

  const record = (
    tx: DatabaseTransaction,
    caller: MemberCaller,
    act: { readonly verb: string; readonly before?: VirtualKey; readonly after: VirtualKey },
  ): Promise<void> =>
    audit.record(tx, caller, {
      ...{ action: `virtual_key.${act.verb}`, targetType: 'virtual_key', targetId: act.after.id },
      ...(act.before === undefined ? {} : { before: auditedKey(act.before) }),
      after: auditedKey(act.after),
    });

  return {
    async list(caller, { limit, cursor, environment = null, user_id: userId }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, virtualKeyPlace)[0];
      const own = scopeOf(caller);
      // Somebody else's keys are none of a member's: an empty list, as for a person who is not there.
      if (own.userId !== null && userId !== undefined && userId !== own.userId) return { items: [], nextCursor: null };
      const scope = { ...own, userId: own.userId ?? userId ?? null };
      const rows = await withPrincipal(database, caller, (tx) =>
        listVirtualKeys(tx, scope, { limit: limit + 1, after, environment: environment ?? null }),
      );
      return toPage(rows, limit, ({ id }) => [id]);
    },

    create: (caller, order) =>
      explained(() =>
        withPrincipal(database, caller, async (tx) => {
          const owner = ownerOf(caller, order.owner);
          checkActing(caller, order.canActForMembers);
          checkExpiry(order.expiresAt, clock.nowMs());
          const amountNanoUsd = order.budget === undefined ? null : budgetAmount(order.budget.amountUsd);
          checkMayMake(caller, await findMembersCreateKeys(tx, caller.organizationId));
          if (owner.type === 'user') await checkOwner(tx, caller, owner.userId);
          await checkNames(tx, order);
          const userId = owner.type === 'user' ? owner.userId : null;
          const { id, secret } = await insertKey(tx, caller, { ...order, userId, rotatedFrom: null });
          if (order.budget !== undefined && amountNanoUsd !== null)
            await insertKeyBudget(tx, {
              ...{ id: newId(), organizationId: caller.organizationId, virtualKeyId: id, name: order.name },
              ...{ ...order.budget, amountNanoUsd, createdBy: caller.userId },
            });
          const key = await getKey(tx, caller, id);
          await record(tx, caller, { verb: 'create', after: key });
          return { key, secret };
        }),
      ),

    update: (caller, id, { change, ifMatch }) =>
      explained(() =>
        withPrincipal(database, caller, async (tx) => {
          const before = await lockKey(tx, caller, id);
          checkFresh(ifMatch, before.version);
          if (before.revokedAt !== null) throw ended(before, clock.nowMs());
          checkNarrows(caller, before, change);
          checkExpiry(change.expiresAt, clock.nowMs());
          await checkNames(tx, {
            allowedModels: addedEntries(change.allowedModels, before.allowedModels),
            allowedTemplates: addedEntries(change.allowedTemplates, before.allowedTemplates),
          });
          await updateVirtualKey(tx, before, change);
          const after = await getKey(tx, caller, id);
          await record(tx, caller, { verb: 'update', before, after });
          return after;
        }),
      ),

    rotate: (caller, id, graceSeconds) =>
      withPrincipal(database, caller, async (tx) => {
        const before = await lockKey(tx, caller, id);
        checkMayMake(caller, await findMembersCreateKeys(tx, caller.organizationId));
        if (before.userId !== null) await checkOwner(tx, caller, before.userId);
        const nowMs = clock.nowMs();
        if (stateOf(before, nowMs) !== 'active') throw ended(before, nowMs);
        const now = new Date(nowMs);
        const change = graceSeconds === 0 ? { revokedAt: now } : { graceUntil: new Date(nowMs + graceSeconds * 1_000) };
        await updateVirtualKey(tx, before, change);
        const made = await insertKey(tx, caller, { ...before, rotatedFrom: before.id });
        const key = await getKey(tx, caller, made.id);
        await record(tx, caller, { verb: 'rotate', before: { ...before, ...change }, after: key });
        return { key, secret: made.secret };
      }),

    revoke: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const before = await lockKey(tx, caller, id);
        if (before.revokedAt !== null) return before;
        await updateVirtualKey(tx, before, { revokedAt: new Date(clock.nowMs()) });
        const after = await getKey(tx, caller, id);
        await record(tx, caller, { verb: 'revoke', before, after });
        return after;
      }),

    validate: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const key = await getKey(tx, caller, id);
        return { key, reasons: refusalsOf(key, await getKeyStanding(tx, key), clock.nowMs()) };
      }),

    async validateSecret(caller, secret) {
      const unknown = { key: null, reasons: [reasonOf('invalid_key')] };
      if (!isWellFormedVirtualKey(secret)) return unknown;
      return withPrincipal(database, caller, async (tx) => {
        const key = await findVirtualKey(tx, scopeOf(caller), { keyHash: hashVirtualKey(secret) });
        if (key === undefined) return unknown;
        return { key, reasons: refusalsOf(key, await getKeyStanding(tx, key), clock.nowMs()) };
      });
    },
  };
}

/** Members see their own keys; a token of the organization with a member's role none at all, since it is nobody's. */
function scopeOf(caller: MemberCaller): KeyScope {
  const { organizationId, userId } = caller;
  return { organizationId, userId: keepsAllKeys(caller) ? null : userId };
}

async function getKey(tx: DatabaseTransaction, caller: MemberCaller, id: string): Promise<VirtualKey> {
  const key = await findVirtualKey(tx, scopeOf(caller), { id });
  if (key === undefined) throw new WeirError('not_found');
  return key;
}

async function lockKey(tx: DatabaseTransaction, caller: MemberCaller, id: string): Promise<VirtualKey> {
  await lockVirtualKey(tx, caller.organizationId, id);
  return getKey(tx, caller, id);
}

/** The person is a member, with a role that is not above the caller's. */
async function checkOwner(tx: DatabaseTransaction, caller: MemberCaller, userId: string): Promise<void> {
  const role = await findMemberRole(tx, caller.organizationId, userId);
  if (role === undefined) throw invalidField('owner.user_id', 'is no member of the organization');
  checkNotAbove(caller, { userId, role });
}

/** Every model and template is one that the caller may use. Throws 400 naming each that is not. */
async function checkNames(
  tx: DatabaseTransaction,
  { allowedModels, allowedTemplates }: Pick<KeyBounds, 'allowedModels' | 'allowedTemplates'>,
): Promise<void> {
  const wanted = { models: allowedModels ?? [], templates: allowedTemplates ?? [] };
  if (wanted.models.length + wanted.templates.length === 0) return;
  const unseen = await listUnseenNames(tx, wanted);
  const faults: FieldError[] = [
    ...unseen.models.map((name) => fault('allowed_models', wanted.models.indexOf(name), 'model')),
    ...unseen.templates.map((name) => fault('allowed_templates', wanted.templates.indexOf(name), 'template')),
  ];
  if (faults.length > 0) throw invalidFields(faults);
}

const fault = (list: string, place: number, noun: string): FieldError => ({
  path: `${list}[${place}]`,
  message: `is no ${noun} that you can use`,
});

function ended(key: VirtualKey, nowMs: number): WeirError {
  const state = stateOf(key, nowMs);
  const what = state === 'in_grace' ? 'has been rotated already' : `is ${state}`;
  return new WeirError('conflict', { message: `The key ${what}. Make a new one.` });
}

/** Constraints that refused, as the errors they stand for. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'virtual_keys_department_of_same_organization')
      throw invalidField('department_id', 'is no department of the organization');
    if (constraint === 'virtual_keys_owner_is_member')
      throw invalidField('owner.user_id', 'is no member of the organization');
    throw error;
  }
}
