// Owns: the routes of members, and a member as JSON. Not: what the acts do (member.service.ts, member-pause.service.ts).

import type { z } from 'zod';
import { entityTag } from '../../../contracts/entity-tag.ts';
import { memberEndpoints, type memberSchema } from '../../../contracts/identity/members.ts';
import { implement, type Route, reply } from '../../../contracts/route.ts';
import type { Member } from './member.queries.ts';
import type { MemberService } from './member.service.ts';
import type { MemberPauseService } from './member-pause.service.ts';

/** All of them. */
export function memberRoutes(services: {
  readonly members: MemberService;
  readonly memberPauses: MemberPauseService;
}): Route[] {
  const { members, memberPauses } = services;
  const { list, get, update, remove, pause, resume, leave, transfer } = memberEndpoints;
  return [
    implement(list, async ({ caller, query }) => {
      const { department_id: departmentId, ...rest } = query;
      const { items, nextCursor } = await members.list(caller, { ...rest, departmentId });
      return { data: items.map(toJson), next_cursor: nextCursor };
    }),
    implement(get, async ({ caller, params }) => answer(await members.get(caller, params.id))),
    implement(update, async ({ caller, params, body, ifMatch }) => {
      const { role, department_id: departmentId } = body;
      return answer(await members.update(caller, params.id, { role, departmentId, ifMatch }));
    }),
    implement(remove, async ({ caller, params }) => {
      await members.remove(caller, params.id);
      return undefined;
    }),
    implement(pause, async ({ caller, params, body }) => {
      const until = typeof body.until === 'string' ? new Date(body.until) : null;
      return answer(await memberPauses.pause(caller, params.id, { until, reason: body.reason || null }));
    }),
    implement(resume, async ({ caller, params }) => answer(await memberPauses.resume(caller, params.id))),
    implement(leave, async ({ caller }) => {
      await members.leave(caller);
      return undefined;
    }),
    implement(transfer, async ({ caller, body }) => answer(await members.transfer(caller, body.user_id))),
  ];
}

const answer = (member: Member) => reply.tagged({ data: toJson(member) }, entityTag(member.version));

function toJson(member: Member): z.input<typeof memberSchema> {
  const { userId, name, email, image, role, departmentId, departmentName, status, pausedUntil, pauseReason } = member;
  return {
    ...{ id: userId, name, email, image, role, status },
    department: departmentId === null || departmentName === null ? null : { id: departmentId, name: departmentName },
    ...{ paused_until: pausedUntil?.toISOString() ?? null, pause_reason: pauseReason },
    ...{ joined_at: member.joinedAt.toISOString(), updated_at: member.updatedAt.toISOString() },
  };
}
