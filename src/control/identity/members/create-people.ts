// Owns: putting the parts around people in organizations together: members, invitations, departments, domains, onboarding. Not: any of them.

import type { Route } from '../../../contracts/route.ts';
import type { Database } from '../../../database/pool.ts';
import type { Clock } from '../../../primitives/clock.ts';
import type { Random } from '../../../primitives/random.ts';
import type { Audit } from '../../audit/index.ts';
import { departmentRoutes } from './department.routes.ts';
import { createDepartmentService } from './department.service.ts';
import { domainRoutes } from './domain.routes.ts';
import { createDomainService, type DomainProofs } from './domain.service.ts';
import { invitationRoutes } from './invitation.routes.ts';
import { createInvitationService } from './invitation.service.ts';
import { createInvitationAcceptanceService } from './invitation-acceptance.service.ts';
import { memberRoutes } from './member.routes.ts';
import { createMemberService } from './member.service.ts';
import type { MemberMail } from './member-mail.ts';
import { createMemberPauseService } from './member-pause.service.ts';
import { onboardingRoutes } from './onboarding.routes.ts';
import { createOnboardingService } from './onboarding.service.ts';

/** People in organizations. */
export interface People {
  readonly routes: Route[];
  /** Notes that up to so many invitations have run out. Gives how many. */
  expireInvitations(limit: number): Promise<number>;
  /** Ends pauses that have run out, in up to so many organizations, and tells those who can go on. Gives how many people. */
  resumeMembers(organizationLimit: number): Promise<number>;
}

/** Builds them. */
export function createPeople(options: {
  /** A pool as `weir_service`. */
  readonly database: Database;
  readonly audit: Audit;
  readonly mail: MemberMail;
  readonly proofs: DomainProofs;
  /** Where people reach Weir; asked when a link is made. */
  readonly publicUrl: () => string;
  readonly clock: Clock;
  readonly random: Random;
}): People {
  const { proofs } = options;
  const members = createMemberService(options);
  const memberPauses = createMemberPauseService(options);
  const invitations = createInvitationService(options);
  const invitationAcceptance = createInvitationAcceptanceService(options);
  const departments = createDepartmentService(options);
  const domains = createDomainService(options);
  const onboarding = createOnboardingService(options);
  return {
    routes: [
      ...memberRoutes({ members, memberPauses }),
      ...invitationRoutes({ invitations, invitationAcceptance }),
      ...departmentRoutes({ departments }),
      ...domainRoutes({ domains, proofs }),
      ...onboardingRoutes({ onboarding }),
    ],
    expireInvitations: invitations.expireDue,
    resumeMembers: memberPauses.resumeDue,
  };
}
