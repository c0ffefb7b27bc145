// Owns: from the environment to typed settings: every fault in one message, values of secrets never in it. Not: the form of each setting
// (settings.ts), or what the database must be like (database-checks.ts).

import { parseMasterKey } from '../../database/secrets/master-key.ts';
import { type Rhythm, rhythmOfCron } from '../../jobs/index.ts';
import { type MailSender, parseSender } from '../../mail/mail-message.rules.ts';
import { parseSmtpUrl, type SmtpServer } from '../../mail/mail-transport.ts';
import { splitAllowList } from '../../network/outbound-allow.ts';
import { isSampleSecret } from './sample-secrets.ts';
import { type SettingName, type Settings, settingFacts, settingsSchema, splitList } from './settings.ts';

/** What the parts of the server are made from. Holds secrets: never logged as a whole. */
export interface Config {
  readonly mode: 'development' | 'production';
  /** As given: from where the server was started. */
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  readonly demo: boolean;
  readonly sandbox: boolean;
  readonly logLevel: Settings['WEIR_LOG_LEVEL'];
  readonly logFormat: 'json' | 'text';
  readonly metricsToken: string | null;
  readonly drainDelayMs: number;
  readonly gracePeriodMs: number;
  /** Null: the embedded PostgreSQL. `migrationUrl` null: this process does not migrate. */
  readonly database: { readonly url: string; readonly migrationUrl: string | null } | null;
  readonly databasePoolSize: number;
  /** Null: the one in the folder. */
  readonly masterKey: Buffer | null;
  /** While the master key is being changed. */
  readonly masterKeyPrevious: Buffer | null;
  readonly ledgerLanes: number;
  readonly ledgerPatienceMs: number;
  readonly holdTtlMs: number;
  readonly sweepIntervalMs: number;
  /** Whether this process runs background jobs. */
  readonly jobs: boolean;
  /** Null: this process makes no backups by itself. */
  readonly backup: { readonly directory: string; readonly rhythm: Rhythm; readonly retentionDays: number } | null;
  /** By provider slug. */
  readonly providers: Readonly<Record<string, { readonly secret?: string; readonly baseUrl?: string }>>;
  readonly http: HttpConfig;
  /** Null: mail is kept in the database. */
  readonly mail: { readonly server: SmtpServer; readonly from: MailSender } | null;
  /** What tenants may name besides the public internet. */
  readonly outboundAllow: readonly string[];
  /** Null: the machine's own. */
  readonly dnsServers: readonly string[] | null;
  readonly signIn: SignInConfig;
  /** Settings that were given but don't exist, for a warning. */
  readonly unknown: readonly string[];
}

/** Bounds of the HTTP server. */
export interface HttpConfig {
  /** Addresses and networks whose forwarding headers are believed. */
  readonly trustProxy: readonly string[];
  readonly bodyBytesMax: number;
  readonly headerBytesMax: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly connectionsMax: number;
}

/** How people sign in. */
export interface SignInConfig {
  /** Null: localhost with the port. */
  readonly publicUrl: string | null;
  readonly trustedOrigins: readonly string[];
  /** Null: required where mail can be sent. */
  readonly emailVerification: 'required' | 'off' | null;
  readonly google: { readonly clientId: string; readonly clientSecret: string } | null;
  readonly oidc: {
    readonly issuer: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly name: string;
  } | null;
}

/** Environment variables as Node gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with the settings, in one message that names each and repeats no value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const count = faults.length === 1 ? 'a setting is' : `${faults.length} settings are`;
    super(`${count} not right:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\nSee docs/configuration.md.`);
    this.faults = faults;
  }
}

const PROVIDERS = ['openai', 'anthropic', 'google', 'together'] as const;
/** Settings that are of use only together. */
const TOGETHER = [
  ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
  ['WEIR_OIDC_ISSUER', 'WEIR_OIDC_CLIENT_ID', 'WEIR_OIDC_CLIENT_SECRET'],
] as const;
const PRODUCTION_DRAIN_DELAY_MS = 5_000;
/** Read by the commands for contributors, not by the server. */
const FOREIGN = /^WEIR_(TEST|BENCH|KEY|URL)(_|$)/;

/** The settings of an environment. Throws `ConfigError` with every fault at once. */
export function readConfig(environment: Environment): Config {
  const given: Record<string, string> = {};
  for (const name of Object.keys(settingsSchema.shape)) {
    const value = environment[name]?.trim();
    if (value !== undefined && value !== '') given[name] = value;
  }
  const parsed = settingsSchema.safeParse(given);
  const faults = [
    ...(parsed.error?.issues ?? []).map((issue) => `${String(issue.path[0])} ${issue.message}`),
    ...faultsBetween(given),
  ];
  if (faults.length > 0 || !parsed.success) throw new ConfigError(faults);
  return toConfig(parsed.data, unknownSettings(environment));
}

/** Rules over several settings. They look at texts, for a single setting may be at fault as well. */
function faultsBetween(given: Readonly<Record<string, string>>): string[] {
  const faults: string[] = [];
  if (given.DATABASE_MIGRATION_URL !== undefined && given.DATABASE_URL === undefined)
    faults.push('DATABASE_MIGRATION_URL is of use only with DATABASE_URL');
  if (given.WEIR_SMTP_URL !== undefined && given.WEIR_MAIL_FROM === undefined)
    faults.push('WEIR_MAIL_FROM is required with WEIR_SMTP_URL: the address that mail comes from');
  if (given.WEIR_BACKUP_DIRECTORY !== undefined && lacksMigrationUrl(given))
    faults.push('WEIR_BACKUP_DIRECTORY needs DATABASE_MIGRATION_URL in production: only that login reads every row');
  for (const names of TOGETHER) {
    const missing = names.filter((name) => given[name] === undefined);
    if (missing.length > 0 && missing.length < names.length)
      faults.push(
        `${names.join(', ')} come together; ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
      );
  }
  if (modeOf(given) !== 'production') return faults;
  if (given.DATABASE_URL !== undefined && given.WEIR_MASTER_KEY === undefined)
    faults.push('WEIR_MASTER_KEY is required in production with DATABASE_URL; make one with: openssl rand -base64 32');
  if (settingsSchema.shape.WEIR_DEMO.safeParse(given.WEIR_DEMO).data === true)
    faults.push('WEIR_DEMO cannot be on in production: its accounts are for trying Weir');
  for (const [name, value] of Object.entries(given)) {
    if (factsOf(name as SettingName).secret === true && isSampleSecret(value))
      faults.push(`${name} is a sample; production needs a secret of its own`);
  }
  return faults;
}

function lacksMigrationUrl(given: Readonly<Record<string, string>>): boolean {
  return (
    modeOf(given) === 'production' && given.DATABASE_URL !== undefined && given.DATABASE_MIGRATION_URL === undefined
  );
}

function modeOf(given: Readonly<Record<string, string>>): Config['mode'] {
  if (given.WEIR_MODE !== undefined) return given.WEIR_MODE === 'production' ? 'production' : 'development';
  return given.NODE_ENV === 'production' ? 'production' : 'development';
}

function toConfig(settings: Settings, unknown: readonly string[]): Config {
  const mode = settings.WEIR_MODE ?? (settings.NODE_ENV === 'production' ? 'production' : 'development');
  const isProduction = mode === 'production';
  const url = settings.DATABASE_URL;
  const migrationUrl = settings.DATABASE_MIGRATION_URL ?? (isProduction ? null : (url ?? null));
  return {
    mode,
    directory: settings.WEIR_DIRECTORY,
    host: settings.HOST,
    port: settings.PORT,
    demo: settings.WEIR_DEMO ?? !isProduction,
    sandbox: settings.WEIR_SANDBOX ?? !isProduction,
    logLevel: settings.WEIR_LOG_LEVEL,
    logFormat: settings.WEIR_LOG_FORMAT ?? (isProduction ? 'json' : 'text'),
    metricsToken: settings.WEIR_METRICS_TOKEN ?? null,
    drainDelayMs: settings.WEIR_DRAIN_DELAY_MS ?? (isProduction ? PRODUCTION_DRAIN_DELAY_MS : 0),
    gracePeriodMs: settings.WEIR_GRACE_PERIOD_MS,
    database: url === undefined ? null : { url, migrationUrl },
    databasePoolSize: settings.WEIR_DATABASE_POOL_SIZE,
    masterKey:
      settings.WEIR_MASTER_KEY === undefined ? null : parseMasterKey(settings.WEIR_MASTER_KEY, 'WEIR_MASTER_KEY'),
    masterKeyPrevious:
      settings.WEIR_MASTER_KEY_PREVIOUS === undefined
        ? null
        : parseMasterKey(settings.WEIR_MASTER_KEY_PREVIOUS, 'WEIR_MASTER_KEY_PREVIOUS'),
    ledgerLanes: settings.WEIR_LEDGER_LANES,
    ledgerPatienceMs: settings.WEIR_LEDGER_PATIENCE_MS,
    holdTtlMs: settings.WEIR_HOLD_TTL_MS,
    sweepIntervalMs: settings.WEIR_SWEEP_INTERVAL_MS,
    jobs: settings.WEIR_JOBS,
    backup: backupConfigOf(settings),
    providers: providersOf(settings),
    http: httpConfigOf(settings),
    mail: mailConfigOf(settings),
    outboundAllow: splitAllowList(settings.WEIR_OUTBOUND_ALLOW ?? ''),
    dnsServers: settings.WEIR_DNS_SERVERS === undefined ? null : splitAllowList(settings.WEIR_DNS_SERVERS),
    signIn: signInConfigOf(settings),
    unknown,
  };
}

function backupConfigOf(settings: Settings): Config['backup'] {
  const directory = settings.WEIR_BACKUP_DIRECTORY;
  const rhythm = rhythmOfCron(settings.WEIR_BACKUP_SCHEDULE);
  if (directory === undefined || rhythm === null) return null;
  return { directory, rhythm, retentionDays: settings.WEIR_BACKUP_RETENTION_DAYS };
}

function httpConfigOf(settings: Settings): HttpConfig {
  return {
    trustProxy: splitList(settings.WEIR_TRUST_PROXY ?? ''),
    bodyBytesMax: settings.WEIR_BODY_BYTES_MAX,
    headerBytesMax: settings.WEIR_HEADER_BYTES_MAX,
    headersTimeoutMs: settings.WEIR_HEADERS_TIMEOUT_MS,
    requestTimeoutMs: settings.WEIR_REQUEST_TIMEOUT_MS,
    keepAliveTimeoutMs: settings.WEIR_KEEP_ALIVE_TIMEOUT_MS,
    connectionsMax: settings.WEIR_CONNECTIONS_MAX,
  };
}

function signInConfigOf(settings: Settings): SignInConfig {
  const { GOOGLE_CLIENT_ID: googleId, GOOGLE_CLIENT_SECRET: googleSecret } = settings;
  const { WEIR_OIDC_ISSUER: issuer, WEIR_OIDC_CLIENT_ID: clientId, WEIR_OIDC_CLIENT_SECRET: clientSecret } = settings;
  const hasGoogle = googleId !== undefined && googleSecret !== undefined;
  const hasOidc = issuer !== undefined && clientId !== undefined && clientSecret !== undefined;
  return {
    publicUrl: settings.WEIR_PUBLIC_URL?.replace(/\/$/, '') ?? null,
    trustedOrigins: splitList(settings.WEIR_TRUSTED_ORIGINS ?? '').map((origin) => origin.replace(/\/$/, '')),
    emailVerification: settings.WEIR_EMAIL_VERIFICATION ?? null,
    google: hasGoogle ? { clientId: googleId, clientSecret: googleSecret } : null,
    oidc: hasOidc ? { issuer, clientId, clientSecret, name: settings.WEIR_OIDC_NAME } : null,
  };
}

function mailConfigOf({ WEIR_SMTP_URL: url = '', WEIR_MAIL_FROM: sender = '' }: Settings): Config['mail'] {
  const server = parseSmtpUrl(url);
  const from = parseSender(sender);
  return server === null || from === null ? null : { server, from };
}

function providersOf(settings: Settings): Config['providers'] {
  const providers: Record<string, { secret?: string; baseUrl?: string }> = {};
  for (const slug of PROVIDERS) {
    const prefix = slug.toUpperCase() as Uppercase<typeof slug>;
    const secret = settings[`${prefix}_API_KEY`];
    const baseUrl = settings[`${prefix}_BASE_URL`];
    if (secret === undefined && baseUrl === undefined) continue;
    providers[slug] = { ...(secret === undefined ? {} : { secret }), ...(baseUrl === undefined ? {} : { baseUrl }) };
  }
  return providers;
}

/** Names that look like ours and are not: most often a slip of the pen. */
function unknownSettings(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('WEIR_') && !(name in settingsSchema.shape) && !FOREIGN.test(name))
    .sort();
}

/** What the documents say of a setting. Throws when the schema lacks it, which a test would see first. */
export function factsOf(name: SettingName): {
  group: string;
  description: string;
  secret?: true;
  defaultText?: string;
} {
  const facts = settingFacts.get(settingsSchema.shape[name]);
  if (facts === undefined) throw new Error(`${name} has no facts`);
  return facts;
}
