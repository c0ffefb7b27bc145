// Owns: settings that lie beside the installation instead of in the environment: `.env` and `weir.config.ts`. Not: what they mean (settings.ts).

import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseEnv } from 'node:util';
import { ConfigError, type Environment } from './config.ts';
import { settingsSchema } from './settings.ts';

/** Exports as its default settings by their names in the environment: texts, numbers, booleans. */
const FILE_NAME = 'weir.config.ts';

/**
 * The environment, over a `.env`, over a `weir.config.ts` in the folder, where there are any: who comes first wins. Throws `ConfigError` when the
 * file can't be read as settings; values are not repeated.
 */
export async function readSettings(environment: Environment, folder: string): Promise<Environment> {
  const [config, dotenv] = await Promise.all([readConfigFile(folder), readDotenv(folder)]);
  return { ...config, ...withoutBlanks(dotenv), ...withoutBlanks(environment) };
}

function withoutBlanks(settings: Environment): Environment {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined && value.trim() !== ''));
}

/** Node's own reading of the format. Names that are no settings are other programs' business. */
async function readDotenv(folder: string): Promise<Environment> {
  const text = await readFile(join(folder, '.env'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    // Without what it says another Weir would start: for trying, with a demo world and a database of its own.
    throw new ConfigError([`.env can't be read (${error.code})`]);
  });
  return parseEnv(text);
}

async function readConfigFile(folder: string): Promise<Environment> {
  const path = join(folder, FILE_NAME);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) return {};
  const file = await importDefault(path);
  const faults: string[] = [];
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(file)) {
    const text = textOf(value);
    if (!(name in settingsSchema.shape)) faults.push(`${FILE_NAME}: there is no setting ${name}`);
    else if (text === undefined) faults.push(`${FILE_NAME}: ${name} must be a text, a number or a boolean`);
    else settings[name] = text;
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return settings;
}

async function importDefault(path: string): Promise<Record<string, unknown>> {
  let exported: unknown;
  try {
    exported = ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
  } catch (error) {
    // The text of a syntax error may quote the line; its kind is enough to find it.
    throw new ConfigError([`${FILE_NAME} can't be read (${error instanceof Error ? error.name : 'unknown fault'})`]);
  }
  if (typeof exported === 'object' && exported !== null) return exported as Record<string, unknown>;
  throw new ConfigError([`${FILE_NAME} must export its settings as default`]);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
