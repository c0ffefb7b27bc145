// Owns: proposals of prices from a library, and putting approved ones in force. Not: the library (handed in), or how prices are compared (price-import.rules.ts).

import { z } from 'zod';
import type { Caller } from '../../../contracts/caller.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../contracts/paging.ts';
import { invalidFields } from '../../../contracts/problem.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPrincipal } from '../../../database/principal.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import type { Random } from '../../../primitives/random.ts';
import type { Audit } from '../../audit/index.ts';
import type { Events } from '../../events/index.ts';
import { getModel } from './model.service.ts';
import { findPricesInForce, insertPrice, listModelsPricedSince } from './price.queries.ts';
import {
  findImport,
  insertImport,
  listComparableModels,
  listImportItems,
  listImports,
  lockImportModels,
  type PriceImport,
  type PriceImportItem,
  updateItemApplied,
} from './price-import.queries.ts';
import { changeToJson, type PriceLibrary, priceChanges, proposePrice } from './price-import.rules.ts';

/** A comparison with what it proposes; `isStale`: the model's price has changed since. */
export interface PriceImportDetail extends PriceImport {
  readonly items: readonly (PriceImportItem & { readonly isStale: boolean })[];
}

/** The acts. A comparison that is not there is 404 `not_found`. */
export interface PriceImportService {
  /** Compares every vendor's model; nothing changes but that the comparison is kept. */
  compare(caller: Caller): Promise<PriceImportDetail>;
  list(caller: Caller, page: PageRequest): Promise<Page<PriceImport>>;
  get(caller: Caller, id: string): Promise<PriceImportDetail>;
  /** All open proposals, or those of `modelIds`, in force from now on: all or none. 400 for a model without one; 409 where one is stale or applied. */
  approve(caller: Caller, id: string, modelIds: readonly string[] | undefined): Promise<PriceImportDetail>;
}

const place = z.tuple([z.uuid()]);

/** Over the given database and library. */
export function createPriceImportService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  readonly library: PriceLibrary;
  readonly clock: Clock;
  readonly random: Random;
}): PriceImportService {
  const { database, audit, events, library, clock, random } = options;

  const getDetail = async (tx: DatabaseTransaction, id: string): Promise<PriceImportDetail> => {
    const found = await findImport(tx, id);
    if (found === undefined) throw new WeirError('not_found');
    const items = await listImportItems(tx, id);
    const open = items.filter(({ appliedAt }) => appliedAt === null);
    const openIds = open.map(({ modelId }) => modelId);
    const current = await findPricesInForce(tx, openIds, new Date(clock.nowMs()));
    const priced = new Set(await listModelsPricedSince(tx, openIds, found.createdAt));
    const isStale = ({ modelId, appliedAt, basePriceId }: PriceImportItem): boolean =>
      appliedAt === null && (priced.has(modelId) || (current.get(modelId)?.id ?? null) !== basePriceId);
    return { ...found, items: items.map((item) => ({ ...item, isStale: isStale(item) })) };
  };

  const apply = async (
    tx: DatabaseTransaction,
    caller: Caller,
    { importId, item }: { importId: string; item: PriceImportItem },
  ) => {
    const at = new Date(clock.nowMs());
    const { modelId } = item;
    const priceId = createUuidV7(at.getTime(), random);
    await insertPrice(tx, {
      ...item.proposed,
      id: priceId,
      modelId,
      effectiveFrom: at,
      createdBy: caller.userId,
      importId,
    });
    await updateItemApplied(tx, { importId, modelId, priceId, by: caller.userId, at });
    const { tier } = await getModel(tx, modelId);
    const subject = { userId: caller.userId, organizationId: null };
    await events.record(tx, subject, {
      name: 'admin_model_priced',
      properties: { model_id: modelId, tier, source: 'import' },
    });
  };

  return {
    compare: (caller) =>
      withPrincipal(database, caller, async (tx) => {
        const now = new Date(clock.nowMs());
        const models = await listComparableModels(tx);
        const current = await findPricesInForce(
          tx,
          models.map(({ id }) => id),
          now,
        );
        const unknownModelIds: string[] = [];
        const items: Parameters<typeof insertImport>[1]['items'][number][] = [];
        for (const model of models) {
          const said = library.findPrice(model, now);
          if (said === undefined) {
            unknownModelIds.push(model.id);
            continue;
          }
          const base = current.get(model.id);
          const proposed = proposePrice(base, said);
          const changes = priceChanges(base, proposed);
          if (changes.length > 0) items.push({ modelId: model.id, basePriceId: base?.id ?? null, proposed, changes });
        }
        const id = createUuidV7(now.getTime(), random);
        const made = {
          id,
          library: library.name,
          comparedCount: models.length,
          unknownModelIds,
          createdBy: caller.userId,
        };
        await insertImport(tx, { ...made, items });
        await audit.record(tx, caller, {
          ...{ action: 'price_import.create', targetType: 'price_import', targetId: id, organizationId: null },
          after: { library: library.name, compared: models.length, changed: items.map(({ modelId }) => modelId) },
        });
        return getDetail(tx, id);
      }),

    async list(caller, { limit, cursor }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, place)[0];
      const rows = await withPrincipal(database, caller, (tx) => listImports(tx, { limit: limit + 1, after }));
      return toPage(rows, limit, ({ id }) => [id]);
    },

    get: (caller, id) => withPrincipal(database, caller, (tx) => getDetail(tx, id)),

    approve: (caller, id, modelIds) =>
      withPrincipal(database, caller, async (tx) => {
        await lockImportModels(
          tx,
          (await listImportItems(tx, id)).map(({ modelId }) => modelId),
        );
        const chosen = chooseItems(await getDetail(tx, id), modelIds);
        for (const item of chosen) await apply(tx, caller, { importId: id, item });
        await audit.record(tx, caller, {
          ...{ action: 'price_import.approve', targetType: 'price_import', targetId: id, organizationId: null },
          after: {
            models: chosen.map(({ modelId, changes }) => ({ model: modelId, changes: changes.map(changeToJson) })),
          },
        });
        return getDetail(tx, id);
      }),
  };
}

/** The proposals that are to be put in force. */
function chooseItems(
  { items }: PriceImportDetail,
  modelIds: readonly string[] | undefined,
): PriceImportDetail['items'] {
  const proposed = new Set(items.map(({ modelId }) => modelId));
  const faults = (modelIds ?? []).flatMap((modelId, index) =>
    proposed.has(modelId) ? [] : [{ path: `modelIds[${index}]`, message: 'has no proposal in this import' }],
  );
  if (faults.length > 0) throw invalidFields(faults);
  const chosen = items.filter(({ modelId, appliedAt }) =>
    modelIds === undefined ? appliedAt === null : modelIds.includes(modelId),
  );
  const applied = chosen.filter(({ appliedAt }) => appliedAt !== null).map(({ modelId }) => modelId);
  const stale = chosen.filter(({ isStale }) => isStale).map(({ modelId }) => modelId);
  if (applied.length > 0 || stale.length > 0)
    throw new WeirError('conflict', {
      message:
        'Prices have changed since the comparison, or are applied already. Compare again, or choose other models.',
      details: { stale, applied },
    });
  if (chosen.length === 0) throw new WeirError('conflict', { message: 'There is nothing left to approve.' });
  return chosen;
}
