// Owns: the order in which a call is decided (`admission.md` section 2): the first failing rule names the answer, `explain` runs them all.
// Not: the rules themselves.

import type { Caller, Refusal, Resolution } from '../call.ts';
import {
  checkAddress,
  checkFeature,
  checkKeyAllows,
  checkKeyInForce,
  checkMember,
  checkOrganization,
  checkRoute,
} from './caller-rules.ts';
import { checkCapabilities } from './capabilities.ts';
import { checkModelAvailable, checkModelRight, checkTemplate } from './model-access.ts';

/** What a rule about the caller may look at. */
export interface CallerFacts {
  readonly caller: Caller;
  readonly route: string;
  readonly remoteAddress: string;
  readonly nowMs: number;
}

/** What a rule may look at. */
export interface RuleFacts extends CallerFacts {
  readonly resolution: Resolution;
  readonly needs: readonly string[];
}

/** A rule by its name. */
export interface Rule {
  readonly name: string;
  readonly check: (facts: RuleFacts) => Refusal | null;
}

/** Every rule, in order. Meters come after them, all at once. */
export const RULES: readonly Rule[] = [
  { name: 'key_in_force', check: ({ caller, nowMs }) => checkKeyInForce(caller, nowMs) },
  { name: 'address_allowed', check: ({ caller, remoteAddress }) => checkAddress(caller, remoteAddress) },
  { name: 'route_allowed', check: ({ caller, route }) => checkRoute(caller, route) },
  { name: 'key_allows_model', check: ({ caller, resolution }) => checkKeyAllows(caller, resolution) },
  { name: 'gateway_open', check: ({ caller }) => checkGatewayOpen(caller) },
  { name: 'organization_active', check: ({ caller }) => checkOrganization(caller) },
  { name: 'member_active', check: ({ caller, nowMs }) => checkMember(caller, nowMs) },
  { name: 'model_available', check: ({ resolution, nowMs }) => checkModelAvailable(resolution, nowMs) },
  { name: 'model_capable', check: ({ resolution, needs }) => checkCapabilities(resolution.model, needs) },
  { name: 'template_available', check: ({ caller, resolution }) => checkTemplate(caller, resolution) },
  { name: 'feature_in_service', check: ({ resolution }) => checkFeature(resolution) },
  { name: 'model_right', check: ({ caller, resolution, nowMs }) => checkModelRight(caller, resolution, nowMs) },
];

/** Why a key may not even ask: it is not in force, or not to be used from here. */
export function firstKeyRefusal({ caller, remoteAddress, nowMs }: Omit<CallerFacts, 'route'>): Refusal | null {
  return checkKeyInForce(caller, nowMs) ?? checkAddress(caller, remoteAddress);
}

/** The first rule that refuses the caller as such, whatever the call asks for; null when none does. */
export function firstCallerRefusal(facts: CallerFacts): Refusal | null {
  const { caller, route, nowMs } = facts;
  return firstKeyRefusal(facts) ?? checkRoute(caller, route) ?? checkOrganization(caller) ?? checkMember(caller, nowMs);
}

/** The first failing rule's refusal, or null. */
export function firstRefusal(facts: RuleFacts): Refusal | null {
  for (const rule of RULES) {
    const refusal = rule.check(facts);
    if (refusal !== null) return { ...refusal, rule: rule.name };
  }
  return null;
}

function checkGatewayOpen({ platform }: Caller): Refusal | null {
  if (!platform.switches.gatewayReadOnly) return null;
  return { code: 'overloaded', message: 'The gateway takes no calls at the moment.', retryAfterSeconds: 60 };
}
