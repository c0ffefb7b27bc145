// Owns: the event of a call that was refused, or left, before anything was held, so that people see what was tried. Charges nothing.

import type { LedgerStore } from '../../ledger/core/ledger-store.ts';
import { NO_TOKENS, type UsageDimensions } from '../../ledger/core/usage-event.ts';
import { WeirError } from '../../primitives/errors.ts';
import type { ParsedCall } from '../../providers/protocol.ts';
import { departmentOf } from '../admission/meters.ts';
import { usageDimensions } from '../admission/usage-dimensions.ts';
import type { Caller, CallWishes, IncomingCall, Resolution } from '../call.ts';
import { type DenialTrace, denialTrace } from '../denial-trace.ts';
import { NAME_HEADER_MAX } from '../limits.ts';

/** What recording needs. */
export interface RecordDependencies {
  readonly store: LedgerStore;
  readonly onFault: (error: unknown) => void;
  /** Told why a call was denied; must take no time. */
  readonly onDenial?: (trace: DenialTrace) => void;
}

/** A refused call, as far as it came. */
interface RefusedCall {
  readonly incoming: IncomingCall;
  readonly caller?: Caller;
  readonly parsed?: ParsedCall;
  readonly wishes?: CallWishes;
  readonly resolution?: Resolution;
  readonly error: WeirError;
}

/**
 * Appends the event in the background: the caller's answer does not wait for it. A caller that was never known leaves none. Gives the
 * error as it is told: with the id under which people find what was decided.
 */
export function recordDenial({ store, onFault, onDenial }: RecordDependencies, call: RefusedCall): WeirError {
  const { incoming, caller, parsed, wishes, error } = call;
  if (!caller || !parsed) return error;
  const event = {
    dimensions: dimensionsOf(caller, parsed, call),
    tokens: NO_TOKENS,
    source: 'counted' as const,
    costNanoUsd: 0n,
    providerCostNanoUsd: 0n,
    status: error.code === 'request_cancelled' ? ('cancelled' as const) : ('denied' as const),
    errorCode: error.code,
    streamed: parsed.stream,
    trial: false,
    retries: 0,
    fallbackUsed: false,
    latencyMs: null,
    timeToFirstTokenMs: null,
    upstreamRequestId: null,
    tags: wishes?.tags ?? null,
  };
  // A lane that is full, or a ledger that is away, is no fault of ours: the refusal stands without its record.
  store.record({ id: incoming.id, event }).catch((fault: unknown) => {
    if (!(fault instanceof WeirError && fault.status === 503)) onFault(fault);
  });
  if (event.status === 'denied') onDenial?.(denialTrace({ ...call, caller, parsed, nowMs: store.nowMs() }));
  return withExplanation(error, incoming.id);
}

/** What the call was about: the model, template and feature it would have used; where it came to none, the name that was asked for. It has no price. */
function dimensionsOf(
  caller: Caller,
  parsed: ParsedCall,
  { incoming, wishes, resolution }: RefusedCall,
): UsageDimensions {
  if (resolution && wishes) return { ...usageDimensions({ caller, parsed, wishes, resolution }), priceId: null };
  return {
    organizationId: caller.organization.id,
    departmentId: departmentOf(caller),
    userId: caller.member?.userId ?? null,
    virtualKeyId: caller.key?.id ?? null,
    templateId: null,
    templateSlug: null,
    feature: wishes?.feature ?? null,
    environment: wishes?.environment ?? 'production',
    personaId: null,
    modelId: parsed.model.slice(0, NAME_HEADER_MAX),
    provider: 'none',
    modelType: 'catalog',
    promptVersionId: null,
    experimentArm: null,
    priceId: null,
    route: incoming.route,
  };
}

function withExplanation(
  { code, message, param, retryAfterSeconds, details, headers, internal }: WeirError,
  id: string,
): WeirError {
  return new WeirError(code, {
    message,
    details: { ...details, explain_id: id },
    ...(headers === undefined ? {} : { headers }),
    ...(param === undefined ? {} : { param }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(internal === undefined ? {} : { internal }),
  });
}
