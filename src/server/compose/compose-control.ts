// Owns: building the control plane and putting its routes on the server, one line a domain. Not: the data plane (compose.ts), or any route.

import type { FastifyInstance } from 'fastify';
import type { UseRecorder } from '../../contracts/analytics/use-recorder.ts';
import type { ChatPipeline } from '../../contracts/chat/chat-pipeline.ts';
import type { LimitInspector } from '../../contracts/quotas/limit-inspector.ts';
import { auditRoutes, createAudit, createAuditLogService } from '../../control/audit/index.ts';
import { createProviderKeyService, providerKeyRoutes } from '../../control/catalog/index.ts';
import {
  apiTokenRoutes,
  createApiTokenService,
  createAuth,
  createMeService,
  createOrganizationService,
  createPeople,
  createRetentionService,
  createSessionService,
  createTokenVisitors,
  createVirtualKeyService,
  meRoutes,
  organizationRoutes,
  virtualKeyRoutes,
} from '../../control/identity/index.ts';
import { createPlatform, type HealthSource } from '../../control/platform/index.ts';
import type { Database } from '../../database/pool.ts';
import type { SecretBox } from '../../database/secrets/secret-box.ts';
import type { Mail } from '../../mail/create-mail.ts';
import type { Network } from '../../network/create-network.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import { createIdempotentWrites } from '../api/idempotent-writes.ts';
import { mountRoutes } from '../api/mount-routes.ts';
import { createRateLimits } from '../api/rate-limits.ts';
import { createProviderProbe } from '../health/provider-probe.ts';
import type { Log } from '../logging/log.ts';
import { createOwnOrigins } from '../own-origins.ts';
import { deriveAuthSecret } from '../secrets/auth-secret.ts';
import type { Config } from '../settings/config.ts';
import { composeGovernance } from './compose-governance.ts';
import { composeJobs, type JobSurroundings, type Jobs } from './compose-jobs.ts';

/** What the control plane is made of. */
export interface ControlOptions {
  readonly config: Config;
  /** A pool as `weir_service`: a request of a person takes their role for its transaction. */
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly masterKey: Buffer;
  readonly mail: Mail;
  readonly network: Network;
  /** The gateway's pipeline for people who are signed in. */
  readonly chatPipeline: ChatPipeline;
  /** What the gateway would decide. */
  readonly limits: LimitInspector;
  /** The gateway's, for calls that were made elsewhere. */
  readonly useRecorder: UseRecorder;
  /** What the process says of its health. */
  readonly health: HealthSource;
  /** What background jobs need of the data plane and the process. */
  readonly jobs: JobSurroundings;
  readonly clock: Clock;
  readonly random: Random;
  readonly createId: () => string;
  readonly log: Log;
  readonly onFault: (error: unknown) => void;
}

/** The control plane, ready to be put on a server. */
export interface ControlPlane {
  /** Adds every route to a scope of its own. */
  mount(app: FastifyInstance): Promise<void>;
  /** What is done from time to time, here or on another replica. */
  readonly jobs: Pick<Jobs, 'start' | 'stop' | 'gauges'>;
}

/** Builds it. */
export function composeControl(options: ControlOptions): ControlPlane {
  const { config, database, secrets, mail, clock, random, createId, onFault } = options;
  const { signIn } = config;
  const secret = deriveAuthSecret(options.masterKey);
  const origins = createOwnOrigins(signIn);
  const publicUrl = (): string => origins.find()[0];
  const isSecure = signIn.publicUrl?.startsWith('https:') === true;
  const sessions = createSessionService({ database, secret, isSecure });
  const audit = createAudit({ clock, random });
  const organizations = createOrganizationService({ database, audit, clock, random });
  const auditLogs = createAuditLogService({ database, audit });
  const virtualKeys = createVirtualKeyService({ database, audit, clock, random });
  const apiTokens = createApiTokenService({ database, audit, clock, random });
  const { providers: baseUrls } = config;
  const probe = createProviderProbe({ fetcher: options.network.fetcher, providers: config.providers });
  const providerKeys = createProviderKeyService({ database, secrets, audit, probe, baseUrls, clock, random });
  const findTokenVisitor = createTokenVisitors({ database });
  const me = createMeService({ database });
  const requiresVerification = (signIn.emailVerification ?? (mail.isSending ? 'required' : 'off')) === 'required';
  const auth = createAuth({
    ...{ database, audit, sessions, mail, publicUrl, secret, requiresVerification, clock, random, onFault },
    providers: { google: signIn.google, oidc: signIn.oidc },
  });
  const { sendVerification } = auth;
  const { health } = options;
  const people = createPeople({ database, audit, mail, proofs: options.network, publicUrl, clock, random });
  const retention = createRetentionService({ database, audit });
  const { checkUrl } = options.network.fetcher;
  const governance = composeGovernance({
    ...{ database, audit, secrets, checkUrl, clock, random, onFault },
    ...{ limits: options.limits, chatPipeline: options.chatPipeline, useRecorder: options.useRecorder },
  });
  const jobs = composeJobs({
    ...{ ...options.jobs, database, audit, people, retention, governance, clock, random, log: options.log },
  });
  const routes = [
    ...auth.routes,
    ...createPlatform({
      ...{ database, audit, mail, health, publicUrl, sendVerification, secret, isSecure, clock, random },
    }),
    ...organizationRoutes({ organizations }),
    ...meRoutes({ me }),
    ...people.routes,
    ...virtualKeyRoutes({ virtualKeys, clock }),
    ...apiTokenRoutes({ apiTokens, clock }),
    ...providerKeyRoutes({ providerKeys, baseUrls }),
    ...auditRoutes({ auditLogs }),
    ...governance.routes,
    ...jobs.routes,
  ];
  const rateLimits = createRateLimits({ database, clock });
  const idempotentWrites = createIdempotentWrites({ database, secrets });
  const checksAnswers = config.mode === 'development';
  return {
    jobs,
    async mount(app) {
      origins.servedBy(app);
      await app.register(async (scope) => {
        mountRoutes(scope, {
          ...{ routes, sessions, findTokenVisitor, rateLimits, idempotentWrites, createId, checksAnswers, onFault },
          trustedOrigins: origins.trusted,
          ...{ clock, onTimed: options.jobs.latencies.observe },
        });
      });
    },
  };
}
