// Owns: the rows of price imports and what each proposes. Not: comparing (price-import.rules.ts), or prices themselves.

import { type SqlBool, sql } from 'kysely';
import type { ProviderType } from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import type { PriceAmounts } from './price.queries.ts';
import { keepChanges, keepPrice, type PriceChange, readKeptChanges, readKeptPrice } from './price-import.rules.ts';

/** A comparison. */
export interface PriceImport {
  readonly id: string;
  readonly library: string;
  readonly comparedCount: number;
  readonly changedCount: number;
  readonly appliedCount: number;
  readonly unknownModelIds: readonly string[];
  readonly createdBy: string | null;
  readonly createdAt: Date;
}

/** What is proposed for one model. */
export interface PriceImportItem {
  readonly modelId: string;
  readonly displayName: string;
  /** The price in force when it was compared. */
  readonly basePriceId: string | null;
  readonly proposed: PriceAmounts;
  readonly changes: readonly PriceChange[];
  readonly appliedPriceId: string | null;
  readonly appliedBy: string | null;
  readonly appliedAt: Date | null;
}

/** A model that can be looked up in a library. */
export interface ComparableModel {
  readonly id: string;
  readonly providerType: ProviderType;
  readonly providerModelId: string;
}

/** Models of vendors; those of a server of one's own or of the sandbox are in no library. */
export async function listComparableModels(tx: DatabaseTransaction): Promise<ComparableModel[]> {
  return tx
    .selectFrom('models as m')
    .innerJoin('providers as v', 'v.id', 'm.provider_id')
    .select(['m.id', 'v.type as providerType', 'm.provider_model_id as providerModelId'])
    .where('m.archived_at', 'is', null)
    .where('v.type', 'not in', ['custom', 'sandbox'])
    .orderBy('m.id')
    .execute();
}

function selectImports(tx: DatabaseTransaction) {
  return tx
    .selectFrom('price_imports as i')
    .select(['i.id', 'i.library', 'i.compared_count as comparedCount', 'i.unknown_model_ids as unknownModelIds'])
    .select(['i.created_by as createdBy', 'i.created_at as createdAt'])
    .select([
      sql<number>`(select count(*)::integer from weir.price_import_items t where t.price_import_id = i.id)`.as(
        'changedCount',
      ),
      sql<number>`(select count(t.applied_at)::integer from weir.price_import_items t where t.price_import_id = i.id)`.as(
        'appliedCount',
      ),
    ]);
}

/** Up to `limit` comparisons, the latest first. */
export function listImports(
  tx: DatabaseTransaction,
  page: { readonly limit: number; readonly after: string | null },
): Promise<PriceImport[]> {
  const query = selectImports(tx).orderBy('i.id', 'desc').limit(page.limit);
  return (page.after === null ? query : query.where(sql<SqlBool>`i.id < ${page.after}::uuid`)).execute();
}

/** One comparison. */
export function findImport(tx: DatabaseTransaction, id: string): Promise<PriceImport | undefined> {
  return selectImports(tx).where('i.id', '=', id).executeTakeFirst();
}

/** What it proposes, by model. */
export async function listImportItems(tx: DatabaseTransaction, importId: string): Promise<PriceImportItem[]> {
  const rows = await tx
    .selectFrom('price_import_items as t')
    .innerJoin('models as m', 'm.id', 't.model_id')
    .select(['t.model_id as modelId', 'm.display_name as displayName', 't.base_price_id as basePriceId', 't.proposed'])
    .select([
      't.changes',
      't.applied_price_id as appliedPriceId',
      't.applied_by as appliedBy',
      't.applied_at as appliedAt',
    ])
    .where('t.price_import_id', '=', importId)
    .orderBy('t.model_id')
    .execute();
  return rows.map((row) => ({ ...row, proposed: readKeptPrice(row.proposed), changes: readKeptChanges(row.changes) }));
}

/** Locks the comparison's models until the transaction ends, in one order: their prices change one after another. */
export async function lockImportModels(tx: DatabaseTransaction, modelIds: readonly string[]): Promise<void> {
  if (modelIds.length === 0) return;
  await tx.selectFrom('models').select('id').where('id', 'in', modelIds).orderBy('id').forNoKeyUpdate().execute();
}

/** Adds a comparison with what it proposes. */
export async function insertImport(
  tx: DatabaseTransaction,
  made: Pick<PriceImport, 'id' | 'library' | 'comparedCount' | 'unknownModelIds'> & {
    readonly createdBy: string;
    readonly items: readonly Pick<PriceImportItem, 'modelId' | 'basePriceId' | 'proposed' | 'changes'>[];
  },
): Promise<void> {
  const { id, library, comparedCount, unknownModelIds, createdBy, items } = made;
  await tx
    .insertInto('price_imports')
    .values({
      id,
      library,
      compared_count: comparedCount,
      unknown_model_ids: [...unknownModelIds],
      created_by: createdBy,
    })
    .execute();
  if (items.length === 0) return;
  await tx
    .insertInto('price_import_items')
    .values(
      items.map(({ modelId, basePriceId, proposed, changes }) => ({
        ...{ price_import_id: id, model_id: modelId, base_price_id: basePriceId },
        ...{ proposed: keepPrice(proposed), changes: keepChanges(changes) },
      })),
    )
    .execute();
}

/** Notes which price a proposal has become. */
export async function updateItemApplied(
  tx: DatabaseTransaction,
  item: {
    readonly importId: string;
    readonly modelId: string;
    readonly priceId: string;
    readonly by: string;
    readonly at: Date;
  },
): Promise<void> {
  await tx
    .updateTable('price_import_items')
    .set({ applied_price_id: item.priceId, applied_by: item.by, applied_at: item.at })
    .where('price_import_id', '=', item.importId)
    .where('model_id', '=', item.modelId)
    .execute();
}
