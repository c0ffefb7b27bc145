// Owns: the routes of prices and price imports, and imports as JSON. Not: the acts.

import type { z } from 'zod';
import { modelPriceEndpoints, type priceImportSchema } from '../../../contracts/catalog/model-prices.ts';
import { implement, type Route } from '../../../contracts/route.ts';
import { priceToJson, readPrice } from './price.rules.ts';
import type { PriceService } from './price.service.ts';
import type { PriceImport } from './price-import.queries.ts';
import { changeToJson } from './price-import.rules.ts';
import type { PriceImportDetail, PriceImportService } from './price-import.service.ts';

/** All of them. */
export function priceRoutes(services: {
  readonly prices: PriceService;
  readonly priceImports: PriceImportService;
}): Route[] {
  const { prices, priceImports } = services;
  const { list, create, import: compare, listImports, getImport, approveImport } = modelPriceEndpoints;
  return [
    implement(list, async ({ caller, params, query }) => {
      const { items, nextCursor } = await prices.list(caller, params.id, query);
      return {
        data: items.map((price) => ({ ...priceToJson(price), inForce: price.inForce })),
        next_cursor: nextCursor,
      };
    }),
    implement(create, async ({ caller, params, body }) => {
      const { effectiveFrom, ...entered } = body;
      return {
        data: priceToJson(await prices.create(caller, params.id, { amounts: readPrice(entered), effectiveFrom })),
      };
    }),
    implement(compare, async ({ caller }) => ({ data: detailToJson(await priceImports.compare(caller)) })),
    implement(listImports, async ({ caller, query }) => {
      const { items, nextCursor } = await priceImports.list(caller, query);
      return { data: items.map(importToJson), next_cursor: nextCursor };
    }),
    implement(getImport, async ({ caller, params }) => ({
      data: detailToJson(await priceImports.get(caller, params.id)),
    })),
    implement(approveImport, async ({ caller, params, body }) => ({
      data: detailToJson(await priceImports.approve(caller, params.id, body.modelIds)),
    })),
  ];
}

function importToJson(one: PriceImport): z.input<typeof priceImportSchema> {
  const { id, library, comparedCount, changedCount, appliedCount, unknownModelIds, createdBy, createdAt } = one;
  return {
    ...{ id, status: statusOf(one), library, comparedCount, changedCount, appliedCount },
    ...{ unknownModelIds: [...unknownModelIds], createdBy, createdAt: createdAt.toISOString() },
  };
}

function statusOf({ changedCount, appliedCount }: PriceImport): z.input<typeof priceImportSchema>['status'] {
  if (changedCount === 0) return 'unchanged';
  if (appliedCount === 0) return 'pending';
  return appliedCount < changedCount ? 'partly_applied' : 'applied';
}

function detailToJson(detail: PriceImportDetail) {
  return {
    ...importToJson(detail),
    items: detail.items.map(({ modelId, displayName, changes, isStale, appliedPriceId, appliedBy, appliedAt }) => ({
      ...{ modelId, displayName, changes: changes.map(changeToJson), isStale },
      ...{ appliedPriceId, appliedBy, appliedAt: appliedAt?.toISOString() ?? null },
    })),
  };
}
