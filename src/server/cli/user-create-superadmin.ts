// Owns: `weir user create-superadmin`: the first superadmin, or another when nobody can sign in any more. Not: other people (the portal).

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { z } from 'zod';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '../../contracts/identity/auth.ts';
import { createAudit } from '../../control/audit/index.ts';
import { createDatabase, type DatabaseTransaction } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import { hashPassword } from '../../database/seeds/index.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import { findSuperadminAccount, insertSuperadmin, promoteToSuperadmin } from '../superadmin-rows.ts';
import { type CommandContext, CommandError } from './command-context.ts';
import { withCommandDatabase } from './command-database.ts';

/** Options as they were typed. */
export interface CreateSuperadminOptions {
  readonly email: string;
  readonly name?: string;
  /** Make somebody who has an account a superadmin; their password stays. */
  readonly promote?: true;
}

const GENERATED_BYTES = 18;
/** Standard input is read so far for a password. */
const INPUT_CHARACTERS_MAX = 4_096;

const emailSchema = z.string().trim().toLowerCase().max(254).pipe(z.email().max(254));

/** Makes them. Throws `CommandError` for an address that is none or taken, or a password that is too short or long. */
export async function userCreateSuperadmin(context: CommandContext, options: CreateSuperadminOptions): Promise<void> {
  const { clock, random, tell } = context;
  const parsed = emailSchema.safeParse(options.email);
  if (!parsed.success) throw new CommandError('--email is not an e-mail address');
  const email = parsed.data;
  const name = (options.name ?? email.split('@')[0] ?? email).trim().slice(0, 200);
  const audit = createAudit({ clock, random });
  const record = (tx: DatabaseTransaction, action: string, userId: string) =>
    audit.recordFor(
      tx,
      { type: 'system', id: null, request: null },
      {
        ...{ action, targetType: 'user', targetId: userId, organizationId: null },
        after: { email, platform_role: 'superadmin' },
      },
    );

  await withCommandDatabase(context, async ({ url }) => {
    const database = createDatabase({
      url,
      role: 'weir_service',
      max: 1,
      applicationName: 'weir user',
      statementTimeoutMs: 0,
    });
    const act = <T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> =>
      withPlatform(database, 'weir user create-superadmin', work);
    try {
      const existing = await act((tx) => findSuperadminAccount(tx, email));
      if (existing !== undefined) {
        if (options.promote !== true)
          throw new CommandError(`${email} has an account already; --promote makes it a superadmin`);
        await act(async (tx) => {
          await promoteToSuperadmin(tx, existing);
          await record(tx, 'user.update', existing);
        });
        tell(`${email} is a superadmin now. The password is as it was.`);
        return;
      }
      // Asked for and hashed outside the transaction: both take their time.
      const { password, isGenerated } = await choosePassword(context);
      const passwordHash = await hashPassword(password, random);
      const userId = createUuidV7(clock.nowMs(), random);
      const accountId = createUuidV7(clock.nowMs(), random);
      await act(async (tx) => {
        if (!(await insertSuperadmin(tx, { userId, accountId, name, email, passwordHash })))
          throw new CommandError(`${email} has an account already; --promote makes it a superadmin`);
        await record(tx, 'user.create', userId);
      });
      if (isGenerated) context.print(password);
      tell(
        isGenerated
          ? `${email} is a superadmin. The password is shown this once: Weir keeps its hash alone.`
          : `${email} is a superadmin.`,
      );
    } finally {
      await database.close();
    }
  });
}

/** Typed at a prompt, the first line of a pipe, or made up when neither gives one. */
async function choosePassword({
  tell,
  random,
}: CommandContext): Promise<{ readonly password: string; readonly isGenerated: boolean }> {
  const given = process.stdin.isTTY ? await promptForPassword(tell) : await readFirstLine();
  if (given === '') return { password: generatePassword(random), isGenerated: true };
  if (given.length < PASSWORD_LENGTH_MIN || given.length > PASSWORD_LENGTH_MAX)
    throw new CommandError(`a password has ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters`);
  return { password: given, isGenerated: false };
}

const generatePassword = (random: Random): string => Buffer.from(random.bytes(GENERATED_BYTES)).toString('base64url');

/** What is typed is not shown. */
async function promptForPassword(tell: (text: string) => void): Promise<string> {
  tell('Password (not shown; leave it empty to have one made up):');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return (await lines.question('')).trim();
  } finally {
    lines.close();
  }
}

async function readFirstLine(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n') || text.length > INPUT_CHARACTERS_MAX) break;
  }
  return (text.split('\n')[0] ?? '').trim();
}
