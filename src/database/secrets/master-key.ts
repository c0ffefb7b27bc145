/**
 * Owns: where the master key comes from: `WEIR_MASTER_KEY`, or a file made on the first start of an embedded installation.
 * Does not own: what it encrypts (`secret-box.ts`), or whether this installation may do without the setting (the configuration).
 */
import { chmod, link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '../../primitives/random.ts';
import { MASTER_KEY_BYTES } from './secret-box.ts';

const FILE_NAME = 'master.key';
const OWNER_ONLY = 0o600;

/**
 * Reads 32 bytes written as 64 hexadecimal digits or in base64 (also base64url, padded or not). Throws without repeating the
 * text when it is anything else; `source` names where it came from.
 */
export function parseMasterKey(text: string, source: string): Buffer {
  const trimmed = text.trim();
  const isHex = /^[0-9a-fA-F]{64}$/.test(trimmed);
  const isBase64 = /^[0-9A-Za-z+/_-]{43}=?$/.test(trimmed);
  const key = Buffer.from(trimmed, isHex ? 'hex' : 'base64');
  if ((isHex || isBase64) && key.length === MASTER_KEY_BYTES) return key;
  throw new Error(
    `${source} must be ${MASTER_KEY_BYTES} bytes in hex or base64; make one with: openssl rand -base64 ${MASTER_KEY_BYTES}`,
  );
}

/**
 * The master key: from the environment when it is set there, else from `<directory>/master.key`, which is made with mode 600
 * when missing. Two processes that start at once end up with the same key. Throws on a malformed setting or file.
 */
export async function loadOrCreateMasterKey(options: {
  directory: string;
  env: Readonly<Record<string, string | undefined>>;
  random: Random;
}): Promise<Buffer> {
  const setting = options.env.WEIR_MASTER_KEY;
  if (setting !== undefined && setting.trim() !== '') return parseMasterKey(setting, 'WEIR_MASTER_KEY');
  const path = join(options.directory, FILE_NAME);
  const present = await readKeyFile(path);
  if (present !== undefined) return present;
  await mkdir(options.directory, { recursive: true });
  await createKeyFile(path, options.random);
  const made = await readKeyFile(path);
  if (made === undefined) throw new Error(`${path} vanished while it was being made`);
  return made;
}

async function readKeyFile(path: string): Promise<Buffer | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
  // Copied or restored files often come back readable by all.
  await chmod(path, OWNER_ONLY);
  return parseMasterKey(text, path);
}

/** Written whole under another name first: a crash in between never leaves half a key, and the first process wins the name. */
async function createKeyFile(path: string, random: Random): Promise<void> {
  const draft = `${path}.${Buffer.from(random.bytes(8)).toString('hex')}`;
  const key = Buffer.from(random.bytes(MASTER_KEY_BYTES));
  await writeFile(draft, `${key.toString('base64')}\n`, { mode: OWNER_ONLY, flag: 'wx', flush: true });
  try {
    await link(draft, path);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}
