// Owns: opening a socket to a host that a tenant named, to nothing but a judged address. Not: requests over it (guarded-fetcher.ts).

import { buildConnector } from 'undici';
import { createGuardedLookup, type LookupContext } from './guarded-lookup.ts';
import { OutboundError } from './outbound-error.ts';
import { judgeAddresses } from './outbound-url.rules.ts';

/** What undici's clients take as `connect`. TLS is checked against the name, whatever the address. */
export function createGuardedConnector(
  context: LookupContext,
  target: { readonly host: string; readonly port: number; readonly connectMs: number },
): buildConnector.connector {
  const { host, port, connectMs } = target;
  const lookup = createGuardedLookup(context, port);
  const connect = buildConnector({ timeout: connectMs, lookup, allowH2: false, maxCachedSessions: 0 });
  return (options, callback) => {
    connect(options, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      try {
        // An address in the URL is never looked up; and what one is connected to is what counts.
        judgeAddresses({ host, port }, [socket.remoteAddress ?? ''], context.allow);
      } catch (refusal) {
        socket.destroy();
        callback(refusal instanceof Error ? refusal : new OutboundError('forbidden_address'), null);
        return;
      }
      callback(null, socket);
    });
  };
}
