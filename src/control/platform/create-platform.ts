// Owns: putting the parts of platform administration together. Not: any of them.

import type { CallerRequest } from '../../contracts/caller.ts';
import type { Route } from '../../contracts/route.ts';
import type { Database } from '../../database/pool.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import { createAdminMailService } from './admin-mail.service.ts';
import { adminOrganizationRoutes } from './admin-organization.routes.ts';
import { createAdminOrganizationService } from './admin-organization.service.ts';
import { adminUserRoutes } from './admin-user.routes.ts';
import { createAdminUserService } from './admin-user.service.ts';
import { createAdminUserBulkService } from './admin-user-bulk.service.ts';
import { createAdminUserListService } from './admin-user-list.service.ts';
import { impersonationRoutes } from './impersonation.routes.ts';
import { createImpersonationService } from './impersonation.service.ts';
import type { PlatformMail } from './platform-mail.ts';
import { systemRoutes } from './system.routes.ts';
import { createSystemConfigService } from './system-config.service.ts';
import { createSystemHealthService, type HealthSource } from './system-health.service.ts';
import { createSystemUsageService } from './system-usage.service.ts';

/** What platform administration is made of. */
export interface PlatformOptions {
  /** A pool as `weir_service`. */
  readonly database: Database;
  readonly audit: Audit;
  readonly mail: PlatformMail;
  /** What the process says of its health. */
  readonly health: HealthSource;
  /** Where people reach Weir; asked at each invitation. */
  readonly publicUrl: () => string;
  /** Asks the auth library for a mail that verifies an address. */
  readonly sendVerification: (request: CallerRequest, email: string) => void;
  /** Signs session cookies. */
  readonly secret: string;
  /** Whether the public address is https. */
  readonly isSecure: boolean;
  readonly clock: Clock;
  readonly random: Random;
}

/** The routes of platform administration. */
export function createPlatform(options: PlatformOptions): Route[] {
  const { database, audit, mail, health, clock } = options;
  const users = createAdminUserService(options);
  return [
    ...adminUserRoutes({
      users,
      userList: createAdminUserListService({ database, audit }),
      userBulk: createAdminUserBulkService({ users }),
    }),
    ...impersonationRoutes({ impersonation: createImpersonationService(options) }),
    ...adminOrganizationRoutes({ adminOrganizations: createAdminOrganizationService({ database, audit }) }),
    ...systemRoutes({
      systemUsage: createSystemUsageService({ database, clock }),
      systemConfig: createSystemConfigService({ database, audit }),
      systemHealth: createSystemHealthService({ database, source: health, isMailSending: mail.isSending, clock }),
      adminMail: createAdminMailService({ database, audit, mail }),
    }),
  ];
}
