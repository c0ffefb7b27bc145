// Owns: reading models as superadmins do: pages, one model, the export; each with its price in force and its use of 30 days. Not: changing any.

import { z } from 'zod';
import type { Caller } from '../../../contracts/caller.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../contracts/paging.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPrincipal } from '../../../database/principal.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { type CsvCell, csvFile } from '../../../primitives/csv.ts';
import type { Audit } from '../../audit/index.ts';
import type { Model } from './model.queries.ts';
import { getModel } from './model.service.ts';
import { lastDays } from './model-days.rules.ts';
import { MODEL_CSV_HEADER, modelCells } from './model-export.rules.ts';
import { listModels, type ModelFilter, type ModelOrder, type ModelPlace } from './model-list.queries.ts';
import { countMessages } from './model-use.queries.ts';
import { findPricesInForce, type ModelPrice } from './price.queries.ts';

/** A model with what is worked out of it. */
export interface CatalogModel extends Model {
  readonly price: ModelPrice | null;
  readonly messages30Days: number;
}

/** Reads models, for superadmins. */
export interface ModelListService {
  list(caller: Caller, query: ModelFilter & ModelOrder & PageRequest): Promise<Page<CatalogModel>>;
  /** 404 `not_found`. */
  get(caller: Caller, id: string): Promise<CatalogModel>;
  /** Every model that fits as CSV, after recording that it was exported. */
  export(caller: Caller, filter: ModelFilter): Promise<AsyncIterable<string>>;
}

/** Rows read at once for an export: one short transaction each. */
const EXPORT_STEP_ROWS = 500;
const EXPORT_ORDER = { sort: 'sort_order', order: 'asc' } as const;

const placeSchema = z.tuple([z.string(), z.string()]);
/** What a number's place may be: anything else would be a fault of the comparison. */
const numberPlaceSchema = z.tuple([z.string().regex(/^-?\d{1,16}$/), z.string()]);

/** Over the given database. */
export function createModelListService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
}): ModelListService {
  const { database, audit, clock } = options;
  const complete = async <M extends Model>(
    tx: DatabaseTransaction,
    models: readonly M[],
  ): Promise<(M & CatalogModel)[]> => {
    const ids = models.map(({ id }) => id);
    const prices = await findPricesInForce(tx, ids, new Date(clock.nowMs()));
    const messages = await countMessages(tx, ids, lastDays(clock.nowMs(), 30));
    return models.map((model) => ({
      ...model,
      ...{ price: prices.get(model.id) ?? null, messages30Days: messages.get(model.id) ?? 0 },
    }));
  };
  const readRows = (caller: Caller, filter: ModelFilter, page: Parameters<typeof listModels>[2]) =>
    withPrincipal(database, caller, async (tx) => complete(tx, await listModels(tx, filter, page)));

  return {
    async list(caller, query) {
      const { limit, cursor, sort, order } = query;
      const after = cursor === undefined ? null : readPlace(cursor, sort);
      const rows = await readRows(caller, query, { sort, order, limit: limit + 1, after });
      return toPage(rows, limit, ({ placeValue, id }) => [placeValue, id]);
    },
    get: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const [model] = await complete(tx, [await getModel(tx, id)]);
        if (model === undefined) throw new Error('what one model is completed to is one');
        return model;
      }),
    async export(caller, filter) {
      await withPrincipal(database, caller, (tx) =>
        audit.record(tx, caller, {
          ...{ action: 'model.export', targetType: 'model', targetId: null, organizationId: null },
          after: { filters: filter },
        }),
      );
      return csvFile(
        MODEL_CSV_HEADER,
        exportRows((after) => readRows(caller, filter, { ...EXPORT_ORDER, limit: EXPORT_STEP_ROWS, after })),
      );
    },
  };
}

function readPlace(cursor: string, sort: ModelOrder['sort']): ModelPlace {
  const isNumber = sort === 'sort_order' || sort === 'created_at';
  return decodeCursor(cursor, isNumber ? numberPlaceSchema : placeSchema);
}

async function* exportRows(
  read: (after: ModelPlace | null) => Promise<(CatalogModel & { readonly placeValue: string })[]>,
): AsyncGenerator<readonly CsvCell[], void, undefined> {
  let after: ModelPlace | null = null;
  for (;;) {
    const rows: (CatalogModel & { readonly placeValue: string })[] = await read(after);
    for (const row of rows) yield modelCells(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < EXPORT_STEP_ROWS) return;
    after = [last.placeValue, last.id];
  }
}
