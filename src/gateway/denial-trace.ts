// Owns: why a call was denied, as it is kept for people to look at: the rule, the meters, what was asked by name. Pure. Not: keeping it (the server), or the event
// (stages/record-denial.ts).

import type { WeirError } from '../primitives/errors.ts';
import type { ParsedCall } from '../providers/protocol.ts';
import type { Caller, CallWishes, IncomingCall, Resolution } from './call.ts';
import { NAME_HEADER_MAX } from './limits.ts';

/** Why a call was denied. Holds no text of what was asked. */
export interface DenialTrace {
  /** The call's id. */
  readonly id: string;
  /** Milliseconds of the ledger's clock. */
  readonly deniedAtMs: number;
  readonly organizationId: string;
  readonly userId: string | null;
  readonly virtualKeyId: string | null;
  readonly route: string;
  /** As it was asked for. */
  readonly model: string;
  readonly feature: string | null;
  readonly environment: string;
  readonly code: string;
  /** The rule or kind of meter that names the answer; null: it was none of them. */
  readonly rule: string | null;
  readonly message: string;
  /** Every meter without room, as the caller was told of it. */
  readonly meters: readonly unknown[];
  /** What else the caller was told. */
  readonly details: Readonly<Record<string, unknown>>;
}

const MESSAGE_MAX = 4_000;

/** The trace of a refusal. */
export function denialTrace(call: {
  readonly incoming: Pick<IncomingCall, 'id' | 'route'>;
  readonly caller: Caller;
  readonly parsed: Pick<ParsedCall, 'model'>;
  readonly wishes?: CallWishes;
  readonly resolution?: Pick<Resolution, 'feature'>;
  readonly error: WeirError;
  readonly nowMs: number;
}): DenialTrace {
  const { incoming, caller, parsed, wishes, resolution, error } = call;
  const feature = resolution?.feature?.name ?? wishes?.feature ?? null;
  const { meters, ...details } = error.details ?? {};
  return {
    id: incoming.id,
    deniedAtMs: call.nowMs,
    organizationId: caller.organization.id,
    userId: caller.member?.userId ?? null,
    virtualKeyId: caller.key?.id ?? null,
    route: incoming.route,
    model: storable(parsed.model, NAME_HEADER_MAX),
    feature: feature === null ? null : storable(feature, NAME_HEADER_MAX),
    environment: storable(wishes?.environment ?? 'production', NAME_HEADER_MAX),
    code: error.code,
    rule: error.rule ?? null,
    message: storable(error.message, MESSAGE_MAX),
    meters: Array.isArray(meters) ? meters : [],
    details,
  };
}

/** A caller's words may hold what PostgreSQL's texts can't; one such name must not cost the others of its batch. */
function storable(text: string, length: number): string {
  return text.slice(0, length).toWellFormed().replaceAll('\0', '');
}
