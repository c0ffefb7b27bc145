// Owns: giving a model dated prices, and their history. Not: prices from a library (price-import.service.ts), or what a call costs.

import { z } from 'zod';
import type { Caller } from '../../../contracts/caller.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../contracts/paging.ts';
import { invalidField } from '../../../contracts/problem.ts';
import { violatedConstraint } from '../../../database/failures.ts';
import type { Database } from '../../../database/pool.ts';
import { withPrincipal } from '../../../database/principal.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import type { Random } from '../../../primitives/random.ts';
import type { Audit } from '../../audit/index.ts';
import type { Events } from '../../events/index.ts';
import { lockModel } from './model.queries.ts';
import { getModel } from './model.service.ts';
import {
  findPrice,
  findPricesInForce,
  insertPrice,
  listPrices,
  type ModelPrice,
  type PriceAmounts,
} from './price.queries.ts';
import { auditedPrice } from './price.rules.ts';

/** The acts. A model that is not there is 404 `not_found`. */
export interface PriceService {
  /** The latest first; `inForce` marks the one that calls cost now. */
  list(caller: Caller, modelId: string, page: PageRequest): Promise<Page<ModelPrice & { readonly inForce: boolean }>>;
  /** From `effectiveFrom` (ISO 8601) on, now where it is undefined. 400 for a time in the past, 409 for one that has a price. */
  create(
    caller: Caller,
    modelId: string,
    price: { readonly amounts: PriceAmounts; readonly effectiveFrom: string | undefined },
  ): Promise<ModelPrice>;
}

const place = z.tuple([z.string().regex(/^\d{1,18}$/), z.uuid()]);

/** Over the given database. */
export function createPriceService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  readonly clock: Clock;
  readonly random: Random;
}): PriceService {
  const { database, audit, events, clock, random } = options;
  return {
    async list(caller, modelId, { limit, cursor }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, place);
      const { rows, inForce } = await withPrincipal(database, caller, async (tx) => {
        await getModel(tx, modelId);
        const prices = await findPricesInForce(tx, [modelId], new Date(clock.nowMs()));
        return { rows: await listPrices(tx, modelId, { limit: limit + 1, after }), inForce: prices.get(modelId)?.id };
      });
      const page = toPage(rows, limit, ({ effectiveMicros, id }) => [effectiveMicros, id]);
      return { ...page, items: page.items.map((price) => ({ ...price, inForce: price.id === inForce })) };
    },

    create: (caller, modelId, { amounts, effectiveFrom }) =>
      explained(() =>
        withPrincipal(database, caller, async (tx) => {
          await lockModel(tx, modelId);
          const model = await getModel(tx, modelId);
          const now = new Date(clock.nowMs());
          const from = effectiveFrom === undefined ? now : new Date(effectiveFrom);
          if (from < now) throw invalidField('effectiveFrom', 'is in the past: calls that were made keep their price');
          const id = createUuidV7(now.getTime(), random);
          const before = (await findPricesInForce(tx, [modelId], now)).get(modelId);
          await insertPrice(tx, {
            ...amounts,
            id,
            modelId,
            effectiveFrom: from,
            createdBy: caller.userId,
            importId: null,
          });
          const after = await findPrice(tx, id);
          if (after === undefined) throw new Error('the price that was added a moment ago is not there');
          await events.record(
            tx,
            { userId: caller.userId, organizationId: null },
            {
              ...{ name: 'admin_model_priced', properties: { model_id: modelId, tier: model.tier } },
            },
          );
          await audit.record(tx, caller, {
            ...{ action: 'model_price.create', targetType: 'model', targetId: modelId, organizationId: null },
            ...(before === undefined ? {} : { before: auditedPrice(before) }),
            after: auditedPrice(after),
          });
          return after;
        }),
      ),
  };
}

/** Constraints that refused, as the errors they stand for. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violatedConstraint(error) !== 'model_prices_model_id_effective_from_key') throw error;
    const message = 'is when another price of the model begins, and prices are never changed';
    throw new WeirError('conflict', {
      ...{ message: `effectiveFrom ${message}.`, param: 'effectiveFrom' },
      details: { errors: [{ path: 'effectiveFrom', message }] },
    });
  }
}
