// Owns: the acts on one model of the catalog: add, change, switch on. Not: switching off and deleting, which look at who is affected (model-removal.service.ts).

import type { Caller } from '../../../contracts/caller.ts';
import { checkFresh } from '../../../contracts/entity-tag.ts';
import { invalidField, invalidFields } from '../../../contracts/problem.ts';
import { violatedConstraint } from '../../../database/failures.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPrincipal } from '../../../database/principal.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import type { Random } from '../../../primitives/random.ts';
import type { Audit } from '../../audit/index.ts';
import type { Events } from '../../events/index.ts';
import {
  clearSystemDefault,
  findModel,
  findModelTypes,
  findProviderId,
  insertModel,
  lockModel,
  lockSystemDefault,
  type Model,
  type ModelChange,
  type ModelFields,
  updateModel,
} from './model.queries.ts';
import { auditedModel, checkEnabling, checkSystemDefault, modelFaults } from './model.rules.ts';
import { findPricesInForce, insertPrice, type PriceAmounts } from './price.queries.ts';

/** A model as it is added. */
export interface NewModel extends ModelFields {
  readonly id: string;
  /** Slug or id. */
  readonly provider: string;
  readonly enabled: boolean;
  /** In force from now on. */
  readonly price: PriceAmounts | null;
}

/** What a superadmin changes at once. */
export type ModelEdit = { readonly [Name in keyof ModelFields]?: ModelFields[Name] | undefined } & {
  readonly isSystemDefault?: true | undefined;
  readonly archived?: false | undefined;
};

/** The acts. A model that is not there is 404 `not_found`. Each is in force at the gateway within a second. */
export interface ModelService {
  /** 400 naming each field; 409 for an id or a provider's model that is taken. */
  create(caller: Caller, model: NewModel): Promise<Model>;
  /** The same, 409 for what the system's default may not become, and 412 `stale`. */
  update(caller: Caller, id: string, edit: ModelEdit & { readonly ifMatch: string | null }): Promise<Model>;
  /** Repeated: nothing. 409 naming `pricing` without a price in force. */
  enable(caller: Caller, id: string): Promise<Model>;
}

/** Over the given database. */
export function createModelService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  readonly clock: Clock;
  readonly random: Random;
}): ModelService {
  const { database, audit, events, clock, random } = options;
  const record = async (
    tx: DatabaseTransaction,
    caller: Caller,
    act: { readonly verb: 'create' | 'update' | 'enable'; readonly before?: Model; readonly after: Model },
  ): Promise<void> => {
    const { verb, before, after } = act;
    const name = (
      { create: 'admin_model_created', update: 'admin_model_updated', enable: 'admin_model_enabled' } as const
    )[verb];
    await events.record(
      tx,
      { userId: caller.userId, organizationId: null },
      { name, properties: { model_id: after.id, tier: after.tier } },
    );
    await audit.record(tx, caller, {
      ...{ action: `model.${verb}`, targetType: 'model', targetId: after.id, organizationId: null },
      ...(before === undefined ? {} : { before: auditedModel(before) }),
      after: auditedModel(after),
    });
  };

  return {
    create: (caller, { provider, enabled, price, ...model }) =>
      explained(() =>
        withPrincipal(database, caller, async (tx) => {
          if (enabled && price === null)
            throw invalidField('pricing', 'is required: a model without a price can’t be enabled');
          const providerId = await findProviderId(tx, provider);
          if (providerId === undefined) throw invalidField('provider', 'is not known');
          await checkFields(tx, model);
          await insertModel(tx, { ...model, providerId });
          const now = new Date(clock.nowMs());
          if (price !== null)
            await insertPrice(tx, {
              ...{ ...price, id: createUuidV7(now.getTime(), random), modelId: model.id },
              ...{ effectiveFrom: now, createdBy: caller.userId, importId: null },
            });
          if (enabled) await updateModel(tx, model.id, { enabled });
          const after = await getModel(tx, model.id);
          await record(tx, caller, { verb: 'create', after });
          return after;
        }),
      ),

    update: (caller, id, { ifMatch, isSystemDefault, archived, ...fields }) =>
      explained(() =>
        withPrincipal(database, caller, async (tx) => {
          if (isSystemDefault) await lockSystemDefault(tx);
          await lockModel(tx, id);
          const before = await getModel(tx, id);
          checkFresh(ifMatch, before.rowVersion);
          const change: ModelChange = {
            ...fields,
            // What is not sold has no price: becoming free takes it away.
            ...(fields.tier === 'free' && fields.priceCents === undefined ? { priceCents: null } : {}),
            ...(isSystemDefault === undefined ? {} : { isSystemDefault }),
            ...(archived === undefined ? {} : { archivedAt: null }),
          };
          const wanted = { ...before, ...withoutUndefined(change) };
          await checkFields(tx, wanted);
          checkSystemDefault(wanted);
          if (isSystemDefault && !before.isSystemDefault) await clearSystemDefault(tx);
          await updateModel(tx, id, change);
          const after = await getModel(tx, id);
          await record(tx, caller, { verb: 'update', before, after });
          return after;
        }),
      ),

    enable: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        await lockModel(tx, id);
        const before = await getModel(tx, id);
        const prices = await findPricesInForce(tx, [id], new Date(clock.nowMs()));
        checkEnabling(before, prices.has(id));
        if (before.enabled) return before;
        await updateModel(tx, id, { enabled: true });
        const after = await getModel(tx, id);
        await record(tx, caller, { verb: 'enable', before, after });
        return after;
      }),
  };
}

/** One model; 404 `not_found`. */
export async function getModel(tx: DatabaseTransaction, id: string): Promise<Model> {
  const model = await findModel(tx, id);
  if (model === undefined) throw new WeirError('not_found');
  return model;
}

async function checkFields(tx: DatabaseTransaction, model: ModelFields & { readonly id: string }): Promise<void> {
  const { fallbackModelIds, replacementModelId } = model;
  const named = replacementModelId === null ? fallbackModelIds : [...fallbackModelIds, replacementModelId];
  const faults = modelFaults(model, await findModelTypes(tx, named));
  if (faults.length > 0) throw invalidFields(faults);
}

function withoutUndefined(change: ModelChange): Partial<Model> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

/** Constraints that refused, as the errors they stand for. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'models_pkey') throw taken('id', 'is taken by another model, maybe one in the archive');
    if (constraint === 'models_provider_id_provider_model_id_version_key')
      throw taken('providerModelId', 'is there already for this provider and version, maybe in the archive');
    throw error;
  }
}

function taken(path: string, message: string): WeirError {
  return new WeirError('conflict', {
    ...{ message: `${path} ${message}.`, param: path, details: { errors: [{ path, message }] } },
  });
}
