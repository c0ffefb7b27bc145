// Owns: reading and acknowledging alerts, for an organization's admins and for the platform. Not: firing and resolving them.

import { z } from 'zod';
import type { Caller, MemberCaller } from '../../contracts/caller.ts';
import { instant } from '../../contracts/instant.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import type { Database } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import type { Audit } from '../audit/index.ts';
import { type Alert, type AlertFilter, findAlert, listAlerts, updateAcknowledged } from './alert.queries.ts';

/** The acts. One that is not theirs, or not there, is 404 `not_found`. */
export interface AlertService {
  listOwn(caller: MemberCaller, page: PageRequest & AlertFilter): Promise<Page<Alert>>;
  acknowledgeOwn(caller: MemberCaller, id: string): Promise<Alert>;
  listAll(caller: Caller, page: PageRequest & AlertFilter): Promise<Page<Alert>>;
  acknowledgeAny(caller: Caller, id: string): Promise<Alert>;
}

const place = z.tuple([instant, z.uuid()]);

/** Over the given database. */
export function createAlertService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
}): AlertService {
  const { database, audit, clock } = options;
  const list = async (
    caller: Caller,
    { limit, cursor, ...filter }: PageRequest & AlertFilter,
  ): Promise<Page<Alert>> => {
    const after = cursor === undefined ? null : decodeCursor(cursor, place);
    const rows = await withPrincipal(database, caller, (tx) => listAlerts(tx, { limit: limit + 1, after, filter }));
    return toPage(rows, limit, ({ firedAtText, id }) => [firedAtText, id]);
  };
  const acknowledge = (caller: Caller, id: string, organizationId: string | undefined): Promise<Alert> =>
    withPrincipal(database, caller, async (tx) => {
      const isNew = await updateAcknowledged(tx, { id, userId: caller.userId, at: new Date(clock.nowMs()) });
      const alert = await findAlert(tx, { id, organizationId });
      if (alert === undefined) throw new WeirError('not_found');
      if (isNew)
        await audit.record(tx, caller, {
          ...{ action: 'alert.acknowledge', targetType: 'alert', targetId: id, organizationId: alert.organizationId },
          after: { rule: alert.rule, scope_reference: alert.scopeReference },
        });
      return alert;
    });
  return {
    listOwn: (caller, page) => list(caller, { ...page, organizationId: caller.organizationId }),
    acknowledgeOwn: (caller, id) => acknowledge(caller, id, caller.organizationId),
    listAll: list,
    acknowledgeAny: (caller, id) => acknowledge(caller, id, undefined),
  };
}
