// Owns: pausing and resuming members, with the mail that tells them, and ending pauses whose time has passed. Not: refusing calls of the paused (the gateway, by
// its own clock: it waits for no round).

import type { MemberCaller } from '../../../contracts/caller.ts';
import { invalidField } from '../../../contracts/problem.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../../database/principal.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { WeirError } from '../../../primitives/errors.ts';
import type { Audit } from '../../audit/index.ts';
import { lockOrganization } from '../organization.queries.ts';
import {
  endOverduePauses,
  getOrganizationName,
  listOrganizationsToResume,
  type Member,
  updateMemberPause,
} from './member.queries.ts';
import { auditedMember, checkMemberReach } from './member.rules.ts';
import { getMember } from './member.service.ts';
import type { MemberMail } from './member-mail.ts';

/** The acts. 404 for who is no member, 403 for oneself and for owners unless the caller is one. */
export interface MemberPauseService {
  /** `until` null: until somebody resumes them. 400 for one that has passed. In force at every gateway within a second. */
  pause(
    caller: MemberCaller,
    userId: string,
    pause: { readonly until: Date | null; readonly reason: string | null },
  ): Promise<Member>;
  /** Of somebody who is not paused: nothing changes. */
  resume(caller: MemberCaller, userId: string): Promise<Member>;
  /** Ends pauses whose time has passed, in up to so many organizations. Gives how many people can go on. */
  resumeDue(organizationLimit: number): Promise<number>;
}

/** What the acts are made of. */
interface PauseOptions {
  readonly database: Database;
  readonly audit: Audit;
  readonly mail: MemberMail;
  readonly clock: Clock;
  /** Where links begin. */
  readonly publicUrl: () => string;
}

/** Over the given database. */
export function createMemberPauseService(options: PauseOptions): MemberPauseService {
  const { database, audit, mail, clock } = options;
  return {
    pause(caller, userId, pause) {
      if (pause.until !== null && pause.until.getTime() <= clock.nowMs()) throw invalidField('until', 'is in the past');
      return withPrincipal(database, caller, async (tx) => {
        const { before, after } = await change(tx, { caller, userId, pause });
        if (before.status === 'active') {
          const organizationName = await getOrganizationName(tx, caller.organizationId);
          const reason = pause.reason === null ? {} : { reason: pause.reason };
          await mail.enqueue(tx, { to: after.email, ...mail.templates.memberPaused({ organizationName, ...reason }) });
        }
        await audit.record(tx, caller, {
          ...{ action: 'member.pause', targetType: 'member', targetId: userId },
          ...{ before: auditedMember(before), after: auditedMember(after) },
        });
        return after;
      });
    },

    resume: (caller, userId) =>
      withPrincipal(database, caller, async (tx) => {
        const { before, after } = await change(tx, { caller, userId, pause: null });
        if (before.status === 'active') return after;
        await tellResumed(tx, options, { organizationId: caller.organizationId, email: after.email });
        await audit.record(tx, caller, {
          ...{ action: 'member.resume', targetType: 'member', targetId: userId },
          ...{ before: auditedMember(before), after: auditedMember(after) },
        });
        return after;
      }),

    async resumeDue(organizationLimit) {
      const ids = await withPlatform(database, 'find pauses that have run out', (tx) =>
        listOrganizationsToResume(tx, organizationLimit),
      );
      let resumed = 0;
      // One organization a transaction: each has its own chain of audit rows.
      for (const organizationId of ids) resumed += await resumeDueIn(options, organizationId);
      return resumed;
    },
  };
}

async function change(
  tx: DatabaseTransaction,
  act: {
    readonly caller: MemberCaller;
    readonly userId: string;
    readonly pause: { readonly until: Date | null; readonly reason: string | null } | null;
  },
): Promise<{ readonly before: Member; readonly after: Member }> {
  const { caller, userId, pause } = act;
  await lockOrganization(tx, caller.organizationId);
  const before = await getMember(tx, caller, userId);
  checkMemberReach(caller, before);
  if (!(await updateMemberPause(tx, { organizationId: caller.organizationId, userId }, pause)))
    throw new WeirError('forbidden');
  return { before, after: await getMember(tx, caller, userId) };
}

async function tellResumed(
  tx: DatabaseTransaction,
  { mail, publicUrl }: PauseOptions,
  { organizationId, email }: { readonly organizationId: string; readonly email: string },
): Promise<void> {
  const organizationName = await getOrganizationName(tx, organizationId);
  await mail.enqueue(tx, { to: email, ...mail.templates.memberResumed({ organizationName, url: publicUrl() }) });
}

function resumeDueIn(options: PauseOptions, organizationId: string): Promise<number> {
  return withPlatform(options.database, 'end pauses that have run out', async (tx) => {
    await lockOrganization(tx, organizationId);
    const resumed = await endOverduePauses(tx, organizationId);
    for (const { userId, email } of resumed) {
      await tellResumed(tx, options, { organizationId, email });
      await options.audit.recordFor(
        tx,
        { type: 'system', id: null, request: null },
        {
          ...{ action: 'member.resume', targetType: 'member', targetId: userId, organizationId },
          after: { email, status: 'active' },
        },
      );
    }
    return resumed.length;
  });
}
