// Owns: that a developer's folder has a demo.json that works: the demo world seeded once, its only plain copy of keys written at once, new keys where the
// copy is gone. Not: what is in the demo world (database/seeds).

import type { PlanSlug } from '../../contracts/enumerations.ts';
import { demoOrganizations, demoUsers } from '../../database/seeds/demo/demo-people.ts';
import { createDemoPassword } from '../../database/seeds/demo/demo-secrets.ts';
import { type DemoUserName, type DemoWorld, hashPassword, seedDemo } from '../../database/seeds/index.ts';
import type { SeedClient } from '../../database/seeds/seed-client.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import { hashVirtualKey } from '../../primitives/virtual-key.ts';
import { insertKey } from '../key-rows.ts';
import { type DemoFile, readDemoFile, writeDemoFile } from './state-files.ts';

/** What preparing needs. */
export interface DemoOptions {
  /** As `weir_service`, outside any transaction. */
  readonly client: SeedClient;
  readonly directory: string;
  readonly url: string;
  /** The database is this folder's alone: then passwords that nobody knows any more are made anew as well. */
  readonly isSoleOwner: boolean;
  readonly clock: Clock;
  readonly random: Random;
}

/** Servers of one folder prepare it one after the other ("dfil" in ASCII). */
const FILE_LOCK = 0x6466696c;

/**
 * Seeds the demo world where it is missing and gives a file that fits the database, written to the folder. A file that is there and fits stays as it is but
 * for its URL. Where another folder has the only copy, new keys are added and nobody's are taken away; passwords stay unknown then (empty).
 */
export async function prepareDemo(options: DemoOptions): Promise<DemoFile> {
  const { client, directory, url } = options;
  await client.query('select pg_advisory_lock($1)', [FILE_LOCK]);
  try {
    const world = await seedDemo(client, options);
    const present = world === undefined ? await readDemoFile(directory) : null;
    if (present !== null && (await fits(client, present))) {
      const file = { ...present, url };
      if (present.url !== url) await writeDemoFile(directory, file);
      return file;
    }
    const file = { url, ...(world ?? (await issueAnew(options))) };
    await writeDemoFile(directory, file);
    return file;
  } finally {
    await client.query('select pg_advisory_unlock($1)', [FILE_LOCK]);
  }
}

/** Whether a file is of this database and its keys still work. */
async function fits(client: SeedClient, file: DemoFile): Promise<boolean> {
  const keys = Object.values(file.keys).filter((key) => typeof key === 'string');
  const { rows } = await client.query(
    `select k.id from weir.virtual_keys k join weir.organizations o on o.id = k.organization_id
      where k.key_hash = any ($1) and k.revoked_at is null`,
    [keys.map(hashVirtualKey)],
  );
  return rows.length === demoOrganizations.length;
}

/** A key more for each organization; passwords too, where nobody else can be using them. */
async function issueAnew({ client, isSoleOwner, clock, random }: DemoOptions): Promise<DemoWorld> {
  const { rows } = await client.query<{ id: string; slug: string }>(
    'select id, slug from weir.organizations where slug = any ($1)',
    [demoOrganizations.map(({ slug }) => slug)],
  );
  const idOf = new Map(rows.map(({ slug, id }) => [slug, id]));
  const organizations: Partial<DemoWorld['organizations']> = {};
  const keys: Partial<DemoWorld['keys']> = {};
  for (const { plan, slug } of demoOrganizations) {
    const id = idOf.get(slug);
    if (id === undefined) continue;
    organizations[plan] = { id, slug };
    keys[plan] = await insertKey(client, {
      organizationId: id,
      email: adminOf(plan),
      name: 'Demo key',
      environment: 'test',
      canActForMembers: true,
      nowMs: clock.nowMs(),
      random,
    });
  }
  const users: Partial<DemoWorld['users']> = {};
  for (const { key, email } of demoUsers) {
    users[key] = { email, password: isSoleOwner ? await renewPassword(client, email, random) : '' };
  }
  // Every name has been gone over; organizations that somebody removed are left out of a developer's file.
  return { users, organizations, keys } as DemoWorld;
}

function adminOf(plan: PlanSlug): string {
  const name: DemoUserName = `${plan}Admin`;
  return demoUsers.find(({ key }) => key === name)?.email ?? '';
}

async function renewPassword(client: SeedClient, email: string, random: Random): Promise<string> {
  const password = createDemoPassword(random);
  await client.query(
    `update weir.accounts a set password = $2 from weir.users u
      where u.id = a.user_id and u.email = $1 and a.provider_id = 'credential'`,
    [email, await hashPassword(password, random)],
  );
  return password;
}
