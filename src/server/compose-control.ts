// Owns: building the control plane and putting its routes on the server, one line a domain. Not: the data plane (compose.ts), or any route.

import type { FastifyInstance } from 'fastify';
import { auditRoutes, createAudit, createAuditLogService } from '../control/audit/index.ts';
import {
  createMeService,
  createOrganizationService,
  createSessionService,
  meRoutes,
  organizationRoutes,
} from '../control/identity/index.ts';
import type { Database } from '../database/pool.ts';
import type { SecretBox } from '../database/secrets/secret-box.ts';
import type { Clock } from '../primitives/clock.ts';
import type { Random } from '../primitives/random.ts';
import { createIdempotentWrites } from './api/idempotent-writes.ts';
import { mountRoutes } from './api/mount-routes.ts';
import { createRateLimits } from './api/rate-limits.ts';
import { deriveAuthSecret } from './auth-secret.ts';
import type { Config } from './config.ts';

/** What the control plane is made of. */
export interface ControlOptions {
  readonly config: Config;
  /** A pool as `weir_service`: a request of a person takes their role for its transaction. */
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly masterKey: Buffer;
  readonly clock: Clock;
  readonly random: Random;
  readonly createId: () => string;
  readonly onFault: (error: unknown) => void;
}

/** The control plane, ready to be put on a server. */
export interface ControlPlane {
  /** Adds every route to a scope of its own. */
  mount(app: FastifyInstance): Promise<void>;
}

/** Builds it. */
export function composeControl(options: ControlOptions): ControlPlane {
  const { config, database, secrets, clock, random, createId, onFault } = options;
  const { signIn } = config;
  const isSecure = signIn.publicUrl?.startsWith('https:') === true;
  const secret = deriveAuthSecret(options.masterKey);
  const sessions = createSessionService({ database, secret, isSecure });
  const audit = createAudit({ clock, random });
  const organizations = createOrganizationService({ database, audit, clock, random });
  const auditLogs = createAuditLogService({ database, audit });
  const me = createMeService({ database });
  const routes = [...organizationRoutes({ organizations }), ...meRoutes({ me }), ...auditRoutes({ auditLogs })];
  return {
    async mount(app) {
      let trusted: ReadonlySet<string> | undefined;
      const trustedOrigins = (): ReadonlySet<string> => {
        trusted ??= new Set([...ownOrigins(app, signIn.publicUrl), ...signIn.trustedOrigins]);
        return trusted;
      };
      const rateLimits = createRateLimits({ database, clock });
      const idempotentWrites = createIdempotentWrites({ database, secrets });
      const checksAnswers = config.mode === 'development';
      await app.register(async (scope) => {
        mountRoutes(scope, {
          ...{ routes, sessions, rateLimits, idempotentWrites, trustedOrigins, createId, checksAnswers, onFault },
        });
      });
    },
  };
}

/** The public address, or the names of this machine with the port, which is known once the server listens. */
function ownOrigins(app: FastifyInstance, publicUrl: string | null): string[] {
  if (publicUrl !== null) return [publicUrl];
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return ['localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}:${port}`);
}
