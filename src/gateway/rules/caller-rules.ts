// Owns: whether this key may be used here and now, and whether its organization and person are active. Pure.
// Not: models (model-access.ts).

import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Caller, Refusal, Resolution } from '../call.ts';
import type { KeyFacts, MemberFacts } from '../snapshot/facts.ts';

/** The key is in force: not revoked, not past its expiry or its grace after rotation. */
export function checkKeyInForce({ key }: Caller, nowMs: number): Refusal | null {
  if (key === null) return null;
  // A revocation is in force as soon as it is there: it is dated by the database, whose clock may be ahead of ours by a little.
  if (key.revokedAtMs !== null) {
    return {
      code: 'revoked_key',
      message: 'The key has been revoked. Ask an admin of your organization for a new key.',
    };
  }
  const endsMs = Math.min(key.expiresAtMs ?? Number.POSITIVE_INFINITY, key.graceUntilMs ?? Number.POSITIVE_INFINITY);
  if (endsMs <= nowMs)
    return { code: 'expired_key', message: 'The key has expired. Ask an admin of your organization for a new key.' };
  return null;
}

/** The call comes from an allowed address. */
export function checkAddress({ key }: Caller, remoteAddress: string): Refusal | null {
  if (key === null || key.ipRanges === null) return null;
  const address = remoteAddress.startsWith('::ffff:') ? remoteAddress.slice(7) : remoteAddress;
  if (rangesOf(key).check(address, isIPv6(address) ? 'ipv6' : 'ipv4')) return null;
  return {
    code: 'ip_not_allowed',
    message: "The key may not be used from this address. Call from an allowed address or change the key's allow-list.",
  };
}

/** The key may use this route. */
export function checkRoute({ key }: Caller, route: string): Refusal | null {
  if (key === null || key.allowedRoutes === null || key.allowedRoutes.has(route)) return null;
  return { code: 'forbidden', message: `This key may not call ${route}. Use a key that may.` };
}

/** The key may use this model, template and feature. An allow-list of models does not forbid a template that is allowed by name. */
export function checkKeyAllows({ key }: Caller, { model, template, feature }: Resolution): Refusal | null {
  if (key === null) return null;
  if (feature && key.allowedFeatures !== null && !key.allowedFeatures.has(feature.name)) {
    return {
      code: 'forbidden',
      message: `This key may not use the feature ${feature.name}. Use a key that may.`,
      param: 'x-weir-feature',
    };
  }
  if (template && key.allowedTemplates !== null) {
    if (key.allowedTemplates.has(template.slug)) return null;
    return {
      code: 'forbidden',
      message: `This key may not use the template ${template.slug}. Use a key that may.`,
      param: 'model',
    };
  }
  if (key.allowedModels === null ? !feature && isConfined(key) : !key.allowedModels.has(model.id)) {
    return {
      code: 'forbidden',
      message: `This key may not use the model ${model.id}. Use a key that may.`,
      param: 'model',
    };
  }
  return null;
}

/** A key made for some templates or features is for those alone, unless a list of models says which others it may call. */
function isConfined({ allowedTemplates, allowedFeatures }: KeyFacts): boolean {
  return (allowedTemplates?.size ?? 0) > 0 || (allowedFeatures?.size ?? 0) > 0;
}

/** The organization is active. */
export function checkOrganization({ organization }: Caller): Refusal | null {
  if (organization.status === 'active') return null;
  return {
    code: 'organization_suspended',
    message: 'The organization is suspended. Contact the owner of the platform.',
  };
}

/** The person is not paused; nor is the owner of a key that acts for them, who has to be an admin still. */
export function checkMember({ member, keyOwner }: Caller, nowMs: number): Refusal | null {
  if (isPaused(member, nowMs) || isPaused(keyOwner, nowMs))
    return {
      code: 'member_paused',
      message: 'The member is paused in this organization. Ask an admin of your organization.',
    };
  if (keyOwner?.role !== 'member') return null;
  return {
    code: 'forbidden',
    message: 'This key may not act for members: its owner is no admin any more. Leave out x-weir-user.',
    param: 'x-weir-user',
  };
}

function isPaused(member: MemberFacts | null | undefined, nowMs: number): boolean {
  if (!member || member.status === 'active') return false;
  return member.pausedUntilMs === null || member.pausedUntilMs > nowMs;
}

/** The feature is in service. */
export function checkFeature({ feature }: Resolution): Refusal | null {
  if (feature === null || feature.status === 'active') return null;
  if (feature.status === 'inactive')
    return { code: 'feature_inactive', message: `The feature ${feature.name} is not active.` };
  return {
    code: 'feature_maintenance',
    message: `The feature ${feature.name} is in maintenance. Try again later.`,
    retryAfterSeconds: 60,
  };
}

const blockLists = new WeakMap<KeyFacts, BlockList>();

/** Ranges are read once for as long as the key's facts live. */
function rangesOf(key: KeyFacts): BlockList {
  const known = blockLists.get(key);
  if (known) return known;
  const list = new BlockList();
  for (const range of key.ipRanges ?? []) {
    const [address = '', bits] = range.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    list.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  blockLists.set(key, list);
  return list;
}
