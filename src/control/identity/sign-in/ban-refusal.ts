// Owns: that no session of a banned person is ever made, however they came. Not: banning (platform), or refusing their requests (the server, at each).

import { APIError } from 'better-auth/api';
import { z } from 'zod';

/** What is asked of the library for it. */
interface PeopleReader {
  readonly internalAdapter: {
    findUserById(userId: string): Promise<unknown>;
    deleteSession(token: string): Promise<unknown>;
  };
}

type Endpoint = { readonly context: PeopleReader } | null;

function readerOf(endpoint: Endpoint): PeopleReader {
  if (endpoint === null) throw new Error('a session is made within a request');
  return endpoint.context;
}

const bannedPerson = z.object({ banned: z.literal(true), banExpires: z.date().nullish() });

/** What the library does before and after it makes a session. */
export function sessionHooks(nowMs: () => number) {
  return {
    before: ({ userId }: { readonly userId: string }, endpoint: Endpoint) =>
      refuseBanned(readerOf(endpoint), userId, nowMs()),
    // Once more: whoever bans holds the person's row, for which a new session waits.
    async after({ userId, token }: { readonly userId: string; readonly token: string }, endpoint: Endpoint) {
      const reader = readerOf(endpoint);
      await refuseBanned(reader, userId, nowMs()).catch(async (refusal: unknown) => {
        await reader.internalAdapter.deleteSession(token);
        throw refusal;
      });
    },
  };
}

/**
 * Throws for who is banned. Read through the library, which may be in a transaction: with a connection of its own, as many
 * people as there are connections waited for each other.
 */
async function refuseBanned({ internalAdapter }: PeopleReader, userId: string, nowMs: number): Promise<void> {
  const { data: ban } = bannedPerson.safeParse(await internalAdapter.findUserById(userId));
  if (ban === undefined || (ban.banExpires != null && ban.banExpires.getTime() <= nowMs)) return;
  throw new APIError('FORBIDDEN', { code: 'BANNED', message: 'This account is not active.' });
}
