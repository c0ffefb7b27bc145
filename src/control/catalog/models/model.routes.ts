// Owns: the routes by which superadmins keep models. Not: the acts, or a model as JSON (model-json.rules.ts).

import type { z } from 'zod';
import { adminModelEndpoints } from '../../../contracts/catalog/admin-models.ts';
import { entityTag } from '../../../contracts/entity-tag.ts';
import { implement, type Route, reply } from '../../../contracts/route.ts';
import type { ModelService, NewModel } from './model.service.ts';
import type { ModelBulkAct, ModelBulkService } from './model-bulk.service.ts';
import { affectedToJson, countsToJson, modelToJson, statsToJson } from './model-json.rules.ts';
import type { CatalogModel, ModelListService } from './model-list.service.ts';
import type { ModelRemovalService } from './model-removal.service.ts';
import type { ModelStatsService } from './model-stats.service.ts';
import { readPrice } from './price.rules.ts';

/** What they are made of. */
export interface ModelRouteServices {
  readonly models: ModelService;
  readonly modelList: ModelListService;
  readonly removal: ModelRemovalService;
  readonly bulk: ModelBulkService;
  readonly stats: ModelStatsService;
}

/** All of them. */
export function modelRoutes(services: ModelRouteServices): Route[] {
  return [...readingRoutes(services), ...changingRoutes(services)];
}

function readingRoutes({ modelList, removal, stats }: ModelRouteServices): Route[] {
  const { list, export: exportFile, get, affected, stats: statsEndpoint } = adminModelEndpoints;
  return [
    implement(list, async ({ caller, query }) => {
      const { retires_before: retiresBefore, ...rest } = query;
      const { items, nextCursor } = await modelList.list(caller, { ...rest, retiresBefore });
      return { data: items.map(modelToJson), next_cursor: nextCursor };
    }),
    implement(exportFile, async ({ caller, query }) => {
      const { retires_before: retiresBefore, ...rest } = query;
      return reply.csv('models.csv', await modelList.export(caller, { ...rest, retiresBefore }));
    }),
    implement(get, async ({ caller, params }) => tagged(await modelList.get(caller, params.id))),
    implement(affected, async ({ caller, params, query }) => {
      const before = query.before === undefined ? undefined : Date.parse(query.before);
      return { data: affectedToJson(await removal.listAffected(caller, params.id, before)) };
    }),
    implement(statsEndpoint, async ({ caller, params }) => ({ data: statsToJson(await stats.get(caller, params.id)) })),
  ];
}

function changingRoutes({ models, modelList, removal, bulk }: ModelRouteServices): Route[] {
  const { create, update, remove, enable, disable, bulk: bulkEndpoint } = adminModelEndpoints;
  return [
    implement(create, async ({ caller, body }) => {
      const { id } = await models.create(caller, readNewModel(body));
      return tagged(await modelList.get(caller, id));
    }),
    implement(update, async ({ caller, params, body, ifMatch }) => {
      await models.update(caller, params.id, { ...body, ifMatch });
      return tagged(await modelList.get(caller, params.id));
    }),
    implement(remove, async ({ caller, params }) => {
      await removal.remove(caller, params.id);
      return undefined;
    }),
    implement(enable, async ({ caller, params }) => {
      await models.enable(caller, params.id);
      return tagged(await modelList.get(caller, params.id));
    }),
    implement(disable, async ({ caller, params, query }) => {
      const dryRun = query.dry_run ?? false;
      const { affected } = await removal.disable(caller, params.id, dryRun);
      const model = await modelList.get(caller, params.id);
      return { data: { ...modelToJson(model), affected: countsToJson(affected), dryRun } };
    }),
    implement(bulkEndpoint, async ({ caller, body }) => {
      const { ids, ...act } = body;
      const results = await bulk.change(caller, ids, act satisfies ModelBulkAct);
      const refused = results.filter(({ error }) => error !== null).length;
      const data = results.map(({ id, error }) => ({ id, ok: error === null, error }));
      return { data, changed: results.length - refused, refused };
    }),
  ];
}

const tagged = (model: CatalogModel) => reply.tagged({ data: modelToJson(model) }, entityTag(model.rowVersion));

function readNewModel(body: z.output<typeof adminModelEndpoints.create.body>): NewModel {
  const { pricing, ...model } = body;
  return {
    ...model,
    contextWindow: model.contextWindow ?? null,
    maxOutputTokens: model.maxOutputTokens ?? null,
    priceCents: model.priceCents ?? null,
    stripeProductId: model.stripeProductId ?? null,
    stripePriceId: model.stripePriceId ?? null,
    rateLimitMessagesPerDay: model.rateLimitMessagesPerDay ?? null,
    retiresAt: model.retiresAt ?? null,
    replacementModelId: model.replacementModelId ?? null,
    price: pricing === undefined ? null : readPrice(pricing),
  };
}
