// Owns: the routes for operators: /healthz, /readyz, /metrics. Not: what they tell (readiness.ts, metrics.ts).

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { WeirError } from '../../primitives/errors.ts';
import type { ReadinessReport } from './readiness.ts';

/** What the routes tell. */
export interface OperationsOptions {
  readonly createId: () => string;
  readonly readiness: () => Promise<ReadinessReport>;
  readonly renderMetrics: () => Promise<{ contentType: string; body: string }>;
  /** Null: the metrics are open to whoever reaches the port. */
  readonly metricsToken: string | null;
}

/** Adds the routes. Give them a scope of their own: its hook is not for the gateway's calls. */
export function registerOperationsRoutes(app: FastifyInstance, options: OperationsOptions): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-request-id', options.createId()).header('cache-control', 'no-store');
  });
  app.get('/healthz', async () => {
    return { status: 'alive' };
  });
  app.get('/readyz', async (_request, reply) => {
    const { ready, checks } = await options.readiness();
    reply.code(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not_ready', checks };
  });
  app.get('/metrics', async (request, reply) => {
    const { metricsToken } = options;
    if (metricsToken !== null && !isSame(request.headers.authorization ?? '', `Bearer ${metricsToken}`))
      throw new WeirError('unauthenticated', { message: 'The metrics ask for a token.' });
    const { contentType, body } = await options.renderMetrics();
    reply.header('content-type', contentType);
    return body;
  });
}

/** Compares digests, so that the time tells neither content nor length. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
