// Owns: looking at why calls were denied, and letting that go after thirty days. Not: writing it down (src/server/rounds/denial-traces.ts), or denying (the gateway).

import { z } from 'zod';
import type { MemberCaller } from '../../contracts/caller.ts';
import { instant } from '../../contracts/instant.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import { may } from '../../contracts/permissions.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import { WeirError } from '../../primitives/errors.ts';
import { ownUserId } from './asking-person.ts';
import {
  type Denial,
  type DenialFilter,
  type DenialScope,
  ensureTraceMonths,
  findDenial,
  listDenials,
  removeOldTraces,
} from './denial.queries.ts';

/** Admins see their organization's, members their own. */
export interface DenialService {
  list(caller: MemberCaller, page: DenialFilter & PageRequest): Promise<Page<Denial>>;
  /** 404 for another's, one that is past its time, and none at all. */
  get(caller: MemberCaller, id: string): Promise<Denial>;
}

/** What jobs do of traces; idempotent, on any replica. */
export interface DenialUpkeep {
  /** Removes up to so many that are past their time; gives how many. */
  dropOldTraces(limit: number): Promise<number>;
  /** Makes room for the months to come; gives how many. Without it traces go where all that has no month goes, and are found there. */
  ensureTracePartitions(): Promise<number>;
}

const MONTHS_AHEAD = 3;
const place = z.tuple([instant, z.uuid()]);

/** Over the given database. */
export function createDenialService({ database }: { readonly database: Database }): DenialService {
  return {
    async list(caller, { limit, cursor, ...filter }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, place);
      const rows = await withPrincipal(database, caller, (tx) =>
        listDenials(tx, scopeOf(caller), { ...filter, limit: limit + 1, after }),
      );
      return toPage(rows, limit, ({ deniedAt, id }) => [deniedAt.toISOString(), id]);
    },
    async get(caller, id) {
      const denial = await withPrincipal(database, caller, (tx) => findDenial(tx, scopeOf(caller), id));
      if (denial === undefined) throw new WeirError('not_found');
      return denial;
    },
  };
}

/** Over a pool as `weir_service`. */
export function createDenialUpkeep({ database }: { readonly database: Database }): DenialUpkeep {
  return {
    dropOldTraces: (limit) =>
      withPlatform(database, 'remove old traces of denials', (tx) => removeOldTraces(tx, limit)),
    ensureTracePartitions: () =>
      withPlatform(database, 'make partitions of traces ahead', (tx) => ensureTraceMonths(tx, MONTHS_AHEAD)),
  };
}

function scopeOf(caller: MemberCaller): DenialScope {
  const { organizationId, organizationRole } = caller;
  return { organizationId, userId: may(organizationRole, 'usage.read') ? null : ownUserId(caller) };
}
