// Owns: the one schema of every setting: its name in the environment, form, default and what it does. Not: reading the environment or the rules
// between settings (config.ts), or the documents made from it (settings-documents.ts).

import { z } from 'zod';
import { parseMasterKey } from '../../database/secrets/master-key.ts';
import { HOLD_TTL_MS, REQUEST_BODY_MAX } from '../../gateway/limits.ts';
import { rhythmOfCron } from '../../jobs/index.ts';
import { PATIENCE_MS as LEDGER_PATIENCE_MS } from '../../ledger/store/lane.ts';
import { parseSender } from '../../mail/mail-message.rules.ts';
import { parseSmtpUrl } from '../../mail/mail-transport.ts';
import { familyOf, isNetwork } from '../../network/address.rules.ts';
import { isDnsServer } from '../../network/dns-resolver.ts';
import { isAllowEntry, splitAllowList } from '../../network/outbound-allow.ts';

/** What the documents say of a setting. */
export interface SettingFacts {
  readonly group: string;
  readonly description: string;
  /** Its value is never printed. */
  readonly secret?: true;
  /** In words, where the default is no fixed text. */
  readonly defaultText?: string;
}

/** Facts by schema. */
export const settingFacts = z.registry<SettingFacts>();

const text = z.string().max(4_096, 'is longer than 4,096 characters');

/** A whole number; the message names the bounds and never the value. */
function whole(least: number, most: number): z.ZodType<number, string> {
  return text.transform((value, context) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    context.issues.push({
      code: 'custom',
      input: value,
      message: `must be a whole number from ${least} to ${most}`,
    });
    return z.NEVER;
  });
}

/** `on` or `off`; also true/false, yes/no and 1/0, which other tools' files have. */
const flag = z.stringbool({
  truthy: ['on', 'true', 'yes', '1'],
  falsy: ['off', 'false', 'no', '0'],
  error: 'must be on or off',
});

const databaseUrl = text.regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://');

const baseUrl = text.refine(isPlainHttpUrl, 'must be an http or https URL without user, query or fragment');

const providerKey = text.regex(/^[\x21-\x7e]+$/, 'has characters that a header cannot hold');

const masterKey = text.refine(isMasterKey, 'must be 32 bytes in hex or base64; make one with: openssl rand -base64 32');

function choice<const Values extends readonly [string, ...string[]]>(
  values: Values,
): z.ZodType<Values[number], string> {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` }) as unknown as z.ZodType<
    Values[number],
    string
  >;
}

function isPlainHttpUrl(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

function isMasterKey(value: string): boolean {
  try {
    parseMasterKey(value, 'WEIR_MASTER_KEY');
    return true;
  } catch {
    return false;
  }
}

/** A list in one text, by comma. */
export function splitList(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function isProxy(value: string): boolean {
  return value === 'loopback' || familyOf(value) !== 0 || isNetwork(value);
}

function isOrigin(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && /^https?:$/.test(url.protocol) && (value === url.origin || value === `${url.origin}/`);
}

const signIn = (description: string, rest: Partial<SettingFacts> = {}): SettingFacts => ({
  group: 'Sign-in',
  description,
  ...rest,
});
const listening = (description: string, rest: Partial<SettingFacts> = {}): SettingFacts => ({
  group: 'Listening',
  description,
  ...rest,
});
const database = (description: string, rest: Partial<SettingFacts> = {}): SettingFacts => ({
  group: 'Database and secrets',
  description,
  ...rest,
});
const provider = (description: string, rest: Partial<SettingFacts> = {}): SettingFacts => ({
  group: 'Providers',
  description,
  ...rest,
});
const running = (description: string, rest: Partial<SettingFacts> = {}): SettingFacts => ({
  group: 'Running',
  description,
  ...rest,
});
const mail = (description: string, rest: Partial<SettingFacts> = {}): SettingFacts => ({
  group: 'Mail',
  description,
  ...rest,
});
const outbound = (description: string, rest: Partial<SettingFacts> = {}): SettingFacts => ({
  group: 'Reaching out',
  description,
  ...rest,
});
const bounds = (description: string): SettingFacts => ({ group: 'Bounds', description });

const vendorKey = (vendor: string) =>
  providerKey
    .optional()
    .register(settingFacts, provider(`Key for ${vendor}; its models then go to the vendor itself.`, { secret: true }));
const vendorBase = (vendor: string) =>
  baseUrl
    .optional()
    .register(settingFacts, provider(`Another address for ${vendor}, with its version path (\`https://…/v1\`).`));

/** Every setting, by its name in the environment. Values are texts; an empty one counts as not set. */
export const settingsSchema = z.object({
  WEIR_MODE: choice(['development', 'production'])
    .optional()
    .register(
      settingFacts,
      running(
        '`production` leaves out the demo world and the sandbox, and refuses settings that are only good for trying Weir.',
        { defaultText: '`production` when NODE_ENV is `production`, else `development`' },
      ),
    ),
  NODE_ENV: text.optional().register(settingFacts, running('Read only when WEIR_MODE is not set.')),
  WEIR_DIRECTORY: text
    .default('.weir')
    .register(settingFacts, running('Folder of everything Weir keeps, from where it is started.')),
  WEIR_DEMO: flag.optional().register(
    settingFacts,
    running('Seed the demo world on the first start. Not possible in production.', {
      defaultText: '`on` in development, `off` in production',
    }),
  ),
  WEIR_LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .register(settingFacts, running('Least level that is logged; a call is one line at `info`.')),
  WEIR_LOG_FORMAT: choice(['json', 'text'])
    .optional()
    .register(
      settingFacts,
      running('`json`: a line of JSON an entry; `text`: for people.', {
        defaultText: '`text` in development, `json` in production',
      }),
    ),
  WEIR_METRICS_TOKEN: text
    .min(16, 'must have at least 16 characters')
    .optional()
    .register(settingFacts, running('When set, `/metrics` asks for it: `Authorization: Bearer …`.', { secret: true })),
  WEIR_DRAIN_DELAY_MS: whole(0, 600_000)
    .optional()
    .register(
      settingFacts,
      running(
        'How long a stopping server still takes requests while `/readyz` says no, so that load balancers notice.',
        {
          defaultText: '`0` in development, `5000` in production',
        },
      ),
    ),
  WEIR_GRACE_PERIOD_MS: whole(0, 3_600_000)
    .default(30_000)
    .register(settingFacts, running('How long running calls may take to end after that; then they are cut.')),

  HOST: text
    .default('127.0.0.1')
    .register(settingFacts, listening('Address to listen on; `0.0.0.0` for every interface.')),
  PORT: whole(0, 65_535).default(8787).register(settingFacts, listening('Port to listen on; `0` takes a free one.')),
  WEIR_TRUST_PROXY: text
    .refine((value) => splitList(value).every(isProxy), 'must be a list of addresses, networks or loopback')
    .optional()
    .register(
      settingFacts,
      listening('Proxies whose `X-Forwarded-For` is believed: addresses or networks, by comma.', {
        defaultText: 'none',
      }),
    ),

  WEIR_PUBLIC_URL: text
    .refine(isOrigin, 'must be a scheme and host such as https://weir.example, without a path')
    .optional()
    .register(
      settingFacts,
      signIn(
        'Where people reach Weir: in links of mails, for cookies (https makes them secure) and as trusted origin.',
        {
          defaultText: '`http://localhost` with the port',
        },
      ),
    ),
  WEIR_TRUSTED_ORIGINS: text
    .refine((value) => splitList(value).every(isOrigin), 'must be origins such as https://app.example, by comma')
    .optional()
    .register(
      settingFacts,
      signIn('Other origins whose pages may change things with a session: your own front ends, by comma.', {
        defaultText: 'none',
      }),
    ),
  WEIR_EMAIL_VERIFICATION: choice(['required', 'off'])
    .optional()
    .register(
      settingFacts,
      signIn('Whether an address must be verified by mail before its first sign-in.', {
        defaultText: '`required` where mail can be sent, else `off`',
      }),
    ),
  GOOGLE_CLIENT_ID: text.optional().register(settingFacts, signIn('Sign-in with Google: the OAuth client.')),
  GOOGLE_CLIENT_SECRET: text
    .optional()
    .register(settingFacts, signIn('Sign-in with Google: its secret.', { secret: true })),
  WEIR_OIDC_ISSUER: baseUrl
    .optional()
    .register(settingFacts, signIn('Sign-in with an OpenID provider of your own: its issuer URL, for discovery.')),
  WEIR_OIDC_CLIENT_ID: text.optional().register(settingFacts, signIn('The client there.')),
  WEIR_OIDC_CLIENT_SECRET: text.optional().register(settingFacts, signIn("The client's secret.", { secret: true })),
  WEIR_OIDC_NAME: text.default('Single sign-on').register(settingFacts, signIn('What the button for it says.')),

  DATABASE_URL: databaseUrl.optional().register(
    settingFacts,
    database('A PostgreSQL 15 or newer, as a login that is a member of `weir_runtime`.', {
      secret: true,
      defaultText: 'the embedded PostgreSQL',
    }),
  ),
  DATABASE_MIGRATION_URL: databaseUrl.optional().register(
    settingFacts,
    database('The login that migrates: a superuser, or one with CREATEROLE that may create schemas.', {
      secret: true,
      defaultText: 'DATABASE_URL in development; in production migrations then run by `weir migrate` alone',
    }),
  ),
  WEIR_DATABASE_POOL_SIZE: whole(2, 200)
    .default(10)
    .register(settingFacts, database('Connections for facts and idempotency keys, besides those of the ledger.')),
  WEIR_MASTER_KEY: masterKey.optional().register(
    settingFacts,
    database('32 bytes, in hex or base64, that encrypt stored secrets. The same on every replica.', {
      secret: true,
      defaultText: 'made in the folder on the first start; required in production with DATABASE_URL',
    }),
  ),
  WEIR_MASTER_KEY_PREVIOUS: masterKey
    .optional()
    .register(
      settingFacts,
      database(
        'The key before WEIR_MASTER_KEY, while `weir keys rotate-master` is not through: what it sealed still opens.',
        { secret: true },
      ),
    ),
  WEIR_LEDGER_LANES: whole(1, 64)
    .default(2)
    .register(settingFacts, database('Batches of the ledger that may be in flight at once; a connection each.')),
  WEIR_LEDGER_PATIENCE_MS: whole(100, 600_000)
    .default(LEDGER_PATIENCE_MS)
    .register(
      settingFacts,
      database('How long a call waits for the ledger before it is refused with 503. Clients try again then.'),
    ),
  WEIR_SWEEP_INTERVAL_MS: whole(100, 600_000)
    .default(5_000)
    .register(settingFacts, database('How often expired holds are looked for.')),
  WEIR_JOBS: flag
    .default(true)
    .register(
      settingFacts,
      database('Whether this process runs background jobs. At least one of all replicas has to; any number may.'),
    ),
  WEIR_HOLD_TTL_MS: whole(1_000, 86_400_000)
    .default(HOLD_TTL_MS)
    .register(settingFacts, database('How long a hold lives that nobody settles. Longer than the longest call.')),

  WEIR_BACKUP_DIRECTORY: text.optional().register(
    settingFacts,
    database('Folder for backups, best on another disk. The master key is not in them: keep it elsewhere.', {
      defaultText: 'no backups but by `weir backup`',
    }),
  ),
  WEIR_BACKUP_SCHEDULE: text
    .refine((value) => rhythmOfCron(value) !== null, 'must be cron, as 30 * * * *, 30 2 * * * or 30 2 * * 0')
    .default('30 2 * * *')
    .register(settingFacts, database('When backups are made, as cron, in UTC: once an hour, a day or a week.')),
  WEIR_BACKUP_RETENTION_DAYS: whole(1, 3_650)
    .default(14)
    .register(settingFacts, database('Backups older than this are removed; the newest one stays in any case.')),

  OPENAI_API_KEY: vendorKey('OpenAI'),
  OPENAI_BASE_URL: vendorBase('OpenAI'),
  ANTHROPIC_API_KEY: vendorKey('Anthropic'),
  ANTHROPIC_BASE_URL: vendorBase('Anthropic'),
  GOOGLE_API_KEY: vendorKey('Google'),
  GOOGLE_BASE_URL: vendorBase("Google's OpenAI-compatible endpoint"),
  TOGETHER_API_KEY: vendorKey('Together'),
  TOGETHER_BASE_URL: vendorBase('Together'),
  WEIR_SANDBOX: flag.optional().register(
    settingFacts,
    provider('The built-in sandbox: serves its own models, and those of vendors without a key. Labelled as such.', {
      defaultText: '`on` in development, `off` in production',
    }),
  ),

  WEIR_SMTP_URL: text
    .refine(
      (value) => parseSmtpUrl(value) !== null,
      'must be smtp://user:password@host:587 or smtps://…, with ?tls=off at most',
    )
    .optional()
    .register(
      settingFacts,
      mail(
        'The mail server: `smtp://` takes TLS where it is offered, and insists on it before a password leaves the machine; `smtps://` begins with it.',
        { secret: true, defaultText: 'mail is kept in the database, for `weir mail` to read' },
      ),
    ),
  WEIR_MAIL_FROM: text
    .refine((value) => parseSender(value) !== null, 'must be an address, or Name <address>')
    .optional()
    .register(settingFacts, mail('Who mail comes from: `Weir <weir@example.com>`. Required with WEIR_SMTP_URL.')),

  WEIR_OUTBOUND_ALLOW: text
    .refine(
      (value) => splitAllowList(value).every(isAllowEntry),
      'must be a list of hosts, hosts with a port, addresses or networks',
    )
    .optional()
    .register(
      settingFacts,
      outbound(
        'What tenants may name besides the public internet on ports 80 and 443, by comma: hosts (`ollama.lan:11434`), addresses, networks (`10.1.0.0/16`).',
        { defaultText: 'nothing' },
      ),
    ),
  WEIR_DNS_SERVERS: text
    .refine(
      (value) => splitAllowList(value).every(isDnsServer),
      'must be a list of addresses, with a port where it is not 53',
    )
    .optional()
    .register(
      settingFacts,
      outbound('DNS servers that are asked for names of tenants, by comma.', { defaultText: "the machine's own" }),
    ),

  WEIR_BODY_BYTES_MAX: whole(1_024, 268_435_456)
    .default(REQUEST_BODY_MAX)
    .register(settingFacts, bounds('Largest request body.')),
  WEIR_HEADER_BYTES_MAX: whole(4_096, 262_144)
    .default(16_384)
    .register(settingFacts, bounds('All headers of a request together; beyond it 431.')),
  WEIR_HEADERS_TIMEOUT_MS: whole(100, 600_000)
    .default(10_000)
    .register(settingFacts, bounds('How long the headers of a request may take to come.')),
  WEIR_REQUEST_TIMEOUT_MS: whole(100, 3_600_000)
    .default(60_000)
    .register(settingFacts, bounds('How long a whole request may take to come.')),
  WEIR_KEEP_ALIVE_TIMEOUT_MS: whole(1_000, 3_600_000)
    .default(75_000)
    .register(settingFacts, bounds("How long an idle connection is kept; longer than the load balancer's own time.")),
  WEIR_CONNECTIONS_MAX: whole(1, 1_000_000)
    .default(20_000)
    .register(settingFacts, bounds('Connections at once; further ones are closed.')),
});

/** Every setting as it was read. */
export type Settings = z.output<typeof settingsSchema>;
/** The name of a setting. */
export type SettingName = keyof typeof settingsSchema.shape;
