// Owns: what the gateway tells of each call once it is over. Not: metrics, logs or traces (the server's).

import type { UsageStatus } from '../ledger/core/usage-event.ts';
import type { GatewayRoute } from '../providers/protocol.ts';

/** One call, as metrics and logs may know it: names and numbers, never text or keys. */
export interface CallReport {
  readonly requestId: string;
  readonly route: GatewayRoute;
  readonly organizationId: string | null;
  readonly userId: string | null;
  readonly virtualKeyId: string | null;
  readonly model: string | null;
  readonly provider: string | null;
  readonly streamed: boolean;
  /** The HTTP status of the answer's head; 499 when the client left before one. */
  readonly httpStatus: number;
  /** Null for a success. */
  readonly errorCode: string | null;
  /** Internal detail of an error, for the log alone. */
  readonly internal: string | null;
  readonly outcome: UsageStatus;
  readonly latencyMs: number;
  /** Part of the latency that was waiting for the provider. */
  readonly upstreamMs: number;
  /** Where the time went, in milliseconds: until the call was read and its caller known, until the hold was durable, until the upstream had
   * answered (a stream: begun), until the answer was written. 0 for a stage that was not reached. */
  readonly stagesMs: {
    readonly read: number;
    readonly reserve: number;
    readonly dispatch: number;
    readonly answer: number;
  };
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly costNanoUsd: bigint | null;
  readonly attempts: number;
}

/** Told of each call once. Must not throw. */
export interface GatewayObserver {
  onCall(report: CallReport): void;
}
