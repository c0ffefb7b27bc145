// Owns: telling the control plane what the gateway would decide of a person's call, and where each limit comes from. Not: deciding (inspect-call.ts).

import type {
  InspectedMeter,
  InspectedPerson,
  LimitInspection,
  LimitInspector,
  LimitQuestion,
  LimitSource,
} from '../../contracts/quotas/limit-inspector.ts';
import { METER_KINDS, type Meter, toldLimit, toldUse } from '../../ledger/core/meter.ts';
import { minAmount } from '../../primitives/amounts.ts';
import { parseChatCompletions } from '../../providers/openai/chat-call.ts';
import { parseEmbeddings } from '../../providers/openai/embeddings-call.ts';
import { buildLegs } from '../admission/legs.ts';
import { findOverride } from '../admission/limit-overrides.ts';
import type { Caller, Resolution } from '../call.ts';
import { type InspectDependencies, type InspectedCall, type InspectedLeg, inspectCall } from '../inspect-call.ts';
import { USEFUL_OUTPUT_TOKENS } from '../limits.ts';
import type { LimitOverrideFacts } from '../snapshot/facts.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { authenticate } from '../stages/authenticate.ts';
import { isOfPlatform, meterRefusal, PLATFORM_LABEL } from '../stages/denial.ts';
import { readWishes } from '../stages/read-wishes.ts';
import { resolve } from '../stages/resolve.ts';

const KINDS: readonly string[] = METER_KINDS;
const TARGETED: readonly string[] = ['template_limit', 'budget', 'daily_messages', 'organization_quota'];

/** Over the gateway's own parts. */
export function createLimitInspector(
  dependencies: InspectDependencies & { readonly snapshot: Snapshot },
): LimitInspector {
  return {
    async inspect({ organizationId, userId, ip }: InspectedPerson, question: LimitQuestion) {
      const { snapshot, store } = dependencies;
      const headers = question.feature === null ? {} : { 'x-weir-feature': question.feature };
      const caller = await authenticate({ headers, person: { organizationId, userId } }, snapshot);
      const wishes = readWishes(headers);
      const name = question.templateId === null ? (question.modelId ?? 'auto') : `template:id:${question.templateId}`;
      const asChat = parseChatCompletions(bodyOf({ model: name, messages: [{ role: 'user', content: '' }] }));
      const { model } = resolve({ caller, parsed: asChat, wishes, nowMs: store.nowMs() });
      const isEmbedding = model.modelType === 'embedding';
      const parsed = isEmbedding ? parseEmbeddings(bodyOf({ model: name, input: '.' })) : asChat;
      const size = sizeOf(question.tokens, isEmbedding);
      const inspected = await inspectCall(dependencies, {
        ...{ caller, parsed, wishes, remoteAddress: ip ?? '' },
        ...(size === null ? {} : { size }),
      });
      return toInspection(caller, inspected);
    },
  };
}

const bodyOf = (body: object): Buffer => Buffer.from(JSON.stringify(body));

/** A call of so many tokens has, as the gateway reckons, as much input as leaves room for a useful answer. */
function sizeOf(tokens: bigint | null, isEmbedding: boolean) {
  if (tokens === null) return null;
  const floor = isEmbedding ? 0n : minAmount(tokens, USEFUL_OUTPUT_TOKENS);
  return { inputTokens: tokens - floor, output: { wanted: floor, needed: floor, floor } };
}

function toInspection(caller: Caller, inspected: InspectedCall): LimitInspection {
  const { resolution, right, rules, credits } = inspected;
  const { model, template, feature, fallback } = resolution;
  const ordinary = ordinaryLimits(caller, inspected);
  const meters = inspected.legs.map((leg) => {
    const ordinaryLimit = ordinary.get(leg.leg.meter.key) ?? null;
    return meterOf(leg, { caller, resolution, ordinaryLimit, nowMs: inspected.nowMs });
  });
  if (credits !== null) {
    const { amount: asked, available, creditType } = credits;
    const use = meters.findIndex(({ kind }) => kind === 'credits');
    const lots = creditMeter(meters[use], { asked, available, creditType });
    if (use >= 0) meters.splice(use, 1);
    meters.push(lots);
  }
  // Rates per minute are a key's; nobody asks here with one.
  const place = ({ kind }: InspectedMeter): number => KINDS.indexOf(kind);
  return {
    model: { id: model.id, name: model.displayName },
    template: template && { id: String(template.id), slug: template.slug },
    feature: feature?.name ?? null,
    ...{ fallback, right },
    checks: rules.map(({ name, refusal }) => ({
      rule: name,
      refusal: refusal && { code: refusal.code, message: refusal.message },
    })),
    meters: meters.sort((a, b) => place(a) - place(b)),
  };
}

/** The limits that would hold if nothing raised them, by meter. */
function ordinaryLimits(caller: Caller, { resolution, right }: InspectedCall): Map<string, bigint | null> {
  const call = { caller, resolution, inputTokens: 0n, trial: right === 'trial_messages', candidates: [] };
  return new Map(buildLegs(call).map(({ meter }) => [meter.key, toldLimit(meter)]));
}

interface MeterOrigin {
  readonly caller: Caller;
  readonly resolution: Resolution;
  readonly ordinaryLimit: bigint | null;
  readonly nowMs: number;
}

function meterOf({ leg, state, asked, fits }: InspectedLeg, origin: MeterOrigin): InspectedMeter {
  const { meter } = leg;
  const refusal = meterRefusal({ meter, used: state?.used ?? 0n, held: state?.held ?? 0n, asked });
  const resetsAtMs = meter.window.kind === 'lifetime' ? null : (state?.window.endMs ?? null);
  if (isOfPlatform(meter))
    return {
      ...{ kind: meter.kind, name: PLATFORM_LABEL, unit: meter.unit, window: meter.window.kind, mode: meter.mode },
      ...{ limit: null, ordinaryLimit: null, used: 0n, held: 0n, asked, target: '', fits },
      ...{ resetsAtMs, source: null, raisedUntilMs: null, refusal },
    };
  const target = targetOf(meter, origin.resolution);
  const limit = toldLimit(meter);
  const isRaised = limit !== null && origin.ordinaryLimit !== null && limit > origin.ordinaryLimit;
  const { ordinaryLimit } = origin;
  return {
    ...{ kind: meter.kind, name: meter.label, unit: meter.unit, window: meter.window.kind, mode: meter.mode },
    ...{ limit, ordinaryLimit, used: toldUse(meter, state?.used ?? 0n), held: state?.held ?? 0n, asked, target, fits },
    resetsAtMs,
    source: limit === null ? null : isRaised ? 'override' : sourceOf(meter, origin),
    raisedUntilMs: isRaised ? (overrideOf(meter, target, origin)?.endsAtMs ?? null) : null,
    refusal,
  };
}

function overrideOf(meter: Meter, target: string, { caller, nowMs }: MeterOrigin): LimitOverrideFacts | undefined {
  const { kind } = meter;
  if (!TARGETED.includes(kind)) return undefined;
  const overrides = kind === 'organization_quota' ? caller.organization.limitOverrides : caller.member?.limitOverrides;
  return findOverride(overrides, { kind: kind as LimitOverrideFacts['kind'], target }, nowMs);
}

/** A budget's id is in its key; what else is limited is known from the call. */
function targetOf({ kind, key }: Meter, { model, template }: Resolution): string {
  switch (kind) {
    case 'template_limit':
      return String(template?.id ?? '');
    case 'daily_messages':
      return model.id;
    case 'trial':
      return key.startsWith('template_trial:') ? String(template?.id ?? '') : model.id;
    case 'budget':
      return key.split(':')[1] ?? '';
    default:
      return '';
  }
}

function sourceOf({ kind }: Meter, { caller, resolution: { template } }: MeterOrigin): LimitSource {
  switch (kind) {
    case 'organization_quota':
      return caller.organization.tokenQuotaMonthly === null ? 'plan' : 'organization';
    case 'template_limit': {
      const own = template === null ? undefined : caller.organization.templateConfigs.get(template.id);
      return own?.tokenLimitPerUser == null ? 'template' : 'organization_configuration';
    }
    case 'budget':
      return 'budget';
    case 'credits':
      return 'credits';
    default:
      return 'model';
  }
}

/** Credits are limited by lots, not by the counter of their use: what is in them is what is left. */
function creditMeter(
  use: InspectedMeter | undefined,
  { asked, available, creditType }: { readonly asked: bigint; readonly available: bigint; readonly creditType: string },
): InspectedMeter {
  const used = use?.used ?? 0n;
  const limit = used + (use?.held ?? 0n) + available;
  return {
    ...{ kind: 'credits', name: creditType, unit: 'credits', window: use?.window ?? 'anniversary', mode: 'hard' },
    ...{ limit, ordinaryLimit: limit, used, held: use?.held ?? 0n, asked, target: creditType },
    ...{ resetsAtMs: use?.resetsAtMs ?? null, source: 'credits', raisedUntilMs: null, fits: asked <= available },
    refusal: { code: 'insufficient_credits', message: 'There are not enough credits.' },
  };
}
