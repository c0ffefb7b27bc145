// Owns: who is in the demo world: its organizations, departments and users. Not: their ids, passwords and keys (made when seeding).

import type { MemberRole, PlanSlug, PlatformRole } from '../../../contracts/enumerations.ts';

/** The demo organizations, one a plan, each in another business. */
export const demoOrganizations = [
  { plan: 'free', name: 'Corner Shop', slug: 'corner-shop', businessType: 'retail', departments: [] },
  { plan: 'starter', name: 'Bright Agency', slug: 'bright-agency', businessType: 'agency', departments: ['Design'] },
  {
    plan: 'pro',
    name: 'Harbour Software',
    slug: 'harbour-software',
    businessType: 'software',
    departments: ['Engineering', 'Marketing'],
  },
  {
    plan: 'enterprise',
    name: 'Meridian Health',
    slug: 'meridian-health',
    businessType: 'healthcare',
    departments: ['Care', 'Operations'],
  },
] as const satisfies readonly {
  plan: PlanSlug;
  name: string;
  slug: string;
  businessType: string;
  departments: readonly string[];
}[];

/** A name in `.weir/demo.json`. */
export type DemoUserName =
  | 'superadmin'
  | 'platformAdmin'
  | 'proAdmin'
  | 'proMember'
  | 'freeAdmin'
  | 'freeMember'
  | 'starterAdmin'
  | 'enterpriseAdmin';

interface DemoUserSeed {
  key: DemoUserName;
  name: string;
  email: string;
  platformRole: PlatformRole;
  membership: { plan: PlanSlug; role: MemberRole; department: string | null } | null;
}

/** The demo people. Addresses end in a domain that never receives mail (RFC 2606). */
export const demoUsers: readonly DemoUserSeed[] = [
  {
    key: 'superadmin',
    name: 'Sol Superadmin',
    email: 'superadmin@weir.example',
    platformRole: 'superadmin',
    membership: null,
  },
  {
    key: 'platformAdmin',
    name: 'Pat Platform',
    email: 'platform@weir.example',
    platformRole: 'platform_admin',
    membership: null,
  },
  {
    key: 'proAdmin',
    name: 'Ada Harbour',
    email: 'admin@harbour-software.example',
    platformRole: 'user',
    membership: { plan: 'pro', role: 'owner', department: 'Engineering' },
  },
  {
    key: 'proMember',
    name: 'Max Harbour',
    email: 'member@harbour-software.example',
    platformRole: 'user',
    membership: { plan: 'pro', role: 'member', department: 'Marketing' },
  },
  {
    key: 'freeAdmin',
    name: 'Cora Shop',
    email: 'admin@corner-shop.example',
    platformRole: 'user',
    membership: { plan: 'free', role: 'owner', department: null },
  },
  {
    key: 'freeMember',
    name: 'Finn Shop',
    email: 'member@corner-shop.example',
    platformRole: 'user',
    membership: { plan: 'free', role: 'member', department: null },
  },
  {
    key: 'starterAdmin',
    name: 'Bea Bright',
    email: 'admin@bright-agency.example',
    platformRole: 'user',
    membership: { plan: 'starter', role: 'owner', department: 'Design' },
  },
  {
    key: 'enterpriseAdmin',
    name: 'Mia Meridian',
    email: 'admin@meridian-health.example',
    platformRole: 'user',
    membership: { plan: 'enterprise', role: 'owner', department: 'Operations' },
  },
];
