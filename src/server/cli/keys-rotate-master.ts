// Owns: `weir keys rotate-master`: which keys there are, where the new one is kept, what is told. Not: wrapping anything (master-key-rotation.ts).

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createAudit } from '../../control/audit/index.ts';
import { createDatabase } from '../../database/pool.ts';
import { parseMasterKey } from '../../database/secrets/master-key.ts';
import {
  beginMasterKeyChange,
  endMasterKeyChange,
  findMasterKey,
  loadPreviousMasterKeys,
} from '../../database/secrets/master-key-change.ts';
import { createSecretBox, masterKeyId } from '../../database/secrets/secret-box.ts';
import { readServerFile } from '../lifecycle/state-files.ts';
import { deriveAuthSecret } from '../secrets/auth-secret.ts';
import { findUnknownKeys, type RotationResult, rotateSecrets } from '../secrets/master-key-rotation.ts';
import { type CommandContext, CommandError } from './command-context.ts';
import { withCommandDatabase } from './command-database.ts';

/** Options as they were typed. */
export interface RotateMasterOptions {
  readonly newKeyFile: string;
}

/**
 * Wraps every stored secret under the key of the file. With the key in the folder the file's becomes the folder's, the old one kept beside it until nothing is left
 * under it; with `WEIR_MASTER_KEY` the setting is the operator's to change. False when some secret opened under no key.
 */
export async function rotateMaster(context: CommandContext, options: RotateMasterOptions): Promise<boolean> {
  const { config, clock, random, print, tell } = context;
  const next = await readNewKey(options.newKeyFile);
  const directory = resolve(config.directory);
  const isFolders = config.masterKey === null;
  if (isFolders) await refuseWhileServing(directory);
  const present = config.masterKey ?? (await findMasterKey(directory));
  if (present === undefined) throw new CommandError('there is no master key yet; the first start makes one');
  const known = [present, ...(await loadPreviousMasterKeys(config, directory))];
  const others = known.filter((key) => !key.equals(next));
  const box = createSecretBox({ masterKey: next, previousMasterKeys: others, random });

  const result = await withCommandDatabase(context, async ({ url }) => {
    const database = createDatabase({
      url,
      role: 'weir_service',
      max: 1,
      applicationName: 'weir keys',
      statementTimeoutMs: 0,
    });
    try {
      const unknown = await findUnknownKeys({ database, box });
      if (unknown.length > 0)
        throw new CommandError(
          `stored secrets are sealed under master key ${unknown.join(', ')}, which is neither the present one (${known.map(masterKeyId).join(', ')}) nor the new one (${box.keyId}); set WEIR_MASTER_KEY or WEIR_MASTER_KEY_PREVIOUS to it. Nothing was changed.`,
        );
      // Kept before anything is sealed with it: from here on a start finds both keys.
      if (isFolders) await explained(() => beginMasterKeyChange(directory, next));
      return await rotateSecrets({
        ...{ database, box, audit: createAudit({ clock, random }) },
        authSecrets: { from: others.map(deriveAuthSecret), to: deriveAuthSecret(next) },
        onProgress: (name, total) => tell(`${name}: ${total}`),
      });
    } finally {
      await database.close();
    }
  });
  print(`master key ${box.keyId}: ${result.rewrapped} secrets wrapped anew, ${result.damaged.length} damaged`);
  tellWhatIsNext({ tell, result, isFolders, isSet: present.equals(next) });
  if (isFolders && result.damaged.length === 0) await endMasterKeyChange(directory);
  return result.damaged.length === 0;
}

async function readNewKey(path: string): Promise<Buffer> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CommandError(`${path} cannot be read`);
  });
  return explained(async () => parseMasterKey(text, path));
}

/** Faults that a person can do something about, told as such. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Error ? new CommandError(error.message) : error;
  }
}

/** A server that runs knows only the key it was started with: what is wrapped anew would be closed to it. */
async function refuseWhileServing(directory: string): Promise<void> {
  const server = await readServerFile(directory);
  if (server !== null && isAlive(server.pid))
    throw new CommandError(`a server runs here (process ${server.pid}) and knows the present key alone; stop it first`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function tellWhatIsNext(facts: {
  readonly tell: (text: string) => void;
  readonly result: RotationResult;
  readonly isFolders: boolean;
  readonly isSet: boolean;
}): void {
  const { tell, result, isFolders, isSet } = facts;
  for (const row of result.damaged) tell(`does not open: ${row}; it has to be entered again`);
  if (isFolders && result.damaged.length > 0) tell('The old key is kept as master.key.previous.');
  if (isFolders) return;
  tell(
    isSet
      ? 'When every replica runs with the new key, run this once more, then take WEIR_MASTER_KEY_PREVIOUS away.'
      : 'Now start every replica with WEIR_MASTER_KEY set to the new key and WEIR_MASTER_KEY_PREVIOUS to the old one, and run this once more.',
  );
}
