// Owns: an admitted call for tests of the pure parts behind admission. Not: admitting one.

import type { ServerResponse } from 'node:http';
import type { Meter, MeterKind, Unit } from '../../ledger/core/meter.ts';
import type { HeldLeg, MeterState } from '../../ledger/core/reservation.ts';
import { sampleEvent } from '../../ledger/core/testing/samples.ts';
import { windowAt } from '../../ledger/core/window.ts';
import { parseChatCompletions } from '../../providers/openai/chat-call.ts';
import type { ParsedCall } from '../../providers/protocol.ts';
import type { AdmittedCall, Caller, Resolution } from '../call.ts';
import { NOON, sampleCaller, sampleResolution } from './sample-facts.ts';

const UNITS: Readonly<Record<MeterKind, Unit>> = {
  organization_quota: 'tokens',
  template_limit: 'tokens',
  daily_messages: 'messages',
  trial: 'messages',
  credits: 'credits',
  budget: 'nano_usd',
  key_requests: 'requests',
  key_tokens: 'tokens',
};

/** A hard meter of a kind with a limit of 100. */
export function sampleMeter(kind: MeterKind, more: Partial<Meter> = {}): Meter {
  return {
    key: `${kind}:1`,
    kind,
    scopeClass: 'organization',
    unit: UNITS[kind],
    window: { kind: 'day' },
    limit: 100n,
    mode: 'hard',
    organizationId: 'organization-1',
    label: kind,
    ...more,
  };
}

/** A counter as it stood, at noon. */
export function sampleState(meter: Meter, used = 0n, held = 0n): MeterState {
  return { meter, used, held, window: windowAt(meter.window, NOON) };
}

/** What differs of an admitted call. */
export interface AdmittedParts {
  readonly caller?: Caller;
  readonly resolution?: Partial<Resolution>;
  readonly parsed?: Partial<ParsedCall>;
  readonly trial?: boolean;
  readonly kinds?: readonly MeterKind[];
  readonly states?: readonly MeterState[];
  readonly credits?: bigint;
}

/** A chat that holds 50 on a meter of each kind. */
export function sampleAdmittedCall(parts: AdmittedParts = {}): AdmittedCall {
  const { caller = sampleCaller(), trial = false, kinds = [], states = [], credits } = parts;
  const resolution = sampleResolution(parts.resolution);
  const body = '{"model":"sample","messages":[{"role":"user","content":"hi"}]}';
  const parsed = { ...parseChatCompletions(Buffer.from(body)), ...parts.parsed };
  const asked = credits === undefined ? null : { creditType: 'goals', amount: credits };
  const legs = kinds.map((kind): HeldLeg => {
    const meter = sampleMeter(kind);
    return { meter, window: windowAt(meter.window, NOON), counterId: 1n, amount: 50n };
  });
  return {
    caller,
    parsed,
    states,
    outputCap: null,
    wishes: { feature: null, persona: null, environment: 'production', tags: { team: 'blue' } },
    client: { isCancelled: () => false, onCancel: () => () => {} },
    incoming: {
      id: '01900000-0000-7000-8000-000000000001',
      route: parsed.route,
      headers: {},
      remoteAddress: '203.0.113.1',
      body: Buffer.from(body),
      response: {} as ServerResponse,
      startedMs: 0,
    },
    admission: {
      resolution,
      candidates: [resolution.model],
      trial,
      legs: legs.map(({ meter }) => ({ meter, base: 50n, rate: 0n })),
      output: { wanted: 10n, needed: 10n, floor: 10n },
      credits: asked,
      dimensions: sampleEvent(caller.organization.id).dimensions,
      inputTokens: 10n,
      estimatedCost: 1n,
    },
    hold: {
      id: '01900000-0000-7000-8000-000000000001',
      organizationId: caller.organization.id,
      reservedAtMs: NOON,
      legs,
      grantedOutput: 10n,
      credits: asked === null ? null : { ...asked, lots: [] },
    },
  };
}
