// Owns: people of the demo world as callers of a request, for tests. Not: the demo world.

import type { MemberCaller } from '../../../contracts/caller.ts';
import type { DemoDatabase } from '../../../database/facts/testing/demo-database.ts';
import type { DemoUserName } from '../../../database/seeds/index.ts';

/** The person acting in their organization. People of the platform have none: their ids are empty here and refused where one is needed. */
export function callerOf(demo: DemoDatabase, name: DemoUserName): MemberCaller {
  const caller = demo.as(name);
  return {
    ...caller,
    organizationId: caller.organizationId as string,
    organizationRole: caller.organizationRole ?? 'member',
    sessionId: null,
    request: { id: '01920000-0000-7000-8000-0000000000fe', ip: '192.0.2.7', userAgent: 'tests/1.0' },
  };
}
