// Owns: who may make which virtual key, what a member may change of one, and whether one would be accepted. Pure. Not: whether names are known (the service),
// or the gateway's own refusals.

import { z } from 'zod';
import type { MemberCaller } from '../../../contracts/caller.ts';
import type { MemberRole } from '../../../contracts/enumerations.ts';
import { invalidField } from '../../../contracts/problem.ts';
import { formatUsd, parseUsd } from '../../../primitives/amounts.ts';
import { ERROR_CATALOGUE, WeirError } from '../../../primitives/errors.ts';
import type { KeyBounds, KeyStanding, VirtualKey } from './virtual-key.queries.ts';

/** Whose key it is to be. */
export type KeyOwner = { readonly type: 'service' } | { readonly type: 'user'; readonly userId: string };

/** Where a list of keys goes on: after this id. */
export const virtualKeyPlace = z.tuple([z.uuid()]);

/** Whether somebody keeps keys besides their own. */
export const keepsAllKeys = ({ organizationRole }: MemberCaller): boolean => organizationRole !== 'member';

/** Throws 403 unless the caller may have keys made at all. `membersCreateKeys` is the organization's setting. */
export function checkMayMake(caller: MemberCaller, membersCreateKeys: boolean): void {
  if (keepsAllKeys(caller)) return;
  if (caller.apiToken?.kind === 'organization')
    throw forbidden('A token of the organization with the role of a member keeps no keys.');
  if (!membersCreateKeys) throw forbidden('Your organization lets its admins alone make keys.');
}

/** Whose key is made: what was asked for, or the caller's own. Throws 403 for a member who asks for another's, or a service's. */
export function ownerOf(
  caller: MemberCaller,
  wanted: { readonly type: 'user' | 'service'; readonly user_id?: string | undefined } | undefined,
): KeyOwner {
  if (wanted === undefined)
    return caller.apiToken?.kind === 'organization' ? { type: 'service' } : { type: 'user', userId: caller.userId };
  if (wanted.type === 'service') {
    if (wanted.user_id !== undefined) throw invalidField('owner.user_id', 'is not for a service key');
    if (!keepsAllKeys(caller))
      throw forbidden('Members make keys for themselves; a service key is for an admin to make.');
    return { type: 'service' };
  }
  const userId = wanted.user_id ?? caller.userId;
  if (userId !== caller.userId && !keepsAllKeys(caller)) throw forbidden('Members make keys for themselves.');
  return { type: 'user', userId };
}

/**
 * A key's secret is its person at the gateway. Throws 403 when that person's role is above the caller's: an admin does not get a key of an owner, nor a token
 * one of more than it may itself.
 */
export function checkNotAbove(
  caller: MemberCaller,
  owner: { readonly userId: string; readonly role: MemberRole },
): void {
  const isOwn = owner.userId === caller.userId;
  if (isOwn && caller.apiToken === undefined) return;
  // No token is an owner's; at the gateway an owner may what an admin may.
  const role = isOwn && owner.role === 'owner' ? 'admin' : owner.role;
  if (RANK[role] <= RANK[caller.organizationRole]) return;
  throw forbidden('A key of somebody with a higher role than yours is not for you to make.');
}

const RANK: Readonly<Record<MemberRole, number>> = { member: 0, admin: 1, owner: 2 };

/** Throws 403 when a key is to act for others and its maker is no admin. */
export function checkActing(caller: MemberCaller, canActForMembers: boolean | undefined): void {
  if (canActForMembers === true && !keepsAllKeys(caller))
    throw forbidden('A key that acts for members is for an admin to make.');
}

/** Throws 403 when a member would widen a key of theirs: an admin may have narrowed it. */
export function checkNarrows(caller: MemberCaller, before: VirtualKey, change: Partial<KeyBounds>): void {
  if (keepsAllKeys(caller)) return;
  const wider = widened(before, change);
  if (wider !== undefined) throw forbidden(`${wider} would allow more than now. An admin can do that.`);
}

const LISTS = {
  allowedModels: 'allowed_models',
  allowedTemplates: 'allowed_templates',
  allowedFeatures: 'allowed_features',
  allowedRoutes: 'allowed_routes',
  ipRanges: 'ip_ranges',
} as const satisfies Partial<Record<keyof KeyBounds, string>>;

/** The name of a field by which the change allows more; undefined when there is none. Ranges of addresses are compared as written. */
function widened(before: VirtualKey, change: Partial<KeyBounds>): string | undefined {
  for (const [field, name] of Object.entries(LISTS) as [keyof typeof LISTS, string][]) {
    const [now, then] = [change[field], before[field]];
    if (now === undefined || then === null) continue;
    if (now === null || now.some((entry) => !then.includes(entry))) return name;
  }
  if (isMore(change.requestsPerMinute, before.requestsPerMinute)) return 'requests_per_minute';
  if (isMore(change.tokensPerMinute, before.tokensPerMinute)) return 'tokens_per_minute';
  if (change.expiresAt !== undefined && isMore(msOf(change.expiresAt), msOf(before.expiresAt))) return 'expires_at';
  if (change.canActForMembers === true) return 'can_act_for_members';
  return change.departmentId !== undefined && change.departmentId !== before.departmentId ? 'department_id' : undefined;
}

const msOf = (time: Date | null): bigint | null => (time === null ? null : BigInt(time.getTime()));

/** Null is no limit. */
function isMore(now: bigint | null | undefined, then: bigint | null): boolean {
  return now !== undefined && then !== null && (now === null || now > then);
}

/** Entries of a changed list that were not in it before: they have to be known. */
export function addedEntries(
  now: readonly string[] | null | undefined,
  then: readonly string[] | null = null,
): readonly string[] {
  return (now ?? []).filter((entry) => !(then ?? []).includes(entry));
}

/** Throws 400 for an end that has passed. */
export function checkExpiry(expiresAt: Date | null | undefined, nowMs: number): void {
  if (expiresAt && expiresAt.getTime() <= nowMs) throw invalidField('expires_at', 'has passed');
}

/** Nano-USD of a budget. Throws 400 for none, and for parts of a nano-USD. */
export function budgetAmount(amount: string | number): bigint {
  const nano = parseUsd(typeof amount === 'string' ? amount : amount.toFixed(9));
  if (nano === undefined || nano <= 0n) throw invalidField('budget.amount_usd', 'is more than 0, in dollars');
  return nano;
}

/** Where a key is in its life. */
export function stateOf(key: VirtualKey, nowMs: number): 'active' | 'in_grace' | 'expired' | 'revoked' {
  if (key.revokedAt !== null) return 'revoked';
  const ends = [key.expiresAt, key.graceUntil].filter((end) => end !== null);
  if (ends.some((end) => end.getTime() <= nowMs)) return 'expired';
  return key.graceUntil === null ? 'active' : 'in_grace';
}

type RefusalCode = 'revoked_key' | 'expired_key' | 'organization_suspended' | 'member_paused' | 'invalid_key';

/** Why the gateway would refuse the key now, whatever it asks for; empty when it would not. */
export function refusalsOf(key: VirtualKey, standing: KeyStanding, nowMs: number): { code: string; message: string }[] {
  const state = stateOf(key, nowMs);
  const codes: RefusalCode[] = [];
  if (state === 'revoked') codes.push('revoked_key');
  if (state === 'expired') codes.push('expired_key');
  if (standing.organizationStatus === 'suspended') codes.push('organization_suspended');
  const isPaused =
    standing.memberStatus === 'paused' && !(standing.pausedUntil && standing.pausedUntil.getTime() <= nowMs);
  if (isPaused || standing.isBanned) codes.push('member_paused');
  return codes.map(reasonOf);
}

/** One reason, in the words that the gateway uses. */
export const reasonOf = (code: RefusalCode): { code: string; message: string } => ({
  code,
  message: ERROR_CATALOGUE[code].message,
});

/** A key as the audit log keeps it: its columns under their names, without the secret's hash and what changes by itself. */
export function auditedKey(key: VirtualKey): Record<string, unknown> {
  const { budget } = key;
  return {
    ...{ name: key.name, environment: key.environment, user_id: key.userId, department_id: key.departmentId },
    ...{ allowed_models: key.allowedModels, allowed_templates: key.allowedTemplates },
    ...{ allowed_features: key.allowedFeatures, allowed_routes: key.allowedRoutes, ip_ranges: key.ipRanges },
    ...{ requests_per_minute: key.requestsPerMinute, tokens_per_minute: key.tokensPerMinute },
    ...{ can_act_for_members: key.canActForMembers, expires_at: key.expiresAt, revoked_at: key.revokedAt },
    ...{ grace_until: key.graceUntil, rotated_from: key.rotatedFrom, prefix: key.prefix, last_four: key.lastFour },
    budget: budget === null ? null : { amount_usd: formatUsd(budget.amountNanoUsd), period: budget.period },
  };
}

function forbidden(message: string): WeirError {
  return new WeirError('forbidden', { message });
}
