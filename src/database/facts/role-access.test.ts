// Owns: the proof of what the run-time roles of the data plane and the control plane may not do. Not: people (access.test.ts).

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withPlatform } from '../principal.ts';
import { createDemoDatabase, type DemoDatabase } from './testing/demo-database.ts';

let demo: DemoDatabase;

beforeAll(async () => {
  demo = await createDemoDatabase();
  await demo.owner.query(`insert into weir.provider_credentials (id, provider_id, label, ciphertext, key_id, origin, last_four)
    select gen_random_uuid(), p.id, 'platform', 'secret', 'k', 'https://api.openai.com', 'abcd'
    from weir.providers p where p.slug = 'openai'`);
});

afterAll(() => demo.close());

describe('the gateway', () => {
  async function asGateway(query: string): Promise<unknown[]> {
    return demo.runtime.kysely.transaction().execute(async (tx) => {
      await sql`select set_config('role', 'weir_gateway', true)`.execute(tx);
      return (await sql.raw<Record<string, unknown>>(query).execute(tx)).rows;
    });
  }

  test.each([
    'select ciphertext from weir.provider_credentials',
    'select ciphertext from weir.template_endpoint_secrets',
    'select email from weir.users',
    'select 1 from weir.sessions',
    'select 1 from weir.accounts',
    'select 1 from weir.audit_logs',
    'select 1 from weir.purchases',
    'update weir.virtual_keys set revoked_at = null',
    "update weir.organizations set status = 'active'",
    'update weir.credit_grants set remaining = initial',
    'delete from weir.virtual_keys',
    "select weir.grant_credits(gen_random_uuid(), 'x', 1, 'admin', '', null, now(), null)",
  ])('is refused: %s', async (query) => {
    await expect(asGateway(query)).rejects.toMatchObject({ code: '42501' });
  });

  test('reads one secret at a time by the one function, and none that was revoked', async () => {
    const { rows } = await demo.owner.query<{ id: string }>(
      "select id from weir.provider_credentials where label = 'platform'",
    );
    const query = `select ciphertext, key_id, origin from weir_private.provider_credential_secret('${rows[0]?.id}')`;
    expect(await asGateway(query)).toEqual([
      { ciphertext: Buffer.from('secret'), key_id: 'k', origin: 'https://api.openai.com' },
    ]);
    await demo.owner.query("update weir.provider_credentials set status = 'revoked' where label = 'platform'");
    expect(await asGateway(query)).toEqual([]);
    await demo.owner.query("update weir.provider_credentials set status = 'active' where label = 'platform'");
  });

  test('marks the last use of a key, and reads the facts of every organization', async () => {
    expect(await asGateway('update weir.virtual_keys set last_used_at = now() returning id')).toHaveLength(4);
    expect(await asGateway('select id from weir.organizations')).toHaveLength(4);
  });
});

describe('the control plane', () => {
  test.each([
    'update weir.credit_grants set remaining = initial',
    "insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount) select gen_random_uuid(), id, 'x', 'grant', 1 from weir.organizations",
    "update weir.audit_logs set action = 'x'",
    'delete from weir.audit_logs',
    'update weir.model_prices set request_nano_usd = 0',
    'update weir.fact_versions set version = 1',
  ])('is refused: %s', async (query) => {
    await expect(withPlatform(demo.runtime, 'test', (tx) => sql.raw(query).execute(tx))).rejects.toMatchObject({
      code: '42501',
    });
  });

  test('grants credits once a reference, lot and entry together', async () => {
    const grant = `select weir.grant_credits('${demo.world.organizations.pro.id}', 'goal_generation', 5, 'top_up', 'pack-1', null, now(), null) as lot`;
    const lots = await withPlatform(demo.runtime, 'test', async (tx) => [
      await sql.raw<{ lot: string | null }>(grant).execute(tx),
      await sql.raw<{ lot: string | null }>(grant).execute(tx),
    ]);
    expect(lots[0]?.rows[0]?.lot).toMatch(/^[0-9a-f-]{36}$/);
    expect(lots[1]?.rows[0]?.lot).toBeNull();
    const { rows } = await demo.owner.query("select amount, kind from weir.credit_ledger where reason = 'top_up'");
    expect(rows).toEqual([{ amount: '5', kind: 'grant' }]);
  });
});
