// Owns: from a name to addresses that were judged, as Node's sockets ask for them: a socket connects to what was judged, for nobody asks again.
// Not: the judgement (outbound-url.rules.ts), DNS (dns-resolver.ts).

import type { LookupFunction } from 'node:net';
import { familyOf } from './address.rules.ts';
import type { DnsResolver } from './dns-resolver.ts';
import type { OutboundAllow } from './outbound-allow.ts';
import { OutboundError } from './outbound-error.ts';
import { judgeAddresses } from './outbound-url.rules.ts';

/** Where a request goes, and with which exceptions. */
export interface LookupContext {
  readonly resolver: DnsResolver;
  readonly allow: OutboundAllow;
}

/** The judged addresses of a host. Rejects with an `OutboundError`. */
export async function resolveJudged(
  { resolver, allow }: LookupContext,
  target: { readonly host: string; readonly port: number },
): Promise<readonly string[]> {
  const { host, port } = target;
  const isListed = allow.hasHost(host, port);
  const asked = isListed ? resolver.resolveOwnAddresses(host) : resolver.resolveAddresses(host);
  const addresses = await asked.catch((cause: unknown) => {
    throw new OutboundError('unresolvable', { cause });
  });
  judgeAddresses(target, addresses, allow);
  return addresses;
}

/** What `net.connect` and `tls.connect` take as `lookup`, for one port. */
export function createGuardedLookup(context: LookupContext, port: number): LookupFunction {
  return (hostname, options, callback) => {
    const host = hostname.toLowerCase().replace(/\.$/, '');
    resolveJudged(context, { host, port }).then(
      (addresses) => {
        const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : (options.family ?? 0);
        const fitting = addresses
          .map((address) => ({ address, family: familyOf(address) }))
          .filter((each) => family === 0 || each.family === family);
        const [first] = fitting;
        if (first === undefined) callback(new OutboundError('unresolvable'), '', 0);
        else if (options.all === true) callback(null, fitting);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, '', 0),
    );
  };
}
