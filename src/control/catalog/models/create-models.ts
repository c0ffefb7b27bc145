// Owns: putting the administration of models and prices together. Not: any of it.

import type { Route } from '../../../contracts/route.ts';
import type { Database } from '../../../database/pool.ts';
import type { Clock } from '../../../primitives/clock.ts';
import type { Random } from '../../../primitives/random.ts';
import type { Audit } from '../../audit/index.ts';
import type { Events } from '../../events/index.ts';
import { modelRoutes } from './model.routes.ts';
import { createModelService } from './model.service.ts';
import { createModelBulkService } from './model-bulk.service.ts';
import { createModelListService } from './model-list.service.ts';
import { createModelRemovalService } from './model-removal.service.ts';
import { createModelStatsService } from './model-stats.service.ts';
import { priceRoutes } from './price.routes.ts';
import { createPriceService } from './price.service.ts';
import type { PriceLibrary } from './price-import.rules.ts';
import { createPriceImportService } from './price-import.service.ts';

/** What it is made of. */
export interface ModelAdministrationOptions {
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  readonly library: PriceLibrary;
  readonly clock: Clock;
  readonly random: Random;
}

/** Its routes. */
export function createModelAdministration(options: ModelAdministrationOptions): Route[] {
  const models = createModelService(options);
  const removal = createModelRemovalService(options);
  return [
    ...modelRoutes({
      ...{ models, removal, modelList: createModelListService(options), stats: createModelStatsService(options) },
      bulk: createModelBulkService({ models, removal }),
    }),
    ...priceRoutes({ prices: createPriceService(options), priceImports: createPriceImportService(options) }),
  ];
}
