// Owns: the routes of acting as somebody and stopping. Not: the acts.

import { impersonationEndpoints } from '../../contracts/platform/impersonation.ts';
import { invalidField } from '../../contracts/problem.ts';
import { implement, type Route, reply } from '../../contracts/route.ts';
import type { ImpersonationService } from './impersonation.service.ts';

/** Both of them. */
export function impersonationRoutes({ impersonation }: { readonly impersonation: ImpersonationService }): Route[] {
  return [
    implement(impersonationEndpoints.start, async ({ caller, params, body, idempotencyKey }) => {
      checkNoKey(idempotencyKey);
      const { user, expiresAt, cookie } = await impersonation.start(caller, params.id, body);
      const { id, name, email } = user;
      const output = { data: { user: { id, name, email }, expires_at: expiresAt.toISOString() } };
      return reply.relayed({ status: 201, headers: {}, cookies: [cookie], output });
    }),
    implement(impersonationEndpoints.stop, async ({ caller, idempotencyKey }) => {
      checkNoKey(idempotencyKey);
      const { isReturned, cookie } = await impersonation.stop(caller);
      return reply.relayed({
        ...{ status: 200, headers: {}, cookies: [cookie], output: { data: { returned: isReturned } } },
      });
    }),
  ];
}

/** A kept answer carries no cookie, and the cookie is all there is to these. */
function checkNoKey(idempotencyKey: string | null): void {
  if (idempotencyKey !== null) throw invalidField('idempotency-key', 'is not taken here');
}
