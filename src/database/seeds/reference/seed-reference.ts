// Owns: what every installation starts with, in every mode, as often as one likes. Not: demo data, or what an owner changed since.

import type { Clock } from '../../../primitives/clock.ts';
import { createSystemRandom, type Random } from '../../../primitives/random.ts';
import { insertOnce, inTransaction, type SeedClient } from '../seed-client.ts';
import { createSeedTools } from '../seed-tools.ts';
import { businessTypeRows } from './business-type-rows.ts';
import { allocationRows, creditTypeRows, planRows } from './plan-rows.ts';
import { seedModels } from './seed-models.ts';
import { systemConfigRows } from './system-config-rows.ts';

/** Two processes that start at once seed one after the other ("seed" in ASCII). */
const SEED_LOCK = 0x73656564;

export interface SeedReferenceOptions {
  clock: Clock;
  /** For ids; the system's when left out. */
  random?: Random;
  /** Also the sandbox provider and its models; never in production unless asked for. */
  sandbox?: boolean;
}

/**
 * Writes plans, business types, credit types, switches, providers, models and prices in one transaction of its own, adding
 * only what is missing: a row that is there stays as its owner has it. Throws what the database throws, with nothing written.
 */
export async function seedReference(client: SeedClient, options: SeedReferenceOptions): Promise<void> {
  const tools = createSeedTools({ clock: options.clock, random: options.random ?? createSystemRandom() });
  await inTransaction(client, async () => {
    await client.query('select pg_advisory_xact_lock($1)', [SEED_LOCK]);
    await insertOnce(client, { table: 'business_types', key: ['slug'] }, businessTypeRows);
    await insertOnce(client, { table: 'plans', key: ['slug'] }, planRows);
    await insertOnce(client, { table: 'credit_types', key: ['slug'] }, creditTypeRows);
    await insertOnce(client, { table: 'plan_credit_allocations', key: ['plan_slug', 'credit_type'] }, allocationRows);
    await insertOnce(client, { table: 'system_config', key: ['key'] }, systemConfigRows);
    await seedModels(client, tools, { sandbox: options.sandbox ?? false });
  });
}
