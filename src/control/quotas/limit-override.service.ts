// Owns: limits that are raised for a time: seeing them and ending them early. Not: raising them (limit-request.service.ts), or deciding calls by them (the gateway).

import { z } from 'zod';
import type { Caller } from '../../contracts/caller.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import type { Audit } from '../audit/index.ts';
import { shownAmount, unitOf } from './limit-amount.rules.ts';
import {
  endOverride,
  findOverride,
  type LimitOverride,
  listOverrides,
  type OverrideFilter,
} from './limit-override.queries.ts';
import { checkMayApprove } from './limit-request.rules.ts';
import { listTargets } from './limit-target.queries.ts';

/** A raised limit with what it is on; the name is undefined where that is gone. */
export interface NamedOverride extends LimitOverride {
  readonly targetName: string | undefined;
}

/** For admins of an organization; a caller without one is the platform, which has to do with organizations' quotas alone. */
export interface LimitOverrideService {
  list(caller: Caller, page: OverrideFilter & PageRequest): Promise<Page<NamedOverride>>;
  /** In force at the next call. Repeated: nothing. 404 for another's, 403 for an organization's own quota. */
  revoke(caller: Caller, id: string): Promise<void>;
}

const place = z.tuple([z.uuid()]);

/** Over the given database. */
export function createLimitOverrideService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
}): LimitOverrideService {
  const { database, audit, clock } = options;
  const now = (): Date => new Date(clock.nowMs());
  return {
    async list(caller, { limit, cursor, ...filter }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, place)[0];
      const rows = await withPrincipal(database, caller, (tx) =>
        listOverrides(tx, caller, { ...filter, limit: limit + 1, after, at: now() }),
      );
      const { items, nextCursor } = toPage(rows, limit, ({ id }) => [id]);
      const targets = await withPlatform(database, 'name what raised limits are on', (tx) =>
        // Of the organization's quota nobody is asked about: any person will do.
        listTargets(
          tx,
          items.map((item) => ({ ...item, userId: item.userId ?? caller.userId })),
          now(),
        ),
      );
      return { items: items.map((item, index) => ({ ...item, targetName: targets[index]?.name })), nextCursor };
    },

    revoke: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const override = await findOverride(tx, caller, { id, at: now() });
        if (override === undefined) throw new WeirError('not_found');
        const { organizationId, kind, target, amount, userId } = override;
        checkMayApprove(kind, caller.organizationId === null);
        if (!(await endOverride(tx, { id, revokedBy: caller.userId }))) return;
        const before = { kind, target, user_id: userId, amount: shownAmount(amount, unitOf(kind)) };
        await audit.record(tx, caller, {
          ...{ organizationId, action: 'limit_override.revoke', targetType: 'limit_override', targetId: id, before },
        });
      }),
  };
}
