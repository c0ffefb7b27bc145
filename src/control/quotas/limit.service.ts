// Owns: telling what limits a person, as the gateway decides it. Not: deciding (the gateway, which is handed in), or raising limits (limit-request.service.ts).

import type { MemberCaller } from '../../contracts/caller.ts';
import { invalidField } from '../../contracts/problem.ts';
import type { LimitInspection, LimitInspector } from '../../contracts/quotas/limit-inspector.ts';
import type { Database } from '../../database/pool.ts';
import { personAskedAbout } from './asking-person.ts';

/** A call that is thought of. */
export interface LimitLook {
  readonly userId: string | undefined;
  /** The request's name of `userId`. */
  readonly field: string;
  readonly modelId: string | undefined;
  readonly templateId: string | number | undefined;
  readonly feature?: string | undefined;
  readonly tokens: number | undefined;
}

/** What the gateway says, and of whom. */
export interface LimitsOfPerson extends LimitInspection {
  readonly userId: string;
}

/** Nothing is held or counted by looking. */
export interface LimitService {
  /** 403 for another person without the right, 404 `not_found` for no member, `model_not_found` for what means nothing. */
  look(caller: MemberCaller, look: LimitLook): Promise<LimitsOfPerson>;
}

/** Over the gateway's own decision. */
export function createLimitService(options: {
  readonly database: Database;
  readonly limits: LimitInspector;
}): LimitService {
  const { database, limits } = options;
  return {
    async look(caller, { modelId, templateId, feature, tokens, ...whom }) {
      // A template has a model of its own: to answer for that one would answer another question.
      if (modelId !== undefined && templateId !== undefined)
        throw invalidField('model', 'is not taken with a template');
      const userId = await personAskedAbout(database, caller, whom);
      const person = { organizationId: caller.organizationId, userId, ip: caller.request.ip };
      const inspection = await limits.inspect(person, {
        modelId: modelId ?? null,
        templateId: templateId === undefined ? null : String(templateId),
        feature: feature ?? null,
        tokens: tokens === undefined ? null : BigInt(tokens),
      });
      return { ...inspection, userId };
    },
  };
}
