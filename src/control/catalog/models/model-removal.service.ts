// Owns: taking a model out of service, and who misses it: affected people and things, switching off, deleting or archiving. Not: retirement by date (the gateway).

import type { Caller } from '../../../contracts/caller.ts';
import { AFFECTED_ROWS_MAX } from '../../../contracts/catalog/admin-models.ts';
import { violatedConstraint } from '../../../database/failures.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPrincipal } from '../../../database/principal.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { WeirError } from '../../../primitives/errors.ts';
import type { Audit } from '../../audit/index.ts';
import type { Events } from '../../events/index.ts';
import { endModel, lockModel, type Model, updateModel } from './model.queries.ts';
import { auditedModel, checkSystemDefault } from './model.rules.ts';
import { getModel } from './model.service.ts';
import { lastDays } from './model-days.rules.ts';
import {
  countDependants,
  type DependantCounts,
  type DependantDeployment,
  type DependantTemplate,
  listDeployments,
  listFallbackOf,
  listOrganizationsByDefault,
  listPersonas,
  listTemplates,
  wasDeployed,
  wasSold,
} from './model-dependants.queries.ts';
import {
  countUsers,
  listTopOrganizations,
  listTopUsers,
  type OrganizationUse,
  type UserUse,
  wasUsed,
} from './model-use.queries.ts';

/** How many miss a model. */
export interface AffectedCounts extends DependantCounts {
  readonly activePeople: number;
  readonly activeOrganizations: number;
}

/** Who and what misses it; each list up to `AFFECTED_ROWS_MAX`, the counts are of all. */
export interface Affected {
  readonly model: Model;
  readonly since: string;
  readonly counts: AffectedCounts;
  readonly templates: readonly DependantTemplate[];
  readonly personas: readonly { readonly id: string; readonly slug: string; readonly name: string }[];
  readonly deployments: readonly DependantDeployment[];
  readonly organizationsByDefault: readonly { readonly id: string; readonly name: string; readonly slug: string }[];
  readonly fallbackOf: readonly string[];
  readonly people: readonly UserUse[];
  readonly organizations: readonly OrganizationUse[];
}

/** The acts. A model that is not there is 404 `not_found`; the system's default is refused with 409. */
export interface ModelRemovalService {
  /** Of use, the 30 days that end at `beforeMs`, by default now. */
  listAffected(caller: Caller, id: string, beforeMs?: number): Promise<Affected>;
  /** In force at the gateway within a second; with `isDryRun` nothing changes. */
  disable(
    caller: Caller,
    id: string,
    isDryRun: boolean,
  ): Promise<{ readonly model: Model; readonly affected: AffectedCounts }>;
  /** Deleted, or archived when its name is in what stays. 409 with the lists while deployments or rights hang on it. */
  remove(caller: Caller, id: string): Promise<void>;
}

/** Over the given database. */
export function createModelRemovalService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  readonly clock: Clock;
}): ModelRemovalService {
  const { database, audit, events, clock } = options;
  const countAffected = async (tx: DatabaseTransaction, id: string, days = lastDays(clock.nowMs(), 30)) => {
    const active = await countUsers(tx, id, days);
    return {
      ...(await countDependants(tx, id)),
      ...{ activePeople: active.people, activeOrganizations: active.organizations },
    };
  };
  /** Product event and audit row of an act. */
  const record = async (
    tx: DatabaseTransaction,
    caller: Caller,
    act: { readonly verb: 'disable' | 'archive' | 'delete'; readonly before: Model; readonly after?: Model },
  ): Promise<void> => {
    const { verb, before, after } = act;
    const name = verb === 'disable' ? 'admin_model_disabled' : 'admin_model_deleted';
    const subject = { userId: caller.userId, organizationId: null };
    await events.record(tx, subject, { name, properties: { model_id: before.id, tier: before.tier } });
    await audit.record(tx, caller, {
      ...{ action: `model.${verb}`, targetType: 'model', targetId: before.id, organizationId: null },
      ...{ before: auditedModel(before), ...(after === undefined ? {} : { after: auditedModel(after) }) },
    });
  };

  return {
    listAffected: (caller, id, beforeMs = clock.nowMs()) =>
      withPrincipal(database, caller, async (tx) => {
        const model = await getModel(tx, id);
        const days = lastDays(beforeMs, 30);
        const limit = AFFECTED_ROWS_MAX;
        return {
          ...{ model, since: `${days.from}T00:00:00.000Z`, counts: await countAffected(tx, id, days) },
          templates: await listTemplates(tx, id, limit),
          personas: await listPersonas(tx, id, limit),
          deployments: await listDeployments(tx, id, limit),
          organizationsByDefault: await listOrganizationsByDefault(tx, id, limit),
          fallbackOf: await listFallbackOf(tx, id, limit),
          people: await listTopUsers(tx, id, { days, limit }),
          organizations: await listTopOrganizations(tx, id, { days, limit }),
        };
      }),

    disable: (caller, id, isDryRun) =>
      withPrincipal(database, caller, async (tx) => {
        await lockModel(tx, id);
        const before = await getModel(tx, id);
        if (!isDryRun) checkSystemDefault({ ...before, enabled: false });
        const affected = await countAffected(tx, id);
        if (isDryRun || !before.enabled) return { model: before, affected };
        await updateModel(tx, id, { enabled: false });
        const model = await getModel(tx, id);
        await record(tx, caller, { verb: 'disable', before, after: model });
        return { model, affected };
      }),

    remove: (caller, id) =>
      explained(() =>
        withPrincipal(database, caller, async (tx) => {
          await lockModel(tx, id);
          const before = await getModel(tx, id);
          const now = new Date(clock.nowMs());
          checkSystemDefault({ ...before, archivedAt: now });
          await checkNothingHangsOn(tx, id);
          const isKept = (await wasUsed(tx, id)) || (await wasDeployed(tx, id)) || (await wasSold(tx, id));
          if (isKept && before.archivedAt !== null) return;
          if (isKept) await updateModel(tx, id, { enabled: false, archivedAt: now });
          else await endModel(tx, id);
          await record(tx, caller, { verb: isKept ? 'archive' : 'delete', before });
        }),
      ),
  };
}

async function checkNothingHangsOn(tx: DatabaseTransaction, id: string): Promise<void> {
  const { entitledPeople, entitledOrganizations } = await countDependants(tx, id);
  const deployments = await listDeployments(tx, id, AFFECTED_ROWS_MAX);
  if (deployments.length === 0 && entitledPeople === 0 && entitledOrganizations === 0) return;
  throw hangsOn({
    deployments: deployments.map(({ feature, environment }) => ({ feature, environment })),
    entitlements: { people: entitledPeople, organizations: entitledOrganizations },
  });
}

const hangsOn = (details: Record<string, unknown>): WeirError =>
  new WeirError('conflict', {
    message:
      'Deployments or rights hang on the model. Deploy another model and revoke or wait for the end of the rights, or disable it.',
    details,
  });

/** What came to hang on it meanwhile refuses as a constraint. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violatedConstraint(error)?.endsWith('_fkey') === true) throw hangsOn({});
    throw error;
  }
}
