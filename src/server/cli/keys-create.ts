// Owns: `weir keys create`: one new virtual key, shown once. Not: its row (key-rows.ts).

import type { SeedClient } from '../../database/seeds/seed-client.ts';
import type { KeyEnvironment } from '../../primitives/virtual-key.ts';
import { insertKey } from '../key-rows.ts';
import { asService } from '../lifecycle/start.ts';
import { type CommandContext, CommandError } from './command-context.ts';
import { withCommandDatabase } from './command-database.ts';

/** Options as they were typed. */
export interface KeysCreateOptions {
  readonly organization: string;
  readonly user?: string;
  readonly name: string;
  readonly environment: string;
  readonly rpm?: string;
  readonly tpm?: string;
  readonly expires?: string;
  readonly actForMembers?: true;
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const SLUGS_SHOWN = 10;

/** Makes the key and prints it. Throws `CommandError` on options that don't fit. */
export async function keysCreate(context: CommandContext, options: KeysCreateOptions): Promise<void> {
  const { clock, random, print, tell } = context;
  const nowMs = clock.nowMs();
  const environment = environmentOf(options.environment);
  const rpm = amountOf('--rpm', options.rpm);
  const tpm = amountOf('--tpm', options.tpm);
  const expiresAtMs = options.expires === undefined ? undefined : expiryOf(options.expires, nowMs);
  await withCommandDatabase(context, ({ url }) =>
    asService(url, async (client) => {
      const organization = await findOrganization(client, options.organization);
      const key = await insertKey(client, {
        organizationId: organization.id,
        email: options.user ?? null,
        name: options.name,
        environment,
        canActForMembers: options.actForMembers === true,
        nowMs,
        random,
        ...(rpm === undefined ? {} : { requestsPerMinute: rpm }),
        ...(tpm === undefined ? {} : { tokensPerMinute: tpm }),
        ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
      }).catch((error: unknown) => {
        if (error instanceof Error && error.message.includes('is no member')) throw new CommandError(error.message);
        throw error;
      });
      print(key);
      const until = expiresAtMs === undefined ? '' : `, until ${new Date(expiresAtMs).toISOString()}`;
      tell(`A ${environment} key for ${organization.slug}${until}. It is shown this once: Weir keeps its hash alone.`);
    }),
  );
}

function environmentOf(text: string): KeyEnvironment {
  if (text === 'test' || text === 'live') return text;
  throw new CommandError('--environment is test or live');
}

function amountOf(option: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new CommandError(`${option} is a whole number above 0`);
  return BigInt(text);
}

function expiryOf(text: string, nowMs: number): number {
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const atMs = count === undefined ? Date.parse(text) : nowMs + Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  if (!(atMs > nowMs)) throw new CommandError('--expires is a span (90m, 12h, 30d) or a date that is still to come');
  return atMs;
}

async function findOrganization(client: SeedClient, slug: string): Promise<{ id: string; slug: string }> {
  const { rows } = await client.query<{ id: string; slug: string }>(
    'select id, slug from weir.organizations where slug = $1 or id::text = $1',
    [slug],
  );
  if (rows[0]) return rows[0];
  const others = await client.query<{ slug: string }>(
    'select slug from weir.organizations order by created_at limit $1',
    [SLUGS_SHOWN],
  );
  const known = others.rows.map((row) => row.slug).join(', ');
  throw new CommandError(`there is no organization ${slug}${known === '' ? '' : `; there are ${known}`}`);
}
