// Owns: putting the gateway together, and its face towards HTTP. Not: any behaviour of its own beyond the small routes that hold nothing.

import type { IncomingHttpHeaders } from 'node:http';
import type { UseRecorder } from '../contracts/analytics/use-recorder.ts';
import type { ChatPipeline } from '../contracts/chat/chat-pipeline.ts';
import type { LimitInspector } from '../contracts/quotas/limit-inspector.ts';
import type { Database } from '../database/pool.ts';
import type { LedgerStore } from '../ledger/core/ledger-store.ts';
import type { Clock } from '../primitives/clock.ts';
import { WeirError } from '../primitives/errors.ts';
import { createUuidV7 } from '../primitives/ids.ts';
import type { Random } from '../primitives/random.ts';
import { renderAnthropicModel, renderAnthropicModelList } from '../providers/anthropic/model-list.ts';
import type { TokenCounter } from '../providers/counting/token-counter.ts';
import { parseJsonDocument } from '../providers/json-document.ts';
import { renderOpenAiModel, renderOpenAiModelList } from '../providers/openai/model-list.ts';
import type { GatewayRoute } from '../providers/protocol.ts';
import { createOutputForecast } from './admission/output-forecast.ts';
import type { IncomingCall } from './call.ts';
import { handleCall, PARSERS, type PipelineDependencies } from './call-pipeline.ts';
import { countTokens } from './count-tokens.ts';
import { createCreditPeriods } from './credit-periods.ts';
import type { DenialTrace } from './denial-trace.ts';
import { explainCall } from './explain.ts';
import type { Idempotency } from './idempotency/idempotency.ts';
import { createChatPipeline } from './in-process/chat-pipeline.ts';
import { createLimitInspector } from './in-process/limit-inspector.ts';
import type { Serve } from './in-process/person-call.ts';
import { HOLD_TTL_MS } from './limits.ts';
import { findListedModel, listModels } from './list-models.ts';
import type { CallReport, GatewayObserver } from './observer.ts';
import { createOpenStreams } from './open-streams.ts';
import { createUseRecorder } from './record-use.ts';
import { firstKeyRefusal } from './rules/rules.ts';
import type { SettlementBook } from './settlement/settlement-book.ts';
import { createProviderChoice } from './snapshot/provider-choice.ts';
import type { Snapshot } from './snapshot/snapshot.ts';
import { authenticate } from './stages/authenticate.ts';
import { toError } from './stages/decide.ts';
import { readWishes } from './stages/read-wishes.ts';
import { createTemplateTrials } from './template-trials.ts';
import type { Upstream } from './upstream/create-upstream.ts';
import { systemTimers } from './upstream/timers.ts';

/** What the gateway is made of. */
export interface GatewayOptions {
  /** A pool as `weir_gateway`, for the few questions that are not hot. */
  readonly database: Database;
  readonly store: LedgerStore;
  readonly snapshot: Snapshot;
  readonly upstream: Upstream;
  readonly book: SettlementBook;
  readonly idempotency: Idempotency;
  readonly counter: TokenCounter;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: GatewayObserver;
  /** Told of faults of our own, for the log. */
  readonly onFault: (error: unknown) => void;
  /** Told why each denied call was denied; must take no time. */
  readonly onDenial?: (trace: DenialTrace) => void;
  readonly holdTtlMs?: number;
}

/** A request as HTTP hands it over. */
export type IncomingRequest = Omit<IncomingCall, 'id' | 'startedMs' | 'person' | 'onRefusal'>;

/** A request that asks without calling. */
export type AskingRequest = Pick<IncomingRequest, 'headers' | 'remoteAddress'>;

/** The gateway as HTTP sees it. */
export interface Gateway {
  /** Serves a call to a model, down to the last byte of its reply, and gives its report. Never rejects. */
  call(request: IncomingRequest): Promise<CallReport>;
  /** To be told of every change of facts: streams of callers that lost the right to them end. */
  recheckStreams(scope: string): Promise<void>;
  /** The same pipeline for people who are signed in, from within this process. */
  readonly chat: ChatPipeline;
  /** For calls that were made elsewhere. */
  readonly useRecorder: UseRecorder;
  /** What the same pipeline would decide of a person's call. */
  readonly limits: LimitInspector;
  /** Calls under way. */
  inFlight(): number;
  countTokens(request: Omit<IncomingRequest, 'route'>): Promise<Record<string, unknown>>;
  explain(request: Omit<IncomingRequest, 'route' | 'response'>): Promise<Record<string, unknown>>;
  listModels(request: AskingRequest): Promise<Record<string, unknown>>;
  getModel(request: AskingRequest, id: string): Promise<Record<string, unknown>>;
  createId(): string;
  /** Reports a fault and gives the error that may be shown. */
  toInternalError(error: unknown): WeirError;
}

/** Builds the gateway; nothing runs before the first request. */
export function createGateway(options: GatewayOptions): Gateway {
  const { store, snapshot, clock, random, counter } = options;
  const credits = createCreditPeriods(options.database);
  const openStreams = createOpenStreams({ snapshot, nowMs: store.nowMs });
  const dependencies: PipelineDependencies = {
    ...options,
    forecast: createOutputForecast(),
    timers: systemTimers,
    openStreams,
    chooseProvider: createProviderChoice(),
    holdTtlMs: options.holdTtlMs ?? HOLD_TTL_MS,
    ensureCredits: credits.ensureCredits,
    checkTemplateTrial: createTemplateTrials(options.database),
  };
  const createId = (): string => createUuidV7(store.nowMs(), random);
  let inFlight = 0;
  // Who may not call may still ask why: all that is needed is a key that may be used from here.
  const authenticateInForce = async ({ headers, remoteAddress }: AskingRequest) => {
    const caller = await authenticate({ headers }, snapshot);
    const refusal = firstKeyRefusal({ caller, remoteAddress, nowMs: store.nowMs() });
    if (refusal) throw toError(refusal);
    return caller;
  };
  const serve: Serve = async (request) => {
    inFlight += 1;
    const report = await handleCall(dependencies, { ...request, id: createId(), startedMs: clock.monotonicMs() });
    inFlight -= 1;
    return report;
  };
  return {
    call: serve,
    chat: createChatPipeline({ serve, snapshot, nowMs: store.nowMs }),
    useRecorder: createUseRecorder(options),
    limits: createLimitInspector({ ...dependencies, creditsAvailable: credits.creditsAvailable }),
    recheckStreams: openStreams.recheck,
    inFlight: () => inFlight,
    countTokens: (request) =>
      countTokens(
        { ...dependencies, counter },
        { ...request, route: 'count_tokens', id: createId(), startedMs: clock.monotonicMs() },
      ),
    async explain({ headers, remoteAddress, body }) {
      const route = routeToExplain(headers, body);
      const caller = await authenticateInForce({ headers, remoteAddress });
      const parsed = PARSERS[route](body);
      return explainCall(
        { ...dependencies, creditsAvailable: credits.creditsAvailable },
        { caller, parsed, wishes: readWishes(headers), remoteAddress },
      );
    },
    async listModels(request) {
      const models = listModels(await authenticateInForce(request), store.nowMs());
      return isAnthropic(request.headers) ? renderAnthropicModelList(models) : renderOpenAiModelList(models);
    },
    async getModel(request, id) {
      const model = findListedModel(await authenticateInForce(request), id, store.nowMs());
      if (!model)
        throw new WeirError('model_not_found', {
          message: `There is no model ${JSON.stringify(id.slice(0, 100))}. Choose one from GET /v1/models.`,
          param: 'model',
        });
      return isAnthropic(request.headers) ? renderAnthropicModel(model) : renderOpenAiModel(model);
    },
    createId,
    toInternalError(error) {
      options.onFault(error);
      return new WeirError('internal_error', { cause: error });
    },
  };
}

function isAnthropic(headers: IncomingHttpHeaders): boolean {
  return headers['anthropic-version'] !== undefined;
}

/** Fields of a request for embeddings (API reference, "Create embeddings"). */
const EMBEDDINGS_FIELDS: ReadonlySet<string> = new Set(['model', 'input', 'user', 'dimensions', 'encoding_format']);

/**
 * Which route the body to explain is meant for: Anthropic's by its header, else by what it holds. A model and a text alone ask for embeddings; items, or any
 * field of its own, for a response.
 */
function routeToExplain(headers: IncomingHttpHeaders, body: Buffer): GatewayRoute {
  if (isAnthropic(headers)) return 'messages';
  const { spans, value } = parseJsonDocument(body);
  if (!spans.has('input') || spans.has('messages')) return 'chat_completions';
  const first: unknown = Array.isArray(value.input) ? value.input[0] : undefined;
  const holdsItems = typeof first === 'object' && first !== null && !Array.isArray(first);
  const isOfEmbeddings = [...spans.keys()].every((name) => EMBEDDINGS_FIELDS.has(name));
  return holdsItems || !isOfEmbeddings ? 'responses' : 'embeddings';
}
