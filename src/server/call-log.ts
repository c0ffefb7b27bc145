// Owns: the line in the log that each call leaves. Not: what is known of a call (the gateway's report) or its metrics.

import type { CallReport, GatewayObserver } from '../gateway/observer.ts';
import type { Log } from './log.ts';

/** Logs each call, then tells `next`. A call that failed by a fault of ours is logged as an error. */
export function createCallLog({ log, next }: { log: Log; next: GatewayObserver }): GatewayObserver {
  return {
    onCall(report) {
      if (report.errorCode === 'internal_error') log.error(lineOf(report), 'call');
      // Asked first: making the line costs more than the question.
      else if (log.isLevelEnabled('info')) log.info(lineOf(report), 'call');
      next.onCall(report);
    },
  };
}

function lineOf(report: CallReport): Record<string, unknown> {
  return {
    requestId: report.requestId,
    route: report.route,
    status: report.httpStatus,
    outcome: report.outcome,
    ...(report.errorCode === null ? {} : { code: report.errorCode }),
    ...(report.internal === null ? {} : { internal: report.internal }),
    organizationId: report.organizationId,
    userId: report.userId,
    model: report.model,
    provider: report.provider,
    streamed: report.streamed,
    latencyMs: Math.round(report.latencyMs),
    upstreamMs: Math.round(report.upstreamMs),
    inputTokens: Number(report.inputTokens),
    outputTokens: Number(report.outputTokens),
    costNanoUsd: report.costNanoUsd === null ? null : Number(report.costNanoUsd),
    attempts: report.attempts,
  };
}
