// Owns: what is known of who sent a request, before it is decided what they may. Not: finding it out (session.service.ts) or deciding (the server).

import type { CallerToken } from '../../contracts/caller.ts';
import type { MemberRole, OrganizationStatus, PlatformRole } from '../../contracts/enumerations.ts';

/** Somebody with a session or token, and their memberships as far as the request needs them. */
export interface Visitor {
  readonly userId: string;
  /** Null for a token. */
  readonly sessionId: string | null;
  /** The token; absent with a session. */
  readonly apiToken?: CallerToken | undefined;
  /** What an impersonator sees is the person's: always `user` then. */
  readonly platformRole: PlatformRole;
  readonly impersonatorId: string | null;
  readonly isBanned: boolean;
  /** The organization that was named, if they are a member of it; all but at most two of theirs when none was named: two are too many already. */
  readonly memberships: readonly {
    readonly organizationId: string;
    readonly role: MemberRole;
    readonly status: OrganizationStatus;
  }[];
  /** Whether the request named an organization. */
  readonly isNamed: boolean;
}
