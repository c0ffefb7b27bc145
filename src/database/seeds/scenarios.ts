// Owns: the worlds that `weir seed <scenario>` can make. Not: parsing the command line.

import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import { seedDemo } from './demo/seed-demo.ts';
import { seedReference } from './reference/seed-reference.ts';
import type { SeedClient } from './seed-client.ts';
import { seedLoad } from './seed-load.ts';

export interface ScenarioOptions {
  clock: Clock;
  random: Random;
  /** Numbers of the command line, by name: `organizations`, `users`. */
  sizes?: Readonly<Record<string, number>>;
}

/** A world to seed: what it is, the sizes it takes, and how it is made. The answer is for a person: made, or there already. */
export interface Scenario {
  description: string;
  sizes: Readonly<Record<string, number>>;
  /** Seeds the reference data first. Gives what was made as JSON holds it; keys and passwords are in it in plain text. */
  seed(client: SeedClient, options: ScenarioOptions): Promise<unknown>;
}

/** By name. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  demo: {
    description: 'The demo world: four organizations, eight people, templates, personas, a feature, keys.',
    sizes: {},
    async seed(client, { clock, random }) {
      await seedReference(client, { clock, random, sandbox: true });
      return (await seedDemo(client, { clock, random })) ?? { unchanged: 'the demo world is there already' };
    },
  },
  load: {
    description: 'Many organizations with people and a key each, for benches.',
    sizes: { organizations: 100, users: 10 },
    async seed(client, { clock, random, sizes }) {
      await seedReference(client, { clock, random, sandbox: true });
      const organizations = sizes?.organizations ?? 100;
      return seedLoad(client, { clock, random, organizations, usersPerOrganization: sizes?.users ?? 10 });
    },
  },
};
