// Owns: the audit rows of signing up, in and out, and of changes to how one signs in. They are on the platform's chain: who signs in is in no organization yet.
// Not: how a row is kept (audit).

import type { CallerRequest } from '../../../contracts/caller.ts';
import type { Database } from '../../../database/pool.ts';
import { withPlatform } from '../../../database/principal.ts';
import type { Audit } from '../../audit/index.ts';

/** What happened. */
export type SignInAct =
  | 'user.sign_up'
  | 'user.verify_email'
  | 'user.update'
  | 'session.create'
  | 'session.refuse'
  | 'session.end'
  | 'password.change'
  | 'password.reset_request'
  | 'password.reset'
  | 'two_factor.begin'
  | 'two_factor.enable'
  | 'two_factor.disable'
  | 'two_factor.renew_recovery_codes';

/** What is known of it. */
export interface SignInEvent {
  /** Null where nobody is known: a wrong password, a mail asked for. */
  readonly userId: string | null;
  readonly request: CallerRequest;
  /** More about it: the method, the address that was tried. Redacted as all of the log. */
  readonly after?: Readonly<Record<string, unknown>>;
}

/** Writes the rows. */
export type SignInLog = (action: SignInAct, event: SignInEvent) => Promise<void>;

/** The library has committed by then: the row follows the act in a transaction of its own, and an act whose row fails is answered with an error. */
export function createSignInLog({
  database,
  audit,
}: {
  readonly database: Database;
  readonly audit: Audit;
}): SignInLog {
  return (action, { userId, request, after }) =>
    withPlatform(database, 'record a sign-in', (tx) =>
      audit.recordFor(
        tx,
        { type: 'user', id: userId, request },
        {
          action,
          targetType: 'user',
          targetId: userId,
          organizationId: null,
          ...(after === undefined ? {} : { after }),
        },
      ),
    );
}
