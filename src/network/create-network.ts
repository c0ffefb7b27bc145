// Owns: putting the way out together. Not: any behaviour of its own.

import { createDnsResolver } from './dns-resolver.ts';
import { createProofFinder, type FindProof, proofInstructions } from './domain-proof.ts';
import { createGuardedFetcher, type GuardedFetcher } from './guarded-fetcher.ts';
import { createOutboundAllow } from './outbound-allow.ts';

/** The way out to what tenants name. */
export interface Network {
  readonly fetcher: GuardedFetcher;
  readonly findProof: FindProof;
  readonly proofInstructions: typeof proofInstructions;
}

/** Builds it; nothing is opened before the first request. */
export function createNetwork(options: {
  /** Exceptions an operator made; see `createOutboundAllow`. */
  readonly outboundAllow: readonly string[];
  /** DNS servers in place of the machine's own. */
  readonly dnsServers?: readonly string[] | null;
}): Network {
  const { dnsServers = null, outboundAllow } = options;
  const resolver = createDnsResolver(dnsServers === null ? {} : { servers: dnsServers });
  const fetcher = createGuardedFetcher({ resolver, allow: createOutboundAllow(outboundAllow) });
  return { fetcher, findProof: createProofFinder({ resolver, fetcher }), proofInstructions };
}
