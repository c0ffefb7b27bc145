// Proves: what calls come to is told as product events exactly once, whether they came by a key or by a chat, together with what domains tell, in one order that does
// not change; read forward without loss, and by platform people newest first.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRODUCT_EVENTS, type ProductEventName } from '../../contracts/product-events.ts';
import { createEventStream, placeOf } from '../../control/events/index.ts';
import { createDatabase, type Database } from '../../database/pool.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createApiChats } from '../testing/api-chat.ts';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { type ApiPerson, createApiPerson } from '../testing/api-person.ts';
import { PATIENCE_MS } from '../testing/calls.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

const PREMIUM = 'gpt-4o';
const LIMITED = 'llama-3.1-8b';
const SANDBOX = 'sandbox-chat';

let server: TestServer;
let home: ApiOrganization;
let root: ApiPerson;
let database: Database;
beforeAll(async () => {
  server = await startTestServer();
  home = await createApiOrganization(server);
  root = await createApiPerson(server, { platformRole: 'platform_admin' });
  const url = server.environment.DATABASE_URL ?? '';
  const limits = { max: 2, applicationName: 'product events', statementTimeoutMs: 0 };
  database = createDatabase({ url, role: 'weir_service', ...limits });
});
afterAll(async () => {
  await database.close();
  await server.close();
});

const chats = createApiChats(() => server);

interface Told {
  readonly name: string;
  readonly properties: Record<string, unknown>;
}

/** Somebody with a key of their own, and what is told of them. */
async function arrive() {
  const person = await home.join('member');
  const made = await person.request('POST', '/api/api-keys', { body: { name: 'Own' } });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const send = async (model: string): Promise<number> => {
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${made.body.data.secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
    });
    await response.text();
    return response.status;
  };
  const told = async (): Promise<Told[]> => {
    const { rows } = await server.owner.query(
      'select name, properties from weir.product_events where user_id = $1 order by at, name',
      [person.userId],
    );
    return rows;
  };
  /** Calls are booked behind their answers: what is expected comes, and nothing besides. */
  const tells = (expected: readonly Told[]) => expect.poll(told, { timeout: PATIENCE_MS }).toEqual(expected);
  return { person, send, told, tells };
}

const sent = (model: string, more: Record<string, unknown> = {}): Told => ({
  name: 'model_message_sent',
  properties: { model_id: model, persona_id: null, is_default: false, is_override: false, is_trial: false, ...more },
});
const trial = (name: 'model_trial_started' | 'model_trial_message_used', remaining: number): Told => ({
  name,
  properties: { model_id: PREMIUM, messages_remaining: remaining },
});
const firstTrial = [
  sent(PREMIUM, { is_trial: true }),
  trial('model_trial_message_used', 1),
  trial('model_trial_started', 1),
];
const secondTrial = [sent(PREMIUM, { is_trial: true }), trial('model_trial_message_used', 0)];
const expired: Told = { name: 'model_trial_expired_prompt', properties: { model_id: PREMIUM, price_cents: 299 } };

describe('a call by a key', () => {
  it('is a message, of the default model where it is that', async () => {
    const { person, send, tells } = await arrive();
    expect(await send(SANDBOX)).toBe(200);
    await tells([sent(SANDBOX)]);
    const body = { defaultModelId: SANDBOX };
    expect((await person.request('PATCH', '/api/profile/model-preferences', { body })).status).toBe(200);
    const saved = { model_id: SANDBOX, persona_id: null, is_default: true, is_override: false, is_trial: false };
    await tells([
      sent(SANDBOX, { is_default: true }),
      { name: 'model_preference_saved', properties: { model_id: SANDBOX, persona_ids: [] } },
      { name: 'model_selected', properties: saved },
    ]);
  });

  it('of a trial tells the start, each message with what is left, and the end', async () => {
    const { send, tells } = await arrive();
    expect(await send(PREMIUM)).toBe(200);
    await tells(firstTrial);
    expect(await send(PREMIUM)).toBe(200);
    await tells([...firstTrial, ...secondTrial]);
    expect(await send(PREMIUM)).toBe(403);
    await tells([...firstTrial, ...secondTrial, expired]);
  });

  it('beyond the messages of the day tells the limit and its end', async () => {
    const { send, told, tells } = await arrive();
    await server.owner.query('update weir.models set rate_limit_messages_per_day = 1 where id = $1', [LIMITED]);
    await expect.poll(async () => (await send(LIMITED)) === 429, { timeout: PATIENCE_MS }).toBe(true);
    await expect.poll(async () => (await told()).at(-1)?.name, { timeout: PATIENCE_MS }).toBe('model_rate_limit_hit');
    const calls = (await told()).filter(({ name }) => name === 'model_message_sent');
    const hit = { model_id: LIMITED, limit: 1, resets_at: expect.stringMatching(/T00:00:00\.000Z$/) };
    await tells([...calls, { name: 'model_rate_limit_hit', properties: hit }]);
    await server.owner.query('update weir.models set rate_limit_messages_per_day = null where id = $1', [LIMITED]);
  });

  it('that failed, or was refused for something else, is no event', async () => {
    const { send, tells, told } = await arrive();
    expect(await send('no-such-model')).toBe(404);
    expect(await send(SANDBOX)).toBe(200);
    await tells([sent(SANDBOX)]);
    expect(await told()).toHaveLength(1);
  });
});

describe('a chat', () => {
  it('is told as its call is, once, with the choice of the model', async () => {
    const { person, tells, told } = await arrive();
    const body = { message: 'Hello', model: PREMIUM };
    const selected: Told = {
      name: 'model_selected',
      properties: { model_id: PREMIUM, persona_id: null, is_default: false, is_override: false, is_trial: true },
    };
    await chats.chat(person, body);
    await expect.poll(async () => (await told()).length, { timeout: PATIENCE_MS }).toBe(4);
    expect(await told()).toEqual(expect.arrayContaining([...firstTrial, selected]));
    await chats.chat(person, body);
    expect((await chats.refused(person, body)).body.code).toBe('trial_exhausted');
    await expect.poll(async () => (await told()).length, { timeout: PATIENCE_MS }).toBe(8);
    expect((await told()).at(-1)).toEqual(expired);
    const stored = await server.owner.query('select distinct name from weir.analytics_events where user_id = $1', [
      person.userId,
    ]);
    expect(stored.rows).toEqual([{ name: 'model_selected' }]);
    await tells(await told());
  });
});

describe('the stream', () => {
  const stream = () => createEventStream({ database, clock: systemClock, settleMs: 0 });
  const rollUp = () => server.owner.query(`select * from weir.roll_up_usage(200000, '0 seconds')`);
  const all = async () => {
    const found = [];
    let place = placeOf(0);
    for (;;) {
      const { events, next, unknown } = await stream().read(place, 3);
      expect(unknown).toBe(0);
      found.push(...events);
      if (events.length < 3) return { found, next };
      place = next;
    }
  };

  it('ends where it is whole, has each event once in order, typed, and goes on where it ended', async () => {
    const { send, tells, person } = await arrive();
    expect(await send(PREMIUM)).toBe(200);
    await tells(firstTrial);
    const line = async () => {
      await rollUp();
      const { rows } = await server.owner.query(
        `select weir.usage_folded_to() > max(at) as "isPast" from weir.product_events where user_id = $1`,
        [person.userId],
      );
      return rows[0].isPast;
    };
    await expect.poll(line, { timeout: PATIENCE_MS }).toBe(true);
    const { found, next } = await all();
    const { rows } = await server.owner.query<{ id: string }>(
      'select id from weir.product_events where at < weir.usage_folded_to() order by at, id',
    );
    expect(found.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    for (const { name, properties } of found)
      expect(PRODUCT_EVENTS[name satisfies ProductEventName].parse(properties)).toEqual(properties);
    expect(found.filter(({ userId }) => userId === person.userId)).toHaveLength(3);
    expect((await stream().read(next, 10)).events).toEqual([]);
    expect(await send(SANDBOX)).toBe(200);
    const later = async () => {
      await rollUp();
      return (await stream().read(next, 10)).events.map(({ name, userId }) => [name, userId]);
    };
    await expect.poll(later, { timeout: PATIENCE_MS }).toEqual([['model_message_sent', person.userId]]);
  });

  it('is read newest first, page by page, by name and organization', async () => {
    const ask = (query: string) => root.request('GET', `/api/admin/product-events?${query}`);
    const pages = async (query: string) => {
      const found: { id: string; at: string; name: string; organization_id: string }[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page = await ask(`${query}&limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`);
        expect(page.status, JSON.stringify(page.body)).toBe(200);
        found.push(...page.body.data);
        cursor = page.body.next_cursor;
      }
      return found;
    };
    const whole = await pages(`organization=${home.id}`);
    const { rows } = await server.owner.query<{ id: string }>(
      'select id from weir.product_events where organization_id = $1 order by at desc, id desc',
      [home.id],
    );
    expect(whole.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    const some = await pages(`organization=${home.id}&name=model_trial_started`);
    expect(some).toEqual(whole.filter(({ name }) => name === 'model_trial_started'));
    expect(some.length).toBeGreaterThan(1);
    const stranger = home.stranger.userId;
    expect((await ask(`organization=${stranger}`)).body.data).toEqual([]);
    expect((await ask('to=2020-01-01T00:00:00Z')).body.data).toEqual([]);
    const faulty = await ask('from=2020-01-01T00:00:00Z');
    expect([faulty.status, faulty.body.errors[0].path]).toEqual([400, 'from']);
    expect((await ask('name=unheard_of')).status).toBe(400);
    expect((await home.owner.request('GET', '/api/admin/product-events')).status).toBe(403);
  });
});
