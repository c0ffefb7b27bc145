// Owns: the acts on organizations: make, list, read, change, delete with grace, restore. Not: their members and invitations, or what the platform alone
// changes (plan, quota, status).

import type { Caller, MemberCaller } from '../../contracts/caller.ts';
import { checkFresh } from '../../contracts/entity-tag.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import { invalidField } from '../../contracts/problem.ts';
import { violatedConstraint } from '../../database/failures.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import {
  findOrganization,
  insertOrganization,
  isModelVisible,
  listOrganizations,
  lockOrganization,
  type Organization,
  type OrganizationChange,
  scheduleDeletion,
  updateOrganization,
} from './organization.queries.ts';
import { auditedOrganization, checkSlug, organizationPlace, slugOf, slugTaken } from './organization.rules.ts';

/** What a new organization is made of. */
export interface NewOrganization {
  readonly name: string;
  /** Made from the name when it is absent. */
  readonly slug?: string | undefined;
  readonly businessType: string;
  readonly billingEmail?: string | undefined;
}

/** The acts. Each runs as the caller, under row level security, and leaves its audit row. */
export interface OrganizationService {
  /** The caller becomes the owner. 409 `conflict` for a slug that is taken, 400 for one that is reserved or a business type that is unknown. */
  create(caller: Caller, organization: NewOrganization): Promise<Organization>;
  /** The caller's own, by name. */
  list(caller: Caller, page: PageRequest): Promise<Page<Organization>>;
  /** 404 `not_found` when the caller is no member. */
  get(caller: MemberCaller): Promise<Organization>;
  /** 409 for a slug that is taken, 412 `stale` when `ifMatch` names an older version. */
  update(caller: MemberCaller, change: OrganizationChange, ifMatch: string | null): Promise<Organization>;
  /** Deletes after 30 days. Repeated: the first time counts. */
  remove(caller: MemberCaller): Promise<void>;
  /** Takes a deletion back; without one nothing changes. */
  restore(caller: MemberCaller): Promise<Organization>;
}

const GRACE_MS = 30 * 86_400_000;
/** Slugs made from a name are tried with other endings so often before one gives up. */
const SLUG_ATTEMPTS = 5;

/** Over the given database. */
export function createOrganizationService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: Random;
}): OrganizationService {
  const { database, audit, clock, random } = options;
  return {
    async create(caller, organization) {
      if (organization.slug !== undefined) checkSlug(organization.slug);
      const id = createUuidV7(clock.nowMs(), random);
      const asOwner: MemberCaller = { ...caller, organizationId: id, organizationRole: 'owner' };
      await explained(() =>
        // Nobody is a member of what is not there yet, so no policy could let a person insert it.
        withPlatform(database, 'make an organization', async (tx) => {
          const slug = await insertWithSlug(tx, { id, caller, organization }, { clock, random });
          const { name, businessType } = organization;
          const after = { name, slug, business_type: businessType };
          await audit.record(tx, asOwner, {
            action: 'organization.create',
            targetType: 'organization',
            targetId: id,
            after,
          });
        }),
      );
      return withPrincipal(database, asOwner, (tx) => getOrganization(tx, asOwner));
    },

    async list(caller, { limit, cursor }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, organizationPlace);
      const rows = await withPrincipal(database, caller, (tx) =>
        listOrganizations(tx, caller.userId, { limit: limit + 1, after }),
      );
      return toPage(rows, limit, ({ name, id }) => [name, id]);
    },

    get: (caller) => withPrincipal(database, caller, (tx) => getOrganization(tx, caller)),

    update(caller, change, ifMatch) {
      if (change.slug !== undefined) checkSlug(change.slug);
      if (caller.impersonatorId !== null && change.billingEmail !== undefined)
        throw new WeirError('forbidden', {
          message: 'Billing cannot be changed while acting as somebody else.',
          param: 'billing_email',
        });
      return explained(() =>
        withPrincipal(database, caller, async (tx) => {
          await lockOrganization(tx, caller.organizationId);
          const before = await getOrganization(tx, caller);
          checkFresh(ifMatch, before.version);
          const { defaultModelId } = change;
          if (typeof defaultModelId === 'string' && !(await isModelVisible(tx, defaultModelId)))
            throw invalidField('default_model_id', 'is not a model that can be used');
          await updateOrganization(tx, caller.organizationId, change);
          const after = await getOrganization(tx, caller);
          await audit.record(tx, caller, {
            ...{ action: 'organization.update', targetType: 'organization', targetId: caller.organizationId },
            ...{ before: auditedOrganization(before), after: auditedOrganization(after) },
          });
          return after;
        }),
      );
    },

    remove: (caller) =>
      withPrincipal(database, caller, async (tx) => {
        const deleteAfter = new Date(clock.nowMs() + GRACE_MS);
        if (!(await scheduleDeletion(tx, caller.organizationId, deleteAfter))) return;
        await audit.record(tx, caller, {
          ...{ action: 'organization.delete', targetType: 'organization', targetId: caller.organizationId },
          after: { delete_after: deleteAfter.toISOString() },
        });
      }),

    restore: (caller) =>
      withPrincipal(database, caller, async (tx) => {
        if (await scheduleDeletion(tx, caller.organizationId, null))
          await audit.record(tx, caller, {
            ...{ action: 'organization.restore', targetType: 'organization', targetId: caller.organizationId },
          });
        return getOrganization(tx, caller);
      }),
  };
}

async function getOrganization(tx: DatabaseTransaction, caller: MemberCaller): Promise<Organization> {
  const organization = await findOrganization(tx, caller.organizationId, caller.userId);
  if (organization === undefined) throw new WeirError('not_found');
  return organization;
}

/** Inserts under the slug that was asked for, or one made from the name that is free. Gives the slug. */
async function insertWithSlug(
  tx: DatabaseTransaction,
  wanted: { readonly id: string; readonly caller: Caller; readonly organization: NewOrganization },
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<string> {
  const { id, caller, organization } = wanted;
  const { name, businessType, billingEmail = null } = organization;
  const owner = { memberId: createUuidV7(clock.nowMs(), random), userId: caller.userId };
  const base = organization.slug ?? slugOf(name);
  for (let attempt = 0; attempt < SLUG_ATTEMPTS; attempt += 1) {
    const slug = attempt === 0 ? base : `${base}-${Buffer.from(random.bytes(2)).toString('hex')}`;
    if (await insertOrganization(tx, { id, name, slug, businessType, billingEmail }, owner)) return slug;
    if (organization.slug !== undefined) break;
  }
  throw slugTaken();
}

/** Constraints that refused, as the errors they stand for. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'organizations_slug_key') throw slugTaken();
    if (constraint === 'organizations_business_type_fkey') throw invalidField('business_type', 'is not known');
    if (constraint === 'organizations_default_model_id_fkey') throw invalidField('default_model_id', 'is not known');
    throw error;
  }
}
