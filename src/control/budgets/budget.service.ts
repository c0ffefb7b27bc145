// Owns: the acts on budgets: list, look at, make, change, delete; of organizations and, with no organization, of the platform. Not: what became of them
// (budget-outlook.service.ts), or telling of it (budget-alert.service.ts).

import { z } from 'zod';
import type { Caller } from '../../contracts/caller.ts';
import { checkFresh } from '../../contracts/entity-tag.ts';
import type { BudgetEnforcement, BudgetPeriod, BudgetScope } from '../../contracts/enumerations.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import { formatUsd } from '../../primitives/amounts.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import type { Events } from '../events/index.ts';
import {
  type Budget,
  type BudgetFilter,
  type BudgetTerms,
  type BudgetWindow,
  endBudget,
  findBudget,
  insertBudget,
  listBudgets,
  lockBudget,
  updateBudget,
} from './budget.queries.ts';
import {
  auditedBudget,
  beginsAnew,
  checkSameScope,
  defaultThresholds,
  parseAmount,
  parseThresholds,
} from './budget.rules.ts';
import { endAlerts } from './budget-alert.queries.ts';
import { lockAllocations } from './budget-allocation.queries.ts';
import { type BudgetWarning, checkAllocation, limitReached, resolveReference } from './budget-checks.ts';
import { type BudgetFigures, withFiguresOf } from './budget-figures.ts';
import { openBudget } from './budget-opening.ts';

/** Which organization's budgets; null: the platform's. Who asks is its admin, or a platform person. */
export type BudgetCaller = Caller;

interface ThresholdForms {
  readonly alert_threshold?: number | undefined;
  readonly alert_thresholds?: readonly number[] | undefined;
}

/** What a budget is made of. */
export interface BudgetOrder extends ThresholdForms {
  readonly name: string;
  readonly scope: BudgetScope;
  readonly reference?: string | undefined;
  readonly period: BudgetPeriod;
  readonly amount_usd: string | number;
  readonly enforcement: BudgetEnforcement;
  readonly rollover: boolean;
  readonly is_active: boolean;
}

/** What is changed of one; what is left out stays. */
export interface BudgetEdit extends ThresholdForms {
  readonly name?: string | undefined;
  readonly period?: BudgetPeriod | undefined;
  readonly amount_usd?: string | number | undefined;
  readonly enforcement?: BudgetEnforcement | undefined;
  readonly rollover?: boolean | undefined;
  readonly is_active?: boolean | undefined;
  readonly scope?: BudgetScope | undefined;
  readonly reference?: string | null | undefined;
}

/** A budget as saved. */
export interface SavedBudget {
  readonly budget: Budget;
  readonly warnings: readonly BudgetWarning[];
}

/** The acts. Another's budget and a missing one are the same 404. */
export interface BudgetService {
  list(caller: BudgetCaller, page: BudgetFilter & PageRequest): Promise<Page<Budget>>;
  get(caller: BudgetCaller, id: string): Promise<Budget>;
  /** What its scope spent in the running window counts at once. 400 names what is not right; 404 a reference that is not there. */
  create(caller: BudgetCaller, order: BudgetOrder): Promise<SavedBudget>;
  /** 412 `stale` when `ifMatch` names an older version. */
  update(
    caller: BudgetCaller,
    id: string,
    edit: { readonly change: BudgetEdit; readonly ifMatch: string | null },
  ): Promise<SavedBudget>;
  remove(caller: BudgetCaller, id: string): Promise<void>;
}

/** A budget has ten thresholds and a forecast; older windows' alerts end by the check. */
const ALERTS_OF_ONE_MAX = 100;
const place = z.tuple([z.uuid()]);

/** Over the given database. */
export function createBudgetService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  readonly clock: Clock;
  readonly random: Random;
}): BudgetService {
  const { database, audit, events, clock, random } = options;
  const now = (): Date => new Date(clock.nowMs());
  const get = (tx: DatabaseTransaction, caller: BudgetCaller, id: string) => getBudget(tx, caller, { id, at: now() });

  const record = (
    tx: DatabaseTransaction,
    caller: BudgetCaller,
    act: { readonly verb: string; readonly id: string; readonly before?: Budget; readonly after?: Budget },
  ): Promise<void> =>
    audit.record(tx, caller, {
      ...{ action: `budget.${act.verb}`, targetType: 'budget', targetId: act.id },
      ...(act.before === undefined ? {} : { before: auditedBudget(act.before) }),
      ...(act.after === undefined ? {} : { after: auditedBudget(act.after) }),
    });
  const open = (tx: DatabaseTransaction, budget: Budget & BudgetWindow): Promise<BudgetFigures> =>
    openBudget(tx, budget, clock.nowMs());
  const figuresOf = (tx: DatabaseTransaction, budget: Budget & BudgetWindow): Promise<BudgetFigures> =>
    withFiguresOf(tx, budget, clock.nowMs());

  return {
    async list(caller, { limit, cursor, ...filter }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, place)[0];
      const rows = await withPrincipal(database, caller, (tx) =>
        listBudgets(tx, caller, { ...filter, limit: limit + 1, after, at: now() }),
      );
      return toPage(rows, limit, ({ id }) => [id]);
    },

    get: (caller, id) => withPrincipal(database, caller, (tx) => get(tx, caller, id)),

    create: (caller, order) =>
      withPrincipal(database, caller, async (tx) => {
        const terms = termsOf(order);
        const referenceId = await resolveReference(tx, caller, order);
        if (caller.organizationId !== null) await lockAllocations(tx, caller.organizationId);
        const id = createUuidV7(clock.nowMs(), random);
        const { organizationId, userId: createdBy } = caller;
        await insertBudget(tx, {
          ...terms,
          id,
          organizationId,
          scope: order.scope,
          referenceId,
          createdBy,
          now: now(),
        });
        const made = await get(tx, caller, id);
        const warnings = await checkAllocation(tx, { budget: made, givesMore: true });
        const figures = made.isActive ? await open(tx, made) : await figuresOf(tx, made);
        await events.record(tx, caller, {
          name: 'budget_created',
          properties: {
            budget_id: id,
            scope: made.scope,
            period: made.period,
            amount_usd: Number(formatUsd(made.amountNanoUsd)),
          },
        });
        await record(tx, caller, { verb: 'create', id, after: made });
        return { budget: figures, warnings: [...warnings, ...limitReached(figures)] };
      }),

    update: (caller, id, { change, ifMatch }) =>
      withPrincipal(database, caller, async (tx) => {
        if (caller.organizationId !== null) await lockAllocations(tx, caller.organizationId);
        await lockBudget(tx, caller, id);
        const before = await get(tx, caller, id);
        checkFresh(ifMatch, before.version);
        checkSameScope(before, change);
        const terms = changedTerms(before, change);
        await updateBudget(tx, caller, { id, terms });
        const changed = await get(tx, caller, id);
        const givesMore = changed.amountNanoUsd > before.amountNanoUsd || beginsAnew(before, terms);
        const warnings = await checkAllocation(tx, { budget: changed, givesMore });
        const figures = beginsAnew(before, terms) ? await open(tx, changed) : await figuresOf(tx, changed);
        await endAlerts(tx, { budgetId: id, at: now(), limit: ALERTS_OF_ONE_MAX });
        await record(tx, caller, { verb: 'update', id, before, after: changed });
        return { budget: figures, warnings: [...warnings, ...limitReached(figures)] };
      }),

    remove: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        await lockBudget(tx, caller, id);
        const before = await get(tx, caller, id);
        await endBudget(tx, caller, id);
        await record(tx, caller, { verb: 'delete', id, before });
      }),
  };
}

/** A budget of that home, with its window. Throws 404. */
export async function getBudget(
  tx: DatabaseTransaction,
  home: Pick<Budget, 'organizationId'>,
  question: { readonly id: string; readonly at: Date },
): Promise<Budget & BudgetWindow> {
  const budget = await findBudget(tx, home, question);
  if (budget === undefined) throw new WeirError('not_found');
  return budget;
}

function termsOf(order: BudgetOrder): BudgetTerms {
  const { name, period, enforcement, rollover, is_active: isActive } = order;
  const alertThresholds = parseThresholds(order) ?? defaultThresholds();
  return {
    name,
    period,
    enforcement,
    rollover,
    isActive,
    alertThresholds,
    amountNanoUsd: parseAmount(order.amount_usd),
  };
}

function changedTerms(before: Budget, change: BudgetEdit): BudgetTerms {
  return {
    name: change.name ?? before.name,
    period: change.period ?? before.period,
    amountNanoUsd: change.amount_usd === undefined ? before.amountNanoUsd : parseAmount(change.amount_usd),
    alertThresholds: parseThresholds(change) ?? before.alertThresholds,
    enforcement: change.enforcement ?? before.enforcement,
    rollover: change.rollover ?? before.rollover,
    isActive: change.is_active ?? before.isActive,
  };
}
