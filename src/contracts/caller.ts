// Owns: who asks, as one value that services, queries' doors and audit rows take. Not: how it is found out (the server) or what it may do (permissions.ts).

import type { MemberRole, PlatformRole } from './enumerations.ts';

/** Where a request came from, for audit rows and logs. */
export interface CallerRequest {
  /** The request's id, a UUIDv7: the same as in `x-request-id`. */
  readonly id: string;
  /** The address as the server believes it; never a raw header. */
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** Who asks. Built once per request from a checked session or token; every field is verified. A superset of what the person's door takes. */
export interface Caller {
  /** `users.id`, a UUID. */
  readonly userId: string;
  /** The organization acted in; null outside any. */
  readonly organizationId: string | null;
  /** The caller's role there; null with the organization. */
  readonly organizationRole: MemberRole | null;
  readonly platformRole: PlatformRole;
  /** `users.id` of the platform person behind an impersonation. */
  readonly impersonatorId: string | null;
  /** `sessions.id`; null for a caller with a token. */
  readonly sessionId: string | null;
  /** The API token that was sent in place of a session; absent with a session. */
  readonly apiToken?: CallerToken | undefined;
  readonly request: CallerRequest;
}

/** A token for the product API. With a personal one its person acts, with an organization's the organization, within what its maker may. */
export interface CallerToken {
  readonly id: string;
  readonly kind: 'personal' | 'organization';
  /** It is a virtual key, where an endpoint accepts one; `id` is the key's. */
  readonly isVirtualKey?: boolean;
  /** Of a virtual key: the names of the features it is for; null or absent: all. */
  readonly allowedFeatures?: readonly string[] | null;
}

/** Whether the caller is no person: an organization's token has its maker's id for what the maker may, and nothing that is the maker's own. */
export const isNobody = ({ apiToken }: Pick<Caller, 'apiToken'>): boolean => apiToken?.kind === 'organization';

/** Whose own things are none. */
export const NOBODY_ID = '00000000-0000-0000-0000-000000000000';

/** A caller who acts in an organization that they are a member of. */
export interface MemberCaller extends Caller {
  readonly organizationId: string;
  readonly organizationRole: MemberRole;
}
