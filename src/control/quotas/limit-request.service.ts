// Owns: asking for a higher limit, and deciding that: what is approved is an override from that moment on. Not: overrides once they are there
// (limit-override.service.ts), or deciding calls by them (the gateway).

import { z } from 'zod';
import type { Caller, MemberCaller } from '../../contracts/caller.ts';
import type { LimitKind } from '../../contracts/enumerations.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import { may } from '../../contracts/permissions.ts';
import { violatedConstraint } from '../../database/failures.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import type { Events } from '../events/index.ts';
import { ownUserId } from './asking-person.ts';
import { parseLimit, shownAmount, unitOf } from './limit-amount.rules.ts';
import { insertOverride } from './limit-override.queries.ts';
import {
  endRequest,
  findRequest,
  insertRequest,
  type LimitRequest,
  listRequests,
  type RequestFilter,
  type RequestScope,
} from './limit-request.queries.ts';
import { checkMayApprove, checkRaise, checkTarget, checkUntil, limitToRaise } from './limit-request.rules.ts';
import { type LimitStanding, readStandings } from './limit-standing.ts';
import { isVisible, listTargets, type TargetQuestion } from './limit-target.queries.ts';

/** A request with what stands behind it; undefined where that is gone. */
export interface StandingRequest {
  readonly request: LimitRequest;
  readonly standing: LimitStanding | undefined;
}

/** What somebody asks for. */
export interface LimitOrder {
  readonly kind: LimitKind;
  readonly target?: string | number | undefined;
  readonly amount: string | number;
  readonly reason: string;
}

/** How a request is approved; what is left out is as it was asked, or has no end. */
export interface Approval {
  readonly amount?: string | number | undefined;
  readonly until?: string | undefined;
  readonly reason?: string | undefined;
}

/** The acts. A caller without an organization is the platform, which has to do with organizations' quotas alone. */
export interface LimitRequestService {
  /** 400 naming what can't be raised, 409 `conflict` while there is an open one for the same. */
  create(caller: MemberCaller, order: LimitOrder): Promise<StandingRequest>;
  /** A member's own, an organization's for its admins. */
  list(caller: Caller, page: RequestFilter & PageRequest): Promise<Page<StandingRequest>>;
  /** 404 for another's, 403 for an organization's own quota, 409 once it is decided. */
  approve(caller: Caller, id: string, approval: Approval): Promise<StandingRequest>;
  /** 404 for another's, 409 once it is decided. */
  deny(caller: Caller, id: string, reason: string): Promise<StandingRequest>;
}

/** What it is made of. */
export interface LimitRequestOptions {
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  readonly clock: Clock;
  readonly random: Random;
}

const place = z.tuple([z.uuid()]);

/** Over the given database. */
export function createLimitRequestService(options: LimitRequestOptions): LimitRequestService {
  const { database, clock } = options;
  const withStanding = async (requests: readonly LimitRequest[]): Promise<StandingRequest[]> => {
    const standings = await readStandings(database, requests, clock.nowMs());
    return requests.map((request, index) => ({ request, standing: standings[index] }));
  };
  const oneWithStanding = async (request: LimitRequest): Promise<StandingRequest> => {
    const [found] = await withStanding([request]);
    return found ?? { request, standing: undefined };
  };
  return {
    create: async (caller, order) => oneWithStanding(await createRequest(options, caller, order)),

    async list(caller, { limit, cursor, ...filter }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, place)[0];
      const rows = await withPrincipal(database, caller, (tx) =>
        listRequests(tx, scopeOf(caller), { ...filter, limit: limit + 1, after }),
      );
      const { items, nextCursor } = toPage(rows, limit, ({ id }) => [id]);
      return { items: await withStanding(items), nextCursor };
    },

    approve: async (caller, id, approval) => oneWithStanding(await approveRequest(options, caller, { id, approval })),

    deny: async (caller, id, reason) => {
      const denied = await withPrincipal(database, caller, async (tx) => {
        const request = await getRequest(tx, caller, id);
        const decision = { status: 'denied', reason, until: null } as const;
        return decide(options, { tx, caller, request }, decision);
      });
      return oneWithStanding(denied);
    },
  };
}

async function createRequest(
  options: LimitRequestOptions,
  caller: MemberCaller,
  order: LimitOrder,
): Promise<LimitRequest> {
  const { database, audit, events, clock, random } = options;
  const { organizationId } = caller;
  const userId = ownUserId(caller);
  const { kind, reason } = order;
  const question = { organizationId, userId, kind, target: checkTarget(kind, order.target) };
  const requested = parseLimit(kind, order.amount);
  const raise = limitToRaise(await findTarget(options, caller, question));
  checkRaise(kind, requested, raise);
  const id = createUuidV7(clock.nowMs(), random);
  try {
    return await withPrincipal(database, caller, async (tx) => {
      await insertRequest(tx, { ...question, id, requested, limitThen: raise.limit, reason });
      const shown = shownAmount(requested, unitOf(kind));
      const properties = { request_id: id, kind, requested: Number(shown) };
      await events.record(tx, caller, { name: 'limit_requested', properties });
      const after = { kind, target: question.target, requested: shown, reason };
      await audit.record(tx, caller, {
        ...{ action: 'limit_request.create', targetType: 'limit_request', targetId: id, after },
      });
      return getRequest(tx, caller, id);
    });
  } catch (error) {
    if (violatedConstraint(error) === 'limit_requests_one_open')
      throw new WeirError('conflict', { message: 'You have asked for this already. Wait for the answer.' });
    throw error;
  }
}

/** What is to be raised, where the person sees it at all. */
async function findTarget({ database, clock }: LimitRequestOptions, caller: MemberCaller, question: TargetQuestion) {
  if (!(await withPrincipal(database, caller, (tx) => isVisible(tx, question)))) return undefined;
  const found = await withPlatform(database, 'find the limit that a person asks to raise', (tx) =>
    listTargets(tx, [question], new Date(clock.nowMs())),
  );
  return found[0];
}

async function approveRequest(
  options: LimitRequestOptions,
  caller: Caller,
  { id, approval }: { readonly id: string; readonly approval: Approval },
): Promise<LimitRequest> {
  const { database, clock, random } = options;
  const open = await withPrincipal(database, caller, (tx) => getRequest(tx, caller, id));
  const { kind, target, userId, organizationId } = open;
  checkMayApprove(kind, caller.organizationId === null);
  const amount = approval.amount === undefined ? open.requested : parseLimit(kind, approval.amount);
  const endsAt = checkUntil(approval.until, clock.nowMs());
  const [found] = await withPlatform(database, 'find the limit that is to be raised', (tx) =>
    listTargets(tx, [open], new Date(clock.nowMs())),
  );
  if (open.status === 'open') checkRaise(kind, amount, limitToRaise(found));
  return withPrincipal(database, caller, async (tx) => {
    const request = await getRequest(tx, caller, id);
    const overrideId = createUuidV7(clock.nowMs(), random);
    const reason = approval.reason ?? null;
    const raised = { overrideId, amount: shownAmount(amount, unitOf(kind)) };
    const raise = () =>
      insertOverride(tx, {
        ...{ id: overrideId, organizationId, userId, kind, target, amount, endsAt },
        ...{ requestId: id, grantedBy: caller.userId },
      });
    const decision = { status: 'approved', reason, until: endsAt, raised, follow: raise } as const;
    return decide(options, { tx, caller, request }, decision);
  });
}

interface Decision {
  readonly status: 'approved' | 'denied';
  readonly reason: string | null;
  readonly until: Date | null;
  readonly raised?: { readonly overrideId: string; readonly amount: number | string };
  /** What is done once it is certain that nobody else decided. */
  readonly follow?: () => Promise<void>;
}

/** Decides once, whoever else tries, then does what follows and tells of it. Throws 409. */
async function decide(
  { audit, events }: LimitRequestOptions,
  {
    tx,
    caller,
    request,
  }: { readonly tx: DatabaseTransaction; readonly caller: Caller; readonly request: LimitRequest },
  decision: Decision,
): Promise<LimitRequest> {
  const { id, kind, organizationId } = request;
  const { status, reason, until, raised } = decision;
  if (!(await endRequest(tx, { id, status, decidedBy: caller.userId, reason })))
    throw new WeirError('conflict', { message: 'The request has been decided already.' });
  await decision.follow?.();
  const end = until?.toISOString() ?? null;
  const subject = { userId: caller.userId, organizationId };
  const properties = { request_id: id, requester_id: request.userId, kind, decision: status, until: end };
  await events.record(tx, subject, { name: 'limit_request_decided', properties });
  await audit.record(tx, caller, {
    ...{ organizationId, action: `limit_request.${status === 'approved' ? 'approve' : 'deny'}` },
    ...{ targetType: 'limit_request', targetId: id, before: { status: request.status } },
    after: { status, reason, until: end, ...raised },
  });
  return getRequest(tx, caller, id);
}

async function getRequest(tx: DatabaseTransaction, caller: Caller, id: string): Promise<LimitRequest> {
  const request = await findRequest(tx, scopeOf(caller), id);
  if (request === undefined) throw new WeirError('not_found');
  return request;
}

function scopeOf(caller: Caller): RequestScope {
  const { organizationId, organizationRole } = caller;
  if (organizationId === null || organizationRole === null) return { organizationId: null, userId: null };
  const isAdmin = may(organizationRole, 'limits.manage');
  return { organizationId, userId: isAdmin ? null : ownUserId({ ...caller, organizationId, organizationRole }) };
}
