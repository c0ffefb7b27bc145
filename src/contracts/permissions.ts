// Owns: THE permission matrix: which role in an organization may do what. Server, tests and portal read this one object. Not: platform roles, or which rows a
// role sees (row level security).

import type { MemberRole } from './enumerations.ts';

const everyone = ['owner', 'admin', 'member'] as const;
const admins = ['owner', 'admin'] as const;
const owners = ['owner'] as const;

/** Permission → the roles that hold it. Names are noun.act; what only concerns oneself ends in `_own`. */
export const PERMISSIONS = {
  'organization.read': everyone,
  'organization.update': admins,
  'organization.delete': owners,
  'organization.transfer': owners,
  'organization.leave': everyone,
  'members.read': admins,
  'members.update': admins,
  'members.pause': admins,
  'members.remove': admins,
  'members.set_owner': owners,
  'invitations.manage': admins,
  'departments.read': everyone,
  'departments.manage': admins,
  'domains.manage': admins,
  'onboarding.read': everyone,
  'onboarding.update': admins,
  'keys.manage_own': everyone,
  'keys.manage': admins,
  'provider_keys.manage': admins,
  'api_tokens.manage_own': everyone,
  'api_tokens.manage': admins,
  'chat.use': everyone,
  'templates.use': everyone,
  'templates.manage_own': everyone,
  'templates.manage': admins,
  'system_templates.configure': admins,
  'personas.manage': admins,
  'usage.read_own': everyone,
  'usage.read': admins,
  'usage.record': everyone,
  'limits.request': everyone,
  'limits.manage': admins,
  'budgets.manage': admins,
  'billing.manage': admins,
  'purchases.read_own': everyone,
  'credits.use': everyone,
  'credits.read': everyone,
  'credits.manage': admins,
  'alerts.manage': admins,
  'webhooks.manage': admins,
  'notifications.read_own': everyone,
  'activity.read': everyone,
  'audit.read': admins,
} as const satisfies Record<string, readonly MemberRole[]>;

/** A row of the matrix. */
export type Permission = keyof typeof PERMISSIONS;

/** Whether a role holds a permission. */
export function may(role: MemberRole, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly MemberRole[]).includes(role);
}

/** Every permission a role holds, in the matrix's order. */
export function permissionsOf(role: MemberRole): Permission[] {
  return (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => may(role, permission));
}

/** The least of the roles that hold a permission. */
export function leastRoleOf(permission: Permission): MemberRole {
  const roles: readonly MemberRole[] = PERMISSIONS[permission];
  return roles.includes('member') ? 'member' : roles.includes('admin') ? 'admin' : 'owner';
}
