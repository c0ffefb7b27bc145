// Owns: who and what a call was about, as its event keeps it. Not: what it used (stages/settle.ts).

import type { UsageDimensions } from '../../ledger/core/usage-event.ts';
import type { ParsedCall } from '../../providers/protocol.ts';
import type { Caller, CallWishes, Resolution } from '../call.ts';
import { providerOf } from '../snapshot/endpoint-facts.ts';
import type { KeyFacts, MemberFacts } from '../snapshot/facts.ts';
import { departmentOf } from './meters.ts';

/** Whose calls are remembered together: a key's, or those of a person without one. */
type Asker = KeyFacts | MemberFacts;

/** Sets remembered of one asker, who seldom has more kinds of calls under way. */
const REMEMBERED_MAX = 64;

/** What the dimensions are made from. */
export interface DescribedCall {
  readonly caller: Caller;
  readonly resolution: Resolution;
  readonly wishes: CallWishes;
  readonly parsed: ParsedCall;
}

const remembered = new WeakMap<Asker, Map<string, UsageDimensions>>();

/**
 * The dimensions of a call. Calls that are alike get the same object while the facts of who asks live, so that what is derived from it
 * (its JSON in the ledger's batches) is made once.
 */
export function usageDimensions(call: DescribedCall): UsageDimensions {
  const asker = call.caller.key ?? call.caller.member;
  if (asker === null) return describe(call);
  const last = lastOf.get(asker);
  if (last !== undefined && isAlike(last, call)) return last.dimensions;
  const dimensions = rememberedDimensions(asker, call);
  const { caller, resolution, wishes, parsed } = call;
  lastOf.set(asker, { caller, resolution, environment: wishes.environment, route: parsed.route, dimensions });
  return dimensions;
}

/** What is kept of the last call of an asker; never its body. */
interface LastCall extends Pick<DescribedCall, 'caller' | 'resolution'> {
  readonly environment: string;
  readonly route: ParsedCall['route'];
  readonly dimensions: UsageDimensions;
}

/** Most calls of an asker are like the one before, and to compare them costs less than to name them. */
const lastOf = new WeakMap<Asker, LastCall>();

function isAlike(last: LastCall, { caller, resolution, wishes, parsed }: DescribedCall): boolean {
  return (
    last.resolution.model === resolution.model &&
    last.resolution.template === resolution.template &&
    last.resolution.feature === resolution.feature &&
    last.resolution.persona === resolution.persona &&
    last.resolution.promptVersionId === resolution.promptVersionId &&
    last.resolution.modelType === resolution.modelType &&
    last.caller.platform === caller.platform &&
    last.caller.organization === caller.organization &&
    last.caller.member === caller.member &&
    last.environment === wishes.environment &&
    last.route === parsed.route
  );
}

function rememberedDimensions(asker: Asker, call: DescribedCall): UsageDimensions {
  let ofAsker = remembered.get(asker);
  if (!ofAsker) {
    ofAsker = new Map();
    remembered.set(asker, ofAsker);
  }
  const name = nameOf(call);
  let dimensions = ofAsker.get(name);
  if (!dimensions) {
    if (ofAsker.size >= REMEMBERED_MAX) ofAsker.clear();
    dimensions = describe(call);
    ofAsker.set(name, dimensions);
  }
  return dimensions;
}

/** All that tells two calls of one asker apart. */
function nameOf({ caller, resolution, wishes, parsed }: DescribedCall): string {
  const { model, template, feature, persona, promptVersionId, modelType } = resolution;
  const { member } = caller;
  const what = `${model.id} ${model.price?.id} ${template?.id} ${template?.slug} ${feature?.name} ${persona?.id} ${promptVersionId} ${modelType}`;
  return `${what} ${member?.userId} ${member?.departmentId} ${wishes.environment} ${parsed.route} ${providerSlugOf(caller, resolution)}`;
}

function describe({ caller, resolution, wishes, parsed }: DescribedCall): UsageDimensions {
  const { key, organization, member } = caller;
  const { model, template, feature, persona } = resolution;
  return {
    organizationId: organization.id,
    departmentId: departmentOf({ member, key }),
    userId: member?.userId ?? null,
    virtualKeyId: key?.id ?? null,
    templateId: template?.id ?? null,
    templateSlug: template?.slug ?? null,
    feature: feature?.name ?? null,
    environment: wishes.environment,
    personaId: persona?.id ?? null,
    modelId: model.id,
    provider: providerSlugOf(caller, resolution),
    modelType: resolution.modelType,
    promptVersionId: resolution.promptVersionId,
    experimentArm: null,
    // What its owner pays has a price without an id.
    priceId: model.price?.id || null,
    route: parsed.route,
  };
}

function providerSlugOf({ platform }: Caller, { model }: Resolution): string {
  return providerOf(platform, model)?.slug ?? 'unknown';
}
