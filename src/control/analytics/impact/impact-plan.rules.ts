// Owns: what another plan of an organization comes to: the rules of either, and the calls it is about. Pure. Not: reading the facts (impact-preparation.ts).

import type { ErrorCode } from '../../../primitives/errors.ts';
import type { ReplayCall } from './impact-call.rules.ts';
import type { FeatureCredits, ImpactOrganization, ImpactPlan, ImpactRight } from './impact-facts.ts';
import type { ReplayMeter, ReplayWorld } from './impact-replay.rules.ts';
import { type ImpactCase, LIMIT_CASE } from './impact-scenario.rules.ts';
import { creditMeter, creditsOf, OPEN_WORLD, quotaMeter } from './impact-world.rules.ts';

/** What is known of an organization and plans. */
interface PlanFacts {
  readonly organization: ImpactOrganization;
  readonly current: ImpactPlan;
  readonly proposed: ImpactPlan;
  readonly freeTemplates: ReadonlySet<string>;
  /** Levels that system templates need. */
  readonly requiredLevels: ReadonlyMap<string, number>;
  readonly features: ReadonlyMap<string, FeatureCredits>;
  readonly rights: readonly ImpactRight[];
  /** Premium models with their trial messages. */
  readonly premium: ReadonlyMap<string, bigint>;
}

/** Another plan of an organization: quota, templates, credits, and rights that the plan gave. */
export function planCase(facts: PlanFacts): ImpactCase {
  const { organization, current, proposed } = facts;
  const quota = planQuotaMeter(facts, proposed);
  return {
    ...LIMIT_CASE,
    scenario: {
      current: planWorld(facts, current),
      proposed: planWorld(facts, proposed),
      notesOf: () => [],
      isAbout: () => true,
    },
    scope: { organizationIds: [organization.id], withCredits: true },
    denied: {
      codes: ['plan_required', 'organization_quota_exceeded', 'insufficient_credits', 'model_locked'],
      names: null,
    },
    tracked: quota.limitOf(NO_CALL) === null ? null : quota,
    limit: null,
    assumptions: [
      'Both plans are replayed with today’s templates, features and rights.',
      'Credits are the plan’s allocation of each 30 days alone: what was bought or granted besides is not spent.',
      'Rights to premium models that a plan gave end with a lower plan; bought and granted ones stay.',
      'Budgets, limits on templates and daily messages are not replayed: the plan does not change them.',
    ],
  };
}

/** The quota depends on the organization alone, so any call will do to ask for it. */
const NO_CALL = { organizationId: '' } as ReplayCall;

function planQuotaMeter({ organization, freeTemplates }: PlanFacts, plan: ImpactPlan): ReplayMeter {
  return quotaMeter({ freeTemplates, limitOf: () => organization.ownQuota ?? plan.quota });
}

function planWorld(facts: PlanFacts, plan: ImpactPlan): ReplayWorld {
  const { organization, features, requiredLevels } = facts;
  const types = new Set([...facts.current.allocations.keys(), ...facts.proposed.allocations.keys()]);
  const credits = [...types].map((type) => {
    const allotted = plan.allocations.get(type);
    return creditMeter({
      ...{ type, features, anchorMs: organization.creditAnchorMs },
      limit: allotted === undefined ? 0n : allotted,
    });
  });
  const losesRights = plan.level < facts.current.level;
  return {
    ...OPEN_WORLD,
    meters: [planQuotaMeter(facts, plan), ...credits],
    refusalOf(call): ErrorCode | null {
      if (call.templateId !== null && (requiredLevels.get(call.templateId) ?? 0) > plan.level) return 'plan_required';
      if (losesRights && hasPlanRightAlone(facts, call)) return 'model_locked';
      return !plan.canUseCredits && creditsOf(call, features) !== null ? 'plan_required' : null;
    },
  };
}

/** By a premium model that only a right of the plan opens to the person. */
function hasPlanRightAlone({ premium, rights }: PlanFacts, call: ReplayCall): boolean {
  const trial = premium.get(call.modelId);
  if (trial === undefined || trial > 0n || call.modelType === 'system') return false;
  const held = rightsOf(rights, call).filter(({ modelId }) => modelId === call.modelId);
  return held.some(({ source }) => source === 'plan') && held.every(({ source }) => source === 'plan');
}

const rightsOf = (rights: readonly ImpactRight[], call: ReplayCall): ImpactRight[] =>
  rights.filter(({ userId, organizationId }) =>
    userId === null ? organizationId === call.organizationId : userId === call.userId,
  );
