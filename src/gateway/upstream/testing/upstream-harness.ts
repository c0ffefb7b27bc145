// Owns: the upstream side put together against the fault server, with waits that are over at once, and what must hold after every test.
// Not: any assertion on behaviour.

import { expect } from 'vitest';
import { type Clock, systemClock } from '../../../primitives/clock.ts';
import { createSeededRandom } from '../../../primitives/random.ts';
import type { AttemptsOutcome, AttemptTarget } from '../attempt-target.ts';
import { neverCancelled } from '../cancellation.ts';
import { createUpstream, type Upstream } from '../create-upstream.ts';
import type { UpstreamLimits } from '../limits.ts';
import { systemTimers, type Timers } from '../timers.ts';
import { type FaultServer, startFaultServer } from './fault-server.ts';
import { TEST_LIMITS, testProvider } from './provider.ts';
import { TEXT_INPUT, textCarrier } from './text-carrier.ts';

/** What a target of a test may set. */
export interface TargetOptions {
  readonly id?: string;
  readonly timeouts?: Partial<Record<'connectMs' | 'firstByteMs' | 'idleMs' | 'totalMs', number>>;
  readonly credentialId?: string;
}

/** A running upstream side and its server. */
export interface UpstreamHarness {
  readonly server: FaultServer;
  readonly upstream: Upstream;
  /** Waits asked for, in milliseconds. Each is over at once, and the clock has moved on by it; the deadlines' ticks are real. */
  readonly waits: number[];
  /** Moves the clock on. */
  skip(milliseconds: number): void;
  /** A target whose provider fails as `path` says. */
  target(path: string, options?: TargetOptions): AttemptTarget;
  complete(...targets: AttemptTarget[]): Promise<AttemptsOutcome>;
  stream(...targets: AttemptTarget[]): Promise<AttemptsOutcome>;
  /** Ends it, and checks that every place was given back and nothing is left under way. */
  stop(): Promise<void>;
}

/** Starts one. `onWait` is told of each wait before it is over. */
export async function startUpstream(
  limits: Partial<UpstreamLimits> = {},
  onWait: () => void = () => {},
): Promise<UpstreamHarness> {
  const server = await startFaultServer();
  const waits: number[] = [];
  let skippedMs = 0;
  const clock: Clock = {
    nowMs: () => systemClock.nowMs() + skippedMs,
    monotonicMs: () => systemClock.monotonicMs() + skippedMs,
  };
  const timers: Timers = {
    after(delayMs, run) {
      if (delayMs === TEST_LIMITS.deadlineTickMs) return systemTimers.after(delayMs, run);
      waits.push(delayMs);
      queueMicrotask(onWait);
      return systemTimers.after(0, () => {
        skippedMs += delayMs;
        run();
      });
    },
  };
  const upstream = createUpstream({
    clock,
    random: createSeededRandom(1),
    timers,
    limits: { ...TEST_LIMITS, ...limits },
  });

  return {
    server,
    upstream,
    waits,
    skip(milliseconds) {
      skippedMs += milliseconds;
    },
    target: (path, { id = 'first', timeouts = {}, credentialId = 'platform' } = {}) => ({
      provider: testProvider(server.origin, { id, timeouts }),
      modelId: `${id}-model`,
      credentialId,
      prepare: () => ({
        carrier: textCarrier,
        input: TEXT_INPUT,
        carried: { path, body: Buffer.from('{}'), headers: {} },
        credentials: {},
      }),
    }),
    complete: (...targets) => upstream.run({ targets, isStream: false, cancellation: neverCancelled }),
    stream: (...targets) => upstream.run({ targets, isStream: true, cancellation: neverCancelled }),
    async stop() {
      for (const { inFlight, waiting } of upstream.health()) expect([inFlight, waiting]).toEqual([0, 0]);
      expect(upstream.inFlight()).toBe(0);
      await upstream.close();
      await server.allClosed();
      await server.close();
    },
  };
}

/** What was tried, in short. */
export function triedIn({ attempts }: AttemptsOutcome): unknown[] {
  return attempts.map(({ providerId, status, failure }) => [providerId, status, failure?.code ?? null]);
}

/** All that a stream gives, and how it ends. */
export function readAll(outcome: AttemptsOutcome): Promise<string> {
  if (outcome.kind !== 'stream') throw new Error(`The outcome is ${outcome.kind}.`);
  return new Promise((resolve) => {
    let text = '';
    outcome.stream.read({
      onBytes: (bytes) => {
        text += bytes.toString();
      },
      onEnd: () => resolve(`${text}|end`),
      onFailure: ({ code }) => resolve(`${text}|${code}`),
    });
  });
}
