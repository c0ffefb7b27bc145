// Owns: a person's own sessions: seeing and ending them, by id. Not: making them; the library's own paths for this answer with tokens and are not offered.

import type { Caller } from '../../../contracts/caller.ts';
import type { Database } from '../../../database/pool.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { endSessions, type LiveSession, listLiveSessions } from './auth.queries.ts';
import type { SignInLog } from './sign-in-log.ts';

/** The acts. */
export interface OwnSessionsService {
  list(caller: Caller): Promise<readonly LiveSession[]>;
  /** 404 for a session of somebody else and one that is not there. */
  end(caller: Caller, id: string): Promise<void>;
  /** Ends all but the one that asks. */
  endOthers(caller: Caller): Promise<void>;
}

/** Over the given database. */
export function createOwnSessionsService(options: {
  readonly database: Database;
  readonly record: SignInLog;
}): OwnSessionsService {
  const { database, record } = options;
  return {
    list: ({ userId }) => listLiveSessions(database, userId),
    async end({ userId, request }, id) {
      if ((await endSessions(database, userId, { id, isOther: false })) === 0) throw new WeirError('not_found');
      await record('session.end', { userId, request, after: { sessions: 1 } });
    },
    async endOthers({ userId, sessionId, request }) {
      // Only a session can ask to be the last one.
      if (sessionId === null) throw new WeirError('forbidden');
      const sessions = await endSessions(database, userId, { id: sessionId, isOther: true });
      await record('session.end', { userId, request, after: { sessions } });
    },
  };
}
