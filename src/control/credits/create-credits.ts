// Owns: putting the parts of credits together. Not: any of them.

import type { Route } from '../../contracts/route.ts';
import type { Database } from '../../database/pool.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import type { Events } from '../events/index.ts';
import { creditRoutes } from './credit.routes.ts';
import { createCreditLedgerService } from './credit-ledger.service.ts';
import { type CreditStatsService, createCreditStatsService } from './credit-stats.service.ts';
import { type CreditUpkeep, createCreditUpkeep } from './credit-upkeep.ts';
import { type CreditUseService, createCreditUseService } from './credit-use.service.ts';

/** What credits are made of. */
export interface CreditsOptions {
  /** A pool as `weir_service`. */
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  readonly clock: Clock;
  readonly random: Random;
}

/** Credits, ready to be mounted, and what jobs do for them. */
export interface Credits extends CreditUpkeep {
  readonly routes: readonly Route[];
  readonly use: CreditUseService;
  readonly stats: CreditStatsService;
}

/** Builds them. */
export function createCredits(options: CreditsOptions): Credits {
  const { database, audit, events, clock, random } = options;
  const use = createCreditUseService({ database, events });
  const stats = createCreditStatsService({ database, clock });
  const creditLedger = createCreditLedgerService({ database, audit, events, clock, random });
  return {
    ...createCreditUpkeep({ database, events }),
    routes: creditRoutes({ creditUse: use, creditStats: stats, creditLedger }),
    ...{ use, stats },
  };
}
