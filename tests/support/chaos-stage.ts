// Owns: where a chaos test plays: a database of its own with a world in it, and servers on it. Not: the world (chaos-world.ts), or the servers (server-fleet.ts).

import pg from 'pg';
import { createTestDatabase } from '../../src/database/testing/database.ts';
import { type ChaosWorld, createChaosWorld } from './chaos-world.ts';
import { createFleet, type Fleet } from './server-fleet.ts';

/** All of it, before any server runs. */
export interface ChaosStage {
  /** A superuser there. */
  readonly owner: pg.Client;
  readonly world: ChaosWorld;
  readonly fleet: Fleet;
  close(): Promise<void>;
}

/** Sets it up; close it in `afterAll`. */
export async function createChaosStage(options: {
  readonly organizations: number;
  /** Of every server, besides its database. */
  readonly environment?: Readonly<Record<string, string>>;
}): Promise<ChaosStage> {
  const database = await createTestDatabase();
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const { organizations, environment } = options;
  const world = await createChaosWorld(owner, { organizations });
  const urls = { DATABASE_URL: database.url, DATABASE_MIGRATION_URL: database.ownerUrl };
  const fleet = createFleet({ ...urls, ...environment });
  return {
    ...{ owner, world, fleet },
    async close() {
      await fleet.close();
      await owner.end();
      await database.drop();
    },
  };
}
