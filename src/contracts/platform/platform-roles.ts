// Owns: which role on the platform may do what there: the one table. Not: roles in organizations (permissions.ts), or roles on AI management.

/** Act → the least role. What concerns people, secrets or money is a superadmin's; how the platform is doing a platform admin reads as well. */
export const PLATFORM_ACTS = {
  'users.read': 'superadmin',
  'users.write': 'superadmin',
  'users.impersonate': 'superadmin',
  'organizations.read': 'platform_admin',
  'organizations.write': 'superadmin',
  'usage.read': 'platform_admin',
  'config.read': 'platform_admin',
  'config.write': 'superadmin',
  'health.read': 'platform_admin',
  'mail.read': 'superadmin',
  'budgets.read': 'platform_admin',
  'budgets.write': 'superadmin',
} as const satisfies Record<string, 'platform_admin' | 'superadmin'>;
