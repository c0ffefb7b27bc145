// Owns: the end of a call that is common to every kind of answer: what it used is booked, and learnt from. Not: the answer itself.

import type { LedgerStore } from '../../ledger/core/ledger-store.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { TokenCounter } from '../../providers/counting/token-counter.ts';
import type { OutputForecast } from '../admission/output-forecast.ts';
import type { AdmittedCall } from '../call.ts';
import type { OpenStreams } from '../open-streams.ts';
import type { SettlementBook } from '../settlement/settlement-book.ts';
import type { ModelFacts } from '../snapshot/facts.ts';
import type { Timers } from '../upstream/timers.ts';
import { forecastKind } from './decide.ts';
import { type CallEnding, settlementOf } from './settle.ts';

/** What answering needs. */
export interface AnswerDependencies {
  readonly store: LedgerStore;
  readonly book: SettlementBook;
  readonly counter: TokenCounter;
  readonly forecast: OutputForecast;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly openStreams: OpenStreams;
  readonly onFault: (error: unknown) => void;
}

/** How a call ended, for the report. */
export interface AnsweredCall {
  readonly ending: CallEnding;
  readonly httpStatus: number;
  readonly costNanoUsd: bigint | null;
  readonly providerSlug: string | null;
  readonly upstreamMs: number;
}

/** A call's use on its way into the books. */
export interface Booking {
  /** What the customer is charged. */
  readonly cost: bigint | null;
  /** Resolves when the record survives this process. */
  readonly booked: Promise<void>;
}

/** Books what the call used. */
export function bookEnding({ book, forecast }: AnswerDependencies, call: AdmittedCall, ending: CallEnding): Booking {
  const settlement = settlementOf(call, ending);
  if (ending.status === 'success')
    forecast.learn(forecastKind(call.admission.resolution), Number(ending.tokens.output));
  return { cost: settlement.event.costNanoUsd, booked: book.book(settlement) };
}

/** The model that an upstream's target stands for. */
export function servedModel(call: AdmittedCall, modelId: string): ModelFacts {
  return call.caller.platform.models.get(modelId) ?? call.admission.resolution.model;
}

/** The vendor's own id of the call, for questions to its support. */
export function upstreamRequestId(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): string | null {
  const id = headers['x-request-id'] ?? headers['request-id'];
  return typeof id === 'string' ? id.slice(0, 200) : null;
}
