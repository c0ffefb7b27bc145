// Owns: who and what a call was about, as its event keeps it. Not: what it used (stages/settle.ts).

import type { UsageDimensions } from '../../ledger/core/usage-event.ts';
import type { ParsedCall } from '../../providers/protocol.ts';
import type { Caller, CallWishes, Resolution } from '../call.ts';
import type { KeyFacts } from '../snapshot/facts.ts';

/** Sets remembered of one key; a key seldom has more kinds of calls under way. */
const REMEMBERED_MAX = 64;

/** What the dimensions are made from. */
export interface DescribedCall {
  readonly caller: Caller;
  readonly resolution: Resolution;
  readonly wishes: CallWishes;
  readonly parsed: ParsedCall;
}

const remembered = new WeakMap<KeyFacts, Map<string, UsageDimensions>>();

/**
 * The dimensions of a call. Calls that are alike get the same object while the key's facts live, so that what is derived from it
 * (its JSON in the ledger's batches) is made once.
 */
export function usageDimensions(call: DescribedCall): UsageDimensions {
  const { key } = call.caller;
  let ofKey = remembered.get(key);
  if (!ofKey) {
    ofKey = new Map();
    remembered.set(key, ofKey);
  }
  const name = nameOf(call);
  let dimensions = ofKey.get(name);
  if (!dimensions) {
    if (ofKey.size >= REMEMBERED_MAX) ofKey.clear();
    dimensions = describe(call);
    ofKey.set(name, dimensions);
  }
  return dimensions;
}

/** All that tells two calls of one key apart. */
function nameOf({ caller, resolution, wishes, parsed }: DescribedCall): string {
  const { model, template, feature, persona, promptVersionId, modelType } = resolution;
  const { member } = caller;
  const what = `${model.id} ${model.price?.id} ${template?.id} ${template?.slug} ${feature?.name} ${persona?.id} ${promptVersionId} ${modelType}`;
  return `${what} ${member?.userId} ${member?.departmentId} ${wishes.environment} ${parsed.route} ${providerOf(caller, resolution)}`;
}

function describe({ caller, resolution, wishes, parsed }: DescribedCall): UsageDimensions {
  const { key, organization, member } = caller;
  const { model, template, feature, persona } = resolution;
  return {
    organizationId: organization.id,
    departmentId: member?.departmentId ?? key.departmentId,
    userId: member?.userId ?? null,
    virtualKeyId: key.id,
    templateId: template?.id ?? null,
    templateSlug: template?.slug ?? null,
    feature: feature?.name ?? null,
    environment: wishes.environment,
    personaId: persona?.id ?? null,
    modelId: model.id,
    provider: providerOf(caller, resolution),
    modelType: resolution.modelType,
    promptVersionId: resolution.promptVersionId,
    experimentArm: null,
    priceId: model.price?.id ?? null,
    route: parsed.route,
  };
}

function providerOf({ platform }: Caller, { model }: Resolution): string {
  return platform.providers.get(model.providerId)?.slug ?? 'unknown';
}
