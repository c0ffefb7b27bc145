#!/usr/bin/env node
// Owns: the `weir` command line: which commands there are and their options. Not: what they do (cli/), or the server (run.ts).

import { Command } from 'commander';
import packageFile from '../../package.json' with { type: 'json' };
import { systemClock } from '../primitives/clock.ts';
import { createSystemRandom } from '../primitives/random.ts';
import { type AuditVerifyOptions, auditVerify } from './cli/audit.ts';
import { type BackupOptions, backupCommand, type RestoreOptions, restoreCommand } from './cli/backup.ts';
import type { CommandContext } from './cli/command-context.ts';
import { doctor } from './cli/doctor.ts';
import { type KeysCreateOptions, keysCreate } from './cli/keys-create.ts';
import { type RotateMasterOptions, rotateMaster } from './cli/keys-rotate-master.ts';
import { ledgerRebuild, ledgerVerify } from './cli/ledger.ts';
import { mailList, mailShow, mailTest } from './cli/mail.ts';
import { describeScenarios, migrateCommand, seedCommand } from './cli/seed.ts';
import { type CreateSuperadminOptions, userCreateSuperadmin } from './cli/user-create-superadmin.ts';
import { describeFault } from './lifecycle/fault-text.ts';
import { runServer } from './lifecycle/run.ts';
import { createLog, hideSecrets } from './logging/log.ts';
import { type Config, readConfig } from './settings/config.ts';
import { readSettings } from './settings/settings-file.ts';

const STANDARD_ERROR = 2;

/** Runs one command and ends with its exit code: false is 1. */
async function run(command: (context: CommandContext) => Promise<unknown>): Promise<void> {
  let exitCode = 0;
  let config: Config | null = null;
  try {
    config = readConfig(await readSettings(process.env, process.cwd()));
    const level = config.logLevel === 'info' ? 'warn' : config.logLevel;
    const { log, flush } = createLog({ logLevel: level, logFormat: config.logFormat, fd: STANDARD_ERROR });
    const print = (text: string): void => void process.stdout.write(`${text}\n`);
    const tell = (text: string): void => void process.stderr.write(`${text}\n`);
    const done = await command({ config, log, clock: systemClock, random: createSystemRandom(), print, tell });
    exitCode = done === false ? 1 : 0;
    await flush();
  } catch (error) {
    process.stderr.write(`weir: ${hideSecrets(describeFault(error, config))}\n`);
    exitCode = 1;
  }
  process.exitCode = exitCode;
}

const program = new Command('weir')
  .description('Weir: a gateway and control plane for AI. Settings come from the environment (docs/configuration.md).')
  .version(packageFile.version, '-v, --version', 'print the version of this release')
  .showHelpAfterError();

program
  .command('start')
  .description('start the server')
  .option('--check-config', 'check the settings and do nothing else')
  .action((options: { checkConfig?: true }) =>
    runServer({ environment: process.env, checkConfig: options.checkConfig === true }),
  );

program
  .command('migrate')
  .description('bring the database to the schema of this release')
  .action(() => run(migrateCommand));

program
  .command('seed')
  .description(`make a world for trying:\n${describeScenarios()}`)
  .argument('[scenario]', 'which one', 'demo')
  .option('--organizations <count>', 'of the load world')
  .option('--users <count>', 'in each organization of the load world')
  .action((scenario: string, sizes: Record<string, string>) =>
    run((context) => seedCommand(context, { scenario, sizes })),
  );

program
  .command('doctor')
  .description('look at the installation and say what to do; exit 1 when something fails')
  .action(() => run(doctor));

program
  .command('backup')
  .description('write a backup of the database to one file, and read it back; the master key is not in it')
  .option('--to <file>', 'where; without it, a name by the time in WEIR_BACKUP_DIRECTORY or the folder of Weir')
  .action((options: BackupOptions) => run((context) => backupCommand(context, options)));

program
  .command('restore')
  .description('load a backup into an empty database; needs the master key that it was made with')
  .argument('<file>')
  .option('--accept-drift', 'also when the ledger in it does not verify')
  .action((file: string, options: RestoreOptions) => run((context) => restoreCommand(context, file, options)));

const keys = program.command('keys').description('virtual keys');
keys
  .command('create')
  .description('make a key and print it, once')
  .requiredOption('--organization <slug>', 'whose key it is')
  .option('--user <email>', 'the member it acts for; without it, a service key')
  .option('--name <name>', 'what it is called', 'Made by weir keys create')
  .option('--environment <environment>', 'test or live', 'live')
  .option('--rpm <count>', 'requests a minute')
  .option('--tpm <count>', 'tokens a minute')
  .option('--expires <when>', 'a span (90m, 12h, 30d) or a date')
  .option('--act-for-members', 'may act for members by the header x-weir-user')
  .action((options: KeysCreateOptions) => run((context) => keysCreate(context, options)));
keys
  .command('rotate-master')
  .description('wrap every stored secret under another master key; may be stopped and begun again')
  .requiredOption('--new-key-file <path>', 'a file with 32 bytes in hex or base64: openssl rand -base64 32')
  .action((options: RotateMasterOptions) => run((context) => rotateMaster(context, options)));

program
  .command('user')
  .description('people')
  .command('create-superadmin')
  .description('make a superadmin; the password is typed, comes by standard input, or is made up and shown once')
  .requiredOption('--email <address>', 'with which they sign in')
  .option('--name <name>', 'what they are called')
  .option('--promote', 'make somebody who has an account already a superadmin; their password stays')
  .action((options: CreateSuperadminOptions) => run((context) => userCreateSuperadmin(context, options)));

const mail = program.command('mail').description('mail on its way, and kept where there is no mail server');
mail
  .command('list', { isDefault: true })
  .description('the newest mail')
  .option('--status <status>', 'only pending, sent, failed or kept')
  .action((options: { status?: string }) => run((context) => mailList(context, options)));
mail
  .command('show')
  .description('one mail with its text')
  .argument('<id>')
  .action((id: string) => run((context) => mailShow(context, id)));
mail
  .command('test')
  .description('send a mail now, to see whether mail arrives')
  .argument('<address>')
  .action((address: string) => run((context) => mailTest(context, address)));

const ledger = program.command('ledger').description('the ledger of holds and usage');
ledger
  .command('verify')
  .description('compare counters with events and open holds; exit 1 on drift')
  .action(() => run(ledgerVerify));
ledger
  .command('rebuild')
  .description('set every counter to what events and open holds say')
  .action(() => run(ledgerRebuild));

program
  .command('audit')
  .description('the log of what people did')
  .command('verify')
  .description('check the chains of the audit log; exit 1 when a row was changed, is missing or is out of place')
  .option('--organization <slug>', 'only this one, by slug or id; "platform" for the platform\'s own log')
  .action((options: AuditVerifyOptions) => run((context) => auditVerify(context, options)));

await program.parseAsync();
