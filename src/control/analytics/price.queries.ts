// Owns: dated prices of models as calls are costed by them. Not: their rows (the catalog), which one a call costs by (the caller says), or its arithmetic
// (primitives/price.ts).

import type { DatabaseTransaction } from '../../database/pool.ts';
import type { Price } from '../../primitives/price.ts';
import * as catalog from '../catalog/index.ts';

/** A price with what it is of. */
export interface DatedPrice {
  readonly modelId: string;
  readonly effectiveFrom: Date;
  readonly price: Price;
}

function toDated({ modelId, effectiveFrom, request, longContext, ...price }: catalog.ModelPrice): DatedPrice {
  const { id, input, output, cachedInput, cacheWrite, cacheWrite1h, reasoning } = price;
  return {
    ...{ modelId, effectiveFrom },
    price: {
      ...{ id, input, output, cachedInput, cacheWrite, cacheWrite1h, reasoning, perRequest: request },
      longContext: longContext && { ...longContext, reasoning: null },
    },
  };
}

/** A price by its id. */
export async function findPrice(tx: DatabaseTransaction, id: string): Promise<DatedPrice | undefined> {
  const price = await catalog.findPrice(tx, id);
  return price && toDated(price);
}

/** The price of a model that was in force at a moment; none where it had none yet. */
export async function findPriceAt(tx: DatabaseTransaction, modelId: string, at: Date): Promise<DatedPrice | undefined> {
  const price = (await catalog.findPricesInForce(tx, [modelId], at)).get(modelId);
  return price && toDated(price);
}

/** Every price of a model, the earliest first. */
export async function listPrices(tx: DatabaseTransaction, modelId: string): Promise<DatedPrice[]> {
  return (await catalog.listPriceHistory(tx, modelId)).map(toDated);
}
