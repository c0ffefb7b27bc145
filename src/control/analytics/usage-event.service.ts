// Owns: reading single calls and the bill of one. Not: sums (usage.service.ts), or booking a call (usage-record.service.ts).

import { z } from 'zod';
import { EVENT_DAYS_MAX } from '../../contracts/analytics/usage-events.ts';
import { isNobody, type MemberCaller, NOBODY_ID } from '../../contracts/caller.ts';
import { instant } from '../../contracts/instant.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import { may } from '../../contracts/permissions.ts';
import { invalidField } from '../../contracts/problem.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { isUuid, uuidV7TimeMs } from '../../primitives/ids.ts';
import { findPrice } from './price.queries.ts';
import { explainBill, type UsageBill } from './usage-bill.rules.ts';
import { findUsageEvent, listUsageEvents, type UsageEventRow } from './usage-event.queries.ts';
import type { UsageFilter } from './usage-source.queries.ts';

const DAY_MS = 86_400_000;

/** Which calls. */
export interface UsageEventQuestion extends PageRequest {
  /** ISO 8601; `to` is not included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly filter: Omit<UsageFilter, 'organizationId'>;
}

/** Reads single calls. */
export interface UsageEventService {
  /** Newest first: a member's own, an admin's whole organization. 400 for a range that is too long. */
  list(caller: MemberCaller, question: UsageEventQuestion): Promise<Page<UsageEventRow>>;
  /** One call with its bill; 404 for one that the caller may not see. */
  get(caller: MemberCaller, id: string): Promise<{ readonly event: UsageEventRow; readonly bill: UsageBill }>;
}

const place = z.tuple([instant, z.uuid()]);

/** Over the given database. */
export function createUsageEventService(options: {
  readonly database: Database;
  readonly clock: Clock;
}): UsageEventService {
  const { database, clock } = options;
  return {
    async list(caller, { from, to, filter, limit, cursor }) {
      const toMs = to === undefined ? clock.nowMs() + 1 : Date.parse(to);
      const fromMs = from === undefined ? toMs - DAY_MS : Date.parse(from);
      if (fromMs >= toMs) throw invalidField('from', 'is not before `to`');
      if (toMs - fromMs > EVENT_DAYS_MAX * DAY_MS + 1)
        throw invalidField('from', `is more than ${EVENT_DAYS_MAX} days before \`to\``);
      const after = cursor === undefined ? null : decodeCursor(cursor, place);
      const visible = { ...filter, ...ownOnly(caller), organizationId: caller.organizationId };
      const rows = await withPrincipal(database, caller, (tx) =>
        listUsageEvents(tx, visible, { from: new Date(fromMs), to: new Date(toMs), limit: limit + 1, after }),
      );
      return toPage(rows, limit, ({ occurredAt, id }) => [occurredAt.toISOString(), id]);
    },

    async get(caller, id) {
      const at = new Date(uuidV7TimeMs(id));
      const { organizationId } = caller;
      const event = await withPrincipal(database, caller, (tx) => findUsageEvent(tx, { id, at, organizationId }));
      if (event === undefined || (mustBeOwn(caller) && event.userId !== ownerOf(caller)))
        throw new WeirError('not_found');
      return { event, bill: explainBill(event, await priceOf(database, event)) };
    },
  };
}

const mustBeOwn = ({ organizationRole }: MemberCaller): boolean => !may(organizationRole, 'usage.read');

function ownOnly(caller: MemberCaller): Pick<UsageFilter, 'users'> {
  return mustBeOwn(caller) ? { users: [ownerOf(caller)] } : {};
}

const ownerOf = (caller: MemberCaller): string => (isNobody(caller) ? NOBODY_ID : caller.userId);

/** Who may see a call may see what it was charged by, also where its model is switched off since. */
async function priceOf(database: Database, { priceId }: UsageEventRow) {
  if (priceId === null || !isUuid(priceId)) return null;
  const dated = await withPlatform(database, 'explain the cost of a call', (tx) => findPrice(tx, priceId));
  return dated ?? null;
}
