// Owns: organizations as the platform reads them, and the acts on their plan, limits and status. Not: what their own admins do (identity).

import { z } from 'zod';
import type { Caller } from '../../contracts/caller.ts';
import { checkFresh } from '../../contracts/entity-tag.ts';
import { instant } from '../../contracts/instant.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import { invalidField } from '../../contracts/problem.ts';
import { violatedConstraint } from '../../database/failures.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import { WeirError } from '../../primitives/errors.ts';
import type { Audit } from '../audit/index.ts';
import {
  type AdminOrganization,
  type AdminOrganizationFilter,
  ensurePlanCredits,
  findOrganization,
  listOrganizations,
  lockTerms,
  type OrganizationTerms,
  type TermsChange,
  updateTerms,
} from './admin-organization.queries.ts';
import { asSuperadmin } from './superadmin-door.ts';

/** What a superadmin changes at once. */
export type OrganizationTermsChange = Omit<TermsChange, 'status' | 'statusReason'>;

/** Reads for platform roles, acts of superadmins. Acts are in the organization's own log. 404 `not_found` for one that is not there. */
export interface AdminOrganizationService {
  list(caller: Caller, query: AdminOrganizationFilter & PageRequest): Promise<Page<AdminOrganization>>;
  get(caller: Caller, id: string): Promise<AdminOrganization>;
  /** In force at once; naming a plan also brings the missing credits of the running period, and gives how many lots came. 412 `stale`. */
  update(
    caller: Caller,
    id: string,
    change: OrganizationTermsChange & { readonly ifMatch: string | null },
  ): Promise<{ readonly organization: AdminOrganization; readonly lotsGranted: number }>;
  /** Its calls are refused within a second. Repeated: the reason is replaced. */
  suspend(caller: Caller, id: string, reason: string): Promise<AdminOrganization>;
  /** Where it is not suspended nothing changes. */
  resume(caller: Caller, id: string): Promise<AdminOrganization>;
}

const placeSchema = z.tuple([instant, z.uuid()]);

/** Over the given database. */
export function createAdminOrganizationService(options: {
  readonly database: Database;
  readonly audit: Audit;
}): AdminOrganizationService {
  const { database, audit } = options;
  const get = (caller: Caller, id: string): Promise<AdminOrganization> =>
    withPrincipal(database, caller, async (tx) => {
      const organization = await findOrganization(tx, id);
      if (organization === undefined) throw new WeirError('not_found');
      return organization;
    });
  const record = (
    tx: DatabaseTransaction,
    caller: Caller,
    act: { action: string; targetId: string; before: OrganizationTerms; after: OrganizationTerms },
  ): Promise<void> =>
    audit.record(tx, caller, {
      ...{ action: act.action, targetType: 'organization', targetId: act.targetId, organizationId: act.targetId },
      ...{ before: auditedTerms(act.before), after: auditedTerms(act.after) },
    });

  return {
    get,
    async list(caller, query) {
      const after = query.cursor === undefined ? null : decodeCursor(query.cursor, placeSchema);
      const rows = await withPrincipal(database, caller, (tx) =>
        listOrganizations(tx, query, { limit: query.limit + 1, after }),
      );
      return toPage(rows, query.limit, ({ createdAt, id }) => [createdAt, id]);
    },
    async update(caller, id, { ifMatch, ...change }) {
      const lotsGranted = await explained(() =>
        asSuperadmin({ database, caller, reason: 'change the terms of an organization' }, async (tx) => {
          const before = await getTerms(tx, id);
          checkFresh(ifMatch, before.version);
          await updateTerms(tx, id, change);
          const lots = change.pricingPlan === undefined ? 0 : await ensurePlanCredits(tx, id);
          const after = await getTerms(tx, id);
          await record(tx, caller, { action: 'organization.change_terms', targetId: id, before, after });
          return lots;
        }),
      );
      return { organization: await get(caller, id), lotsGranted };
    },
    async suspend(caller, id, statusReason) {
      await asSuperadmin({ database, caller, reason: 'suspend an organization' }, async (tx) => {
        const before = await getTerms(tx, id);
        await updateTerms(tx, id, { status: 'suspended', statusReason });
        const after = await getTerms(tx, id);
        await record(tx, caller, { action: 'organization.suspend', targetId: id, before, after });
      });
      return get(caller, id);
    },
    async resume(caller, id) {
      await asSuperadmin({ database, caller, reason: 'let an organization go on' }, async (tx) => {
        const before = await getTerms(tx, id);
        if (before.status === 'active') return;
        await updateTerms(tx, id, { status: 'active', statusReason: null });
        const after = await getTerms(tx, id);
        await record(tx, caller, { action: 'organization.resume', targetId: id, before, after });
      });
      return get(caller, id);
    },
  };
}

async function getTerms(tx: DatabaseTransaction, id: string): Promise<OrganizationTerms> {
  const terms = await lockTerms(tx, id);
  if (terms === undefined) throw new WeirError('not_found');
  return terms;
}

function auditedTerms(terms: OrganizationTerms): Record<string, unknown> {
  return {
    ...{ name: terms.name, business_type: terms.businessType, pricing_plan: terms.pricingPlan },
    ...{ status: terms.status, status_reason: terms.statusReason, token_quota_monthly: terms.tokenQuotaMonthly },
    ...{ can_create_custom_models: terms.canCreateCustomModels, max_custom_models: terms.maxCustomModels },
  };
}

/** Constraints that refused, as the errors they stand for. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'organizations_business_type_fkey') throw invalidField('business_type', 'is not known');
    if (constraint === 'organizations_pricing_plan_fkey') throw invalidField('pricing_plan', 'is not known');
    throw error;
  }
}
