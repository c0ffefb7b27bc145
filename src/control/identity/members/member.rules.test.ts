// Proves: who may change whom, as a table, and how seats are counted.

import { describe, expect, it } from 'vitest';
import type { MemberCaller } from '../../../contracts/caller.ts';
import type { MemberRole } from '../../../contracts/enumerations.ts';
import type { WeirError } from '../../../primitives/errors.ts';
import type { Member } from './member.queries.ts';
import { checkMemberChange, checkMemberReach, checkSeats, hasRoom } from './member.rules.ts';

const callerOf = (role: MemberRole, isImpersonated = false): MemberCaller => ({
  ...{ userId: 'caller', organizationId: 'o', organizationRole: role, platformRole: 'user', sessionId: 's' },
  impersonatorId: isImpersonated ? 'somebody' : null,
  request: { id: 'r', ip: null, userAgent: null },
});
const memberOf = (role: MemberRole, userId = 'other'): Member => ({
  ...{ userId, name: 'N', email: 'n@example.com', image: null, role, departmentId: null, departmentName: null },
  ...{ status: 'active', pausedUntil: null, pauseReason: null, version: 1n },
  ...{ joinedAt: new Date(0), updatedAt: new Date(0) },
});
const isRefused = (act: () => void): boolean => {
  try {
    act();
    return false;
  } catch (error) {
    expect((error as WeirError).code).toBe('forbidden');
    return true;
  }
};

describe('a role', () => {
  const rows: readonly [caller: MemberRole, before: MemberRole, after: MemberRole, isAllowed: boolean][] = [
    ['owner', 'member', 'owner', true],
    ['owner', 'owner', 'member', true],
    ['owner', 'admin', 'member', true],
    ['admin', 'member', 'admin', true],
    ['admin', 'admin', 'member', true],
    ['admin', 'member', 'owner', false],
    ['admin', 'admin', 'owner', false],
    ['admin', 'owner', 'admin', false],
    ['admin', 'owner', 'owner', false],
  ];
  it.each(rows)('%s changes %s to %s: %s', (caller, before, after, isAllowed) => {
    expect(isRefused(() => checkMemberChange(callerOf(caller), memberOf(before), after))).toBe(!isAllowed);
  });

  it.each(['owner', 'admin'] as const)('of one’s own is never changed, as %s; one’s own department is', (role) => {
    const self = memberOf(role, 'caller');
    for (const after of ['owner', 'admin', 'member'] as const)
      expect(isRefused(() => checkMemberChange(callerOf(role), self, after))).toBe(after !== role);
    expect(isRefused(() => checkMemberChange(callerOf(role), self, undefined))).toBe(false);
  });

  it('of an owner is not touched while acting as somebody else', () => {
    expect(isRefused(() => checkMemberChange(callerOf('owner', true), memberOf('owner'), 'member'))).toBe(true);
    expect(isRefused(() => checkMemberChange(callerOf('owner', true), memberOf('member'), 'owner'))).toBe(true);
    expect(isRefused(() => checkMemberChange(callerOf('owner', true), memberOf('member'), 'admin'))).toBe(false);
  });
});

it.each([
  ['owner', 'owner', true],
  ['owner', 'member', true],
  ['admin', 'admin', true],
  ['admin', 'owner', false],
] as const)('pausing and removing: %s reaches %s: %s', (caller, whom, isAllowed) => {
  expect(isRefused(() => checkMemberReach(callerOf(caller), memberOf(whom)))).toBe(!isAllowed);
  expect(isRefused(() => checkMemberReach(callerOf(caller), memberOf(caller, 'caller')))).toBe(true);
});

it('counts members and pending invitations against the plan, and nothing where there is no limit', () => {
  expect(hasRoom({ max: 3, members: 1, invitations: 1 }, 1)).toBe(true);
  expect(hasRoom({ max: 3, members: 1, invitations: 1 }, 2)).toBe(false);
  expect(hasRoom({ max: 3, members: 5, invitations: 0 }, 0)).toBe(false);
  expect(hasRoom({ max: null, members: 10_000, invitations: 10_000 }, 10_000)).toBe(true);
  expect(() => checkSeats({ max: 3, members: 3, invitations: 0 }, 1)).toThrow(
    /room for 3 people, counting invitations/,
  );
});
