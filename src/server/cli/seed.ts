// Owns: `weir seed [scenario]` and `weir migrate`. Not: what a scenario makes (database/seeds).

import { resolve } from 'node:path';
import { migrate } from '../../database/migrate.ts';
import { scenarios, seedReference } from '../../database/seeds/index.ts';
import { prepareDemo } from '../lifecycle/demo.ts';
import { asService } from '../lifecycle/start.ts';
import { readDemoFile } from '../lifecycle/state-files.ts';
import { type CommandContext, CommandError } from './command-context.ts';
import { withCommandDatabase } from './command-database.ts';

/** Migrates, and says what was applied. */
export function migrateCommand(context: CommandContext): Promise<void> {
  return withCommandDatabase(context, async ({ migrationUrl }) => {
    const { applied } = await migrate({ connectionString: migrationUrl, log: context.log });
    for (const name of applied) context.print(name);
    context.tell(applied.length === 0 ? 'The schema is current.' : `${applied.length} migrations applied.`);
  });
}

/** Migrates and seeds a scenario; what was made is printed as JSON, with keys and passwords in it. */
export async function seedCommand(
  context: CommandContext,
  options: { readonly scenario: string; readonly sizes: Readonly<Record<string, string>> },
): Promise<void> {
  const { config, clock, random, log } = context;
  const scenario = scenarios[options.scenario];
  if (!scenario) throw new CommandError(`there is no scenario ${options.scenario}; there are:\n${describeScenarios()}`);
  if (config.mode === 'production') throw new CommandError('worlds for trying are not made in production (WEIR_MODE)');
  const sizes = Object.fromEntries(
    Object.entries(options.sizes).map(([name, text]) => [name, sizeOf(name, text, scenario.sizes)]),
  );
  await withCommandDatabase(context, async ({ url, migrationUrl }) => {
    await migrate({ connectionString: migrationUrl, log });
    const made = await asService(url, async (client) => {
      if (options.scenario !== 'demo') return scenario.seed(client, { clock, random, sizes });
      // The demo world's only plain copy is the folder's file, which has to be written with it.
      const directory = resolve(config.directory);
      const present = await readDemoFile(directory);
      const isSoleOwner = config.database === null;
      const url = present?.url ?? `http://localhost:${config.port}`;
      await seedReference(client, { clock, random, sandbox: true });
      return prepareDemo({ client, directory, url, isSoleOwner, clock, random });
    });
    context.print(JSON.stringify(made, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value), 2));
  });
}

/** A line a scenario, with its sizes. */
export function describeScenarios(): string {
  return Object.entries(scenarios)
    .map(([name, { description, sizes }]) => {
      const options = Object.entries(sizes).map(([size, count]) => `--${size} ${count}`);
      return `  ${name.padEnd(8)} ${description}${options.length === 0 ? '' : ` (${options.join(' ')})`}`;
    })
    .join('\n');
}

function sizeOf(name: string, text: string, known: Readonly<Record<string, number>>): number {
  if (!(name in known)) throw new CommandError(`this scenario has no --${name}`);
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new CommandError(`--${name} is a whole number above 0`);
  return Number(text);
}
