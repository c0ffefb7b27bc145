// Owns: one act on many models: each by itself, one after the other, with what became of each. Not: the acts.

import type { Caller } from '../../../contracts/caller.ts';
import type { ModelStatus, ModelTier } from '../../../contracts/enumerations.ts';
import { type ErrorCode, WeirError } from '../../../primitives/errors.ts';
import type { ModelService } from './model.service.ts';
import type { ModelRemovalService } from './model-removal.service.ts';

/** An act, for each of many. */
export type ModelBulkAct =
  | { readonly action: 'enable' | 'disable' }
  | { readonly action: 'set_status'; readonly status: ModelStatus }
  | { readonly action: 'set_tier'; readonly tier: ModelTier }
  | { readonly action: 'set_sort_order'; readonly from: number };

/** What became of one; `error` null: it was done. */
export interface ModelBulkResult {
  readonly id: string;
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
}

/** Acts on many. */
export interface ModelBulkService {
  /** In the order given. A refusal of one stops none of the others; a fault of ours stops, and what was done stays done. */
  change(caller: Caller, ids: readonly string[], act: ModelBulkAct): Promise<ModelBulkResult[]>;
}

/** Places between two models, so that one can be put between them later. */
const SORT_STEP = 10;

/** Over the acts on one. */
export function createModelBulkService(services: {
  readonly models: ModelService;
  readonly removal: ModelRemovalService;
}): ModelBulkService {
  const { models, removal } = services;
  const changeOne = (
    caller: Caller,
    id: string,
    { act, index }: { act: ModelBulkAct; index: number },
  ): Promise<unknown> => {
    switch (act.action) {
      case 'enable':
        return models.enable(caller, id);
      case 'disable':
        return removal.disable(caller, id, false);
      case 'set_status':
        return models.update(caller, id, { status: act.status, ifMatch: null });
      case 'set_tier':
        return models.update(caller, id, { tier: act.tier, ifMatch: null });
      case 'set_sort_order':
        return models.update(caller, id, { sortOrder: act.from + index * SORT_STEP, ifMatch: null });
    }
  };
  return {
    async change(caller, ids, act) {
      const results: ModelBulkResult[] = [];
      for (const [index, id] of [...new Set(ids)].entries())
        results.push({ id, error: await refusalOf(() => changeOne(caller, id, { act, index })) });
      return results;
    },
  };
}

async function refusalOf(work: () => Promise<unknown>): Promise<ModelBulkResult['error']> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof WeirError) || error.status >= 500) throw error;
    return { code: error.code, message: error.message };
  }
}
