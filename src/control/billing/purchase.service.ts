// Owns: reading purchases, each for whom it is. Not: making them, which comes with the payment provider.

import { z } from 'zod';
import type { Caller, MemberCaller } from '../../contracts/caller.ts';
import { instant } from '../../contracts/instant.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import { may } from '../../contracts/permissions.ts';
import type { Database } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import { listPurchases, type Purchase, type PurchaseFilter } from './purchase.queries.ts';

/** What purchases are read by. */
export interface PurchaseService {
  /** The caller's own, and the organization's where they may manage its billing. */
  list(caller: MemberCaller, query: Pick<PurchaseFilter, 'status'> & PageRequest): Promise<Page<Purchase>>;
  /** Everybody's, for superadmins. */
  listAll(caller: Caller, query: Omit<PurchaseFilter, 'visibleTo'> & PageRequest): Promise<Page<Purchase>>;
}

const placeSchema = z.tuple([instant, z.uuid()]);

/** Over the given database. */
export function createPurchaseService({ database }: { readonly database: Database }): PurchaseService {
  const list = async (caller: Caller, { limit, cursor, ...filter }: PurchaseFilter & PageRequest) => {
    const after = cursor === undefined ? null : decodeCursor(cursor, placeSchema);
    const rows = await withPrincipal(database, caller, (tx) => listPurchases(tx, filter, { limit: limit + 1, after }));
    return toPage(rows, limit, ({ createdAt, id }) => [createdAt, id]);
  };
  return {
    list(caller, query) {
      const { organizationId, organizationRole, apiToken } = caller;
      // An organization's token speaks for nobody: what people bought for themselves is not its business.
      const userId = apiToken?.kind === 'organization' ? null : caller.userId;
      const seesOrganization = may(organizationRole, 'billing.manage');
      return list(caller, { ...query, visibleTo: { organizationId, userId, seesOrganization } });
    },
    listAll: list,
  };
}
