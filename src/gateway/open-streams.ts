// Owns: streams under way whose caller may lose the right to them: a key revoked, an organization suspended, a member paused. They end
// cleanly and are charged for what came. Not: relaying (relay/), or hearing of changes (snapshot/).

import { WeirError } from '../primitives/errors.ts';
import type { IncomingCall } from './call.ts';
import type { RelayControl } from './relay/stream-relay.ts';
import { firstCallerRefusal } from './rules/rules.ts';
import type { Snapshot } from './snapshot/snapshot.ts';
import { authenticate } from './stages/authenticate.ts';

/**
 * A change is dated by the database, and may be heard of before this process's clock has come to that moment; nobody asks again after it. A
 * stream ends this much too early rather than never.
 */
const CLOCKS_APART_MS = 1_000;

/** A stream under way, by whom and from where it was asked for. */
export interface WatchedStream {
  readonly organizationId: string;
  readonly incoming: IncomingCall;
  readonly control: RelayControl;
}

/** The streams under way. */
export interface OpenStreams {
  /** Watches a stream; gives the way to stop watching. */
  add(stream: WatchedStream): () => void;
  /** Asks again for every stream that a change of facts concerns (`platform`, or an organization's id), and ends those that may not go on. */
  recheck(scope: string): Promise<void>;
}

/** Makes the empty set. */
export function createOpenStreams({
  snapshot,
  nowMs,
}: {
  readonly snapshot: Snapshot;
  readonly nowMs: () => number;
}): OpenStreams {
  const streams = new Map<string, Set<WatchedStream>>();
  const recheckOne = async ({ incoming, control }: WatchedStream): Promise<void> => {
    const reason = await reasonToEnd(incoming, snapshot, nowMs() + CLOCKS_APART_MS);
    if (reason) control.cut({ code: reason.code, message: `The answer ends here: ${reason.message}` });
  };
  return {
    add(stream) {
      const ofOrganization = streams.get(stream.organizationId) ?? new Set();
      streams.set(stream.organizationId, ofOrganization.add(stream));
      // What changed between the call's admission and now was heard of before there was a stream to end. In memory, as every call is.
      void recheckOne(stream);
      return () => {
        ofOrganization.delete(stream);
        const isLast = ofOrganization.size === 0 && streams.get(stream.organizationId) === ofOrganization;
        if (isLast) streams.delete(stream.organizationId);
      };
    },
    async recheck(scope) {
      const concerned = scope === 'platform' ? [...streams.values()] : [streams.get(scope) ?? new Set<WatchedStream>()];
      await Promise.all(concerned.flatMap((set) => [...set].map(recheckOne)));
    },
  };
}

/** Why the caller may not go on; null while it may, and while that can't be told (the database is away). */
async function reasonToEnd(
  incoming: Pick<IncomingCall, 'headers' | 'person' | 'remoteAddress' | 'route'>,
  snapshot: Snapshot,
  nowMs: number,
): Promise<Pick<WeirError, 'code' | 'message'> | null> {
  try {
    const caller = await authenticate(incoming, snapshot);
    return firstCallerRefusal({ caller, remoteAddress: incoming.remoteAddress, route: incoming.route, nowMs });
  } catch (error) {
    if (error instanceof WeirError && error.status < 500) return error;
    return null;
  }
}
