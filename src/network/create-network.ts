// Owns: putting the way out together. Not: any behaviour of its own.

import type { buildConnector } from 'undici';
import { createDnsResolver } from './dns-resolver.ts';
import { createProofFinder, type FindProof, proofInstructions } from './domain-proof.ts';
import { createGuardedConnector } from './guarded-connector.ts';
import { createGuardedFetcher, type GuardedFetcher } from './guarded-fetcher.ts';
import { createOutboundAllow } from './outbound-allow.ts';
import { OutboundError } from './outbound-error.ts';
import { readTarget } from './outbound-url.rules.ts';

/** The way out to what tenants name. */
export interface Network {
  readonly fetcher: GuardedFetcher;
  readonly findProof: FindProof;
  readonly proofInstructions: typeof proofInstructions;
  /** For long-lived pools of sockets to one origin. */
  readonly connectTo: ConnectTo;
}

/** What undici's clients take as `connect`, for one origin. What may not be reached is an error of each connection, with nothing opened. */
type ConnectTo = (target: { readonly url: string; readonly connectMs: number }) => buildConnector.connector;

/** Builds it; nothing is opened before the first request. */
export function createNetwork(options: {
  /** Exceptions an operator made; see `createOutboundAllow`. */
  readonly outboundAllow: readonly string[];
  /** DNS servers in place of the machine's own. */
  readonly dnsServers?: readonly string[] | null;
}): Network {
  const { dnsServers = null, outboundAllow } = options;
  const resolver = createDnsResolver(dnsServers === null ? {} : { servers: dnsServers });
  const allow = createOutboundAllow(outboundAllow);
  const fetcher = createGuardedFetcher({ resolver, allow });
  const connectTo: ConnectTo = ({ url, connectMs }) => {
    try {
      const { host, port } = readTarget(url, allow);
      return createGuardedConnector({ resolver, allow }, { host, port, connectMs });
    } catch (error) {
      const refusal = error instanceof Error ? error : new OutboundError('invalid_url');
      return (_options, callback) => queueMicrotask(() => callback(refusal, null));
    }
  };
  return { fetcher, findProof: createProofFinder({ resolver, fetcher }), proofInstructions, connectTo };
}
