// Owns: who the matrix asks as: the people of its world and the identities they act as. Not: what they may see (rls-expectations.ts).

/** The two organizations. Everything is made for both alike, so that whatever crosses over shows. */
export const ORGANIZATIONS = {
  A: '0a000000-0000-7000-8000-000000000001',
  B: '0b000000-0000-7000-8000-000000000001',
} as const;
export type OrganizationName = keyof typeof ORGANIZATIONS;

/** Where each person is at home, and as what. */
export const PEOPLE = {
  memberA: { id: '0a000000-0000-7000-8000-000000000010', home: 'A', role: 'member' },
  adminA: { id: '0a000000-0000-7000-8000-000000000011', home: 'A', role: 'admin' },
  ownerA: { id: '0a000000-0000-7000-8000-000000000012', home: 'A', role: 'owner' },
  /** Also an admin of B. */
  dual: { id: '0a000000-0000-7000-8000-000000000013', home: 'A', role: 'member' },
  memberB: { id: '0b000000-0000-7000-8000-000000000010', home: 'B', role: 'member' },
  adminB: { id: '0b000000-0000-7000-8000-000000000011', home: 'B', role: 'admin' },
  ownerB: { id: '0b000000-0000-7000-8000-000000000012', home: 'B', role: 'owner' },
  platformAdmin: { id: '0c000000-0000-7000-8000-000000000010', home: null, role: null },
  superadmin: { id: '0c000000-0000-7000-8000-000000000011', home: null, role: null },
} as const satisfies Record<string, { id: string; home: OrganizationName | null; role: string | null }>;
export type PersonName = keyof typeof PEOPLE;

/** The token that `token` acts by. */
const API_TOKEN = '0a000000-0000-7000-8000-000000000020';

/** Somebody a statement is tried as. */
export interface Identity {
  readonly role: 'authenticated' | 'weir_gateway';
  readonly person: PersonName | null;
  readonly organization: OrganizationName | null;
  readonly impersonator?: PersonName;
  /** Acts by an API token of theirs that is worth this much. */
  readonly tokenRole?: 'admin' | 'member';
}

/** Each column of the matrix. */
export const IDENTITIES = {
  /** A signed-in person's role without any claim: what a forgotten context comes to. */
  anonymous: { role: 'authenticated', person: null, organization: null },
  member: { role: 'authenticated', person: 'memberA', organization: 'A' },
  /** A member in A who is an admin in B: acting in A, nothing of B is theirs. */
  dual: { role: 'authenticated', person: 'dual', organization: 'A' },
  admin: { role: 'authenticated', person: 'adminA', organization: 'A' },
  owner: { role: 'authenticated', person: 'ownerA', organization: 'A' },
  /** Of organization B: their `organization` is B, and nothing of A may show. */
  otherAdmin: { role: 'authenticated', person: 'adminB', organization: 'B' },
  /** A superadmin acting as A's owner. */
  impersonator: { role: 'authenticated', person: 'ownerA', organization: 'A', impersonator: 'superadmin' },
  /** An owner's API token that is worth a member's rights. */
  token: { role: 'authenticated', person: 'ownerA', organization: 'A', tokenRole: 'member' },
  platformAdmin: { role: 'authenticated', person: 'platformAdmin', organization: null },
  superadmin: { role: 'authenticated', person: 'superadmin', organization: null },
  gateway: { role: 'weir_gateway', person: null, organization: null },
} as const satisfies Record<string, Identity>;
export type IdentityName = keyof typeof IDENTITIES;

/** `request.jwt.claims` as `withPrincipal` sets them; empty for nobody. */
export function claimsOf(identity: Identity): string {
  if (identity.person === null) return '';
  const { id, role } = PEOPLE[identity.person];
  return JSON.stringify({
    sub: id,
    role: 'authenticated',
    organization_id: identity.organization === null ? null : ORGANIZATIONS[identity.organization],
    organization_role: identity.tokenRole ?? role,
    ...(identity.tokenRole === undefined ? {} : { api_token: API_TOKEN }),
    platform_role: 'user',
    impersonator: identity.impersonator === undefined ? null : PEOPLE[identity.impersonator].id,
  });
}
