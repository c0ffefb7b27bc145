// Owns: what is known of one call as it goes through the stages: each stage takes what came before and adds its part. Types only.

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { CreditAsk, Hold, Leg, MeterState, OutputAsk } from '../ledger/core/reservation.ts';
import type { UsageDimensions } from '../ledger/core/usage-event.ts';
import type { ErrorCode, WeirError } from '../primitives/errors.ts';
import type { CallOverlay, GatewayRoute, ParsedCall } from '../providers/protocol.ts';
import type {
  FeatureFacts,
  KeyFacts,
  MemberFacts,
  ModelFacts,
  OrganizationFacts,
  PersonaFacts,
  PlatformFacts,
  TemplateFacts,
} from './snapshot/facts.ts';
import type { Cancellation } from './upstream/cancellation.ts';

/** A member who asks without a key, signed in at the control plane, which has checked that it is them. */
export interface AskingPerson {
  readonly organizationId: string;
  readonly userId: string;
}

/** What the stages use of a response. Over HTTP it is Node's; within the process it is `in-process/answer-sink.ts`. */
export interface CallResponse {
  readonly statusCode: number;
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  readonly writableFinished: boolean;
  writeHead(status: number, headers: OutgoingHttpHeaders): unknown;
  /** False: what was written before is not taken yet; `drain` tells when it is. */
  write(bytes: Buffer): boolean;
  end(bytes?: Buffer | string): unknown;
  destroy(): unknown;
  on(event: 'drain', listener: () => void): unknown;
  off(event: 'drain', listener: () => void): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/** A request as it came in, before anything is known of it. */
export interface IncomingCall {
  /** UUIDv7: the id of the call, its hold and its event; `x-request-id` shows it. */
  readonly id: string;
  readonly route: GatewayRoute;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string;
  readonly body: Buffer;
  readonly response: CallResponse;
  /** Who asks, where that is no key in the headers. */
  readonly person?: AskingPerson;
  /** Told of a refusal before the first byte, in place of a reply in a vendor's shape. */
  readonly onRefusal?: (error: WeirError) => void;
  /** Monotonic milliseconds. */
  readonly startedMs: number;
}

/** Who calls: stage authenticate. */
export interface Caller {
  /** Null: the member themselves, signed in. What keys are limited by does not concern them. */
  readonly key: KeyFacts | null;
  readonly platform: PlatformFacts;
  readonly organization: OrganizationFacts;
  /** The person acted for; null for a service key. */
  readonly member: MemberFacts | null;
  /** Whose key it is, where it acts for somebody else: what they lose, the key loses. */
  readonly keyOwner?: MemberFacts;
}

/** What the request's Weir headers ask for. */
export interface CallWishes {
  readonly feature: string | null;
  readonly persona: string | null;
  readonly environment: string;
  readonly tags: Readonly<Record<string, string>> | null;
}

/** What `model` turned out to mean: stage resolve. */
export interface Resolution {
  readonly model: ModelFacts;
  readonly template: TemplateFacts | null;
  readonly feature: FeatureFacts | null;
  readonly persona: PersonaFacts | null;
  readonly promptVersionId: string | null;
  readonly modelType: UsageDimensions['modelType'];
  readonly overlay: CallOverlay | null;
  /** Why another model than the preferred one serves the call (`model_disabled`); null when the preferred one does. */
  readonly fallback: string | null;
}

/** A rule's refusal: the code, and words for the person. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly param?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
  /** Its name, where it is known who asks for it. */
  readonly rule?: string;
}

/** What a permitted call asks of the ledger: stage decide. */
export interface Admission {
  readonly resolution: Resolution;
  /** The model, then the fallbacks that may serve this caller in its place: money is held for the dearest. */
  readonly candidates: readonly ModelFacts[];
  /** The call uses a trial message. */
  readonly trial: boolean;
  readonly legs: readonly Leg[];
  readonly output: OutputAsk;
  readonly credits: CreditAsk | null;
  readonly dimensions: UsageDimensions;
  /** Upper bound of the input's tokens, and what input and expected output cost at most. */
  readonly inputTokens: bigint;
  readonly estimatedCost: bigint | null;
}

/** An admitted call: stage reserve. */
export interface AdmittedCall {
  readonly incoming: IncomingCall;
  readonly caller: Caller;
  readonly parsed: ParsedCall;
  readonly wishes: CallWishes;
  readonly client: Cancellation;
  readonly admission: Admission;
  readonly hold: Hold;
  readonly states: readonly MeterState[];
  /** The most output tokens of one answer that upstream may produce; null leaves the caller's wish. */
  readonly outputCap: number | null;
}
