// Proves: people choose among models that can serve them and no others; personas show which model serves and why, as the gateway then does; profiles are one's own.

import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { addModel, insertRow, newId } from '../../gateway/testing/tenants.ts';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { type ApiPerson, createApiPerson, createApiSession, requestApi, UNKNOWN_ID } from '../testing/api-person.ts';
import { PATIENCE_MS } from '../testing/calls.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

const PATIENCE = { timeout: PATIENCE_MS } as const;
const PREFERENCES = '/api/profile/model-preferences';
let server: TestServer;
let place: ApiOrganization;
let root: ApiPerson;
const mentor = newId();
beforeAll(async () => {
  server = await startTestServer();
  place = await createApiOrganization(server);
  root = await createApiPerson(server, { platformRole: 'superadmin' });
  for (const id of ['one', 'two', 'three']) await addModel(server.owner, id);
  await addModel(server.owner, 'off', { enabled: false });
  await addModel(server.owner, 'away', { status: 'unavailable' });
  await addModel(server.owner, 'retired', { retires_at: new Date(0) });
  await addModel(server.owner, 'vectors', { model_type: 'embedding' });
  await addModel(server.owner, 'sold', { tier: 'premium', price_cents: 299 });
  await addModel(server.owner, 'tried', { tier: 'premium', price_cents: 299, trial_messages_allowed: 2 });
  await insertRow(server.owner, 'personas', { id: mentor, slug: 'mentor', name: 'Mentor', scope: 'platform' });
});
afterAll(() => server.close());

const choose = (person: ApiPerson, body: Record<string, unknown>) => person.request('PATCH', PREFERENCES, { body });
const eventsOf = async (person: ApiPerson) => {
  const { rows } = await server.owner.query(
    'select name, properties from weir.analytics_events where user_id = $1 order by created_at, id',
    [person.userId],
  );
  return rows as { name: string; properties: Record<string, unknown> }[];
};
const switchOn = (key: string, value: string) =>
  server.owner.query(
    'insert into weir.system_config (key, value) values ($1, $2) on conflict (key) do update set value = $2',
    [key, value],
  );

describe('choosing', () => {
  it('keeps what is left out, merges overrides, and null clears', async () => {
    const person = await place.join('member');
    const saved = await choose(person, { defaultModelId: 'one', personaOverrides: { [mentor]: 'tried' } });
    expect([saved.status, saved.body]).toEqual([
      200,
      { success: true, data: { defaultModelId: 'one', personaOverrides: { [mentor]: 'tried' } } },
    ]);
    expect((await choose(person, { defaultModelId: 'two' })).body.data.personaOverrides).toEqual({ [mentor]: 'tried' });
    const listed = (await person.request('GET', '/api/models')).body.data.userPreferences;
    expect(listed).toEqual({ defaultModelId: 'two', personaOverrides: { [mentor]: 'tried' } });
    const cleared = await choose(person, { defaultModelId: null, personaOverrides: { [mentor]: null } });
    expect(cleared.body.data).toEqual({ defaultModelId: null, personaOverrides: {} });
    await choose(person, { personaOverrides: { [mentor]: 'one' } });
    expect((await choose(person, { personaOverrides: null })).body.data.personaOverrides).toEqual({});
  });

  it('is told as product events, once for each change', async () => {
    const person = await place.join('member');
    await choose(person, { defaultModelId: 'one', personaOverrides: { [mentor]: 'tried' } });
    await choose(person, { defaultModelId: 'one' });
    const events = await eventsOf(person);
    expect(events.map(({ name }) => name)).toEqual(['model_selected', 'model_selected', 'model_preference_saved']);
    expect(events.map(({ properties }) => properties)).toMatchObject([
      { model_id: 'one', persona_id: null, is_default: true, is_override: false, is_trial: false },
      { model_id: 'tried', persona_id: mentor, is_default: false, is_override: true, is_trial: true },
      { model_id: 'one', persona_ids: [mentor] },
    ]);
  });

  it.each([
    ['an unknown model', { defaultModelId: 'nothing' }, 400, 'model_not_enabled', 'defaultModelId'],
    ['a disabled model', { defaultModelId: 'off' }, 400, 'model_not_enabled', 'defaultModelId'],
    ['an unavailable model', { defaultModelId: 'away' }, 400, 'model_not_enabled', 'defaultModelId'],
    ['a retired model', { defaultModelId: 'retired' }, 400, 'model_not_enabled', 'defaultModelId'],
    ['a model that only embeds', { defaultModelId: 'vectors' }, 400, 'model_not_enabled', 'defaultModelId'],
    ['a locked model', { defaultModelId: 'sold' }, 403, 'model_locked', 'defaultModelId'],
    [
      'a locked override',
      { personaOverrides: { [mentor]: 'sold' } },
      403,
      'model_locked',
      `personaOverrides.${mentor}`,
    ],
    [
      'an unknown persona',
      { personaOverrides: { [UNKNOWN_ID]: 'one' } },
      400,
      'invalid_request',
      `personaOverrides.${UNKNOWN_ID}`,
    ],
    [
      'a persona that is no id',
      { personaOverrides: { mentor: 'one' } },
      400,
      'invalid_request',
      'personaOverrides.mentor',
    ],
    ['no text', { defaultModelId: 7 }, 400, 'invalid_request', 'defaultModelId'],
    ['another field', { userId: UNKNOWN_ID }, 400, 'invalid_request', 'userId'],
  ] as const)('%s is refused, the field named, and nothing is kept', async (_name, body, status, code, path) => {
    const refused = await choose(place.member, body);
    expect([refused.status, refused.body.code, refused.body.errors?.[0]?.path]).toEqual([status, code, path]);
    if (code === 'model_locked') expect(refused.body).toMatchObject({ price_usd: '2.99', upgrade_url: '/models/sold' });
    const { data } = (await place.member.request('GET', '/api/profile')).body;
    expect([data.defaultModelId, data.personaOverrides]).toEqual([null, {}]);
  });

  it('names every field that is at fault, what can serve nobody first', async () => {
    const { status, body } = await choose(place.member, {
      defaultModelId: 'sold',
      personaOverrides: { [mentor]: 'off' },
    });
    expect([status, body.code]).toEqual([400, 'model_not_enabled']);
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
      'defaultModelId',
      `personaOverrides.${mentor}`,
    ]);
  });

  it('refuses personas of other organizations as unknown', async () => {
    const body = { slug: 'secret', name: 'Secret' };
    const { id } = (await place.stranger.request('POST', '/api/organization-personas', { body })).body.data;
    expect((await choose(place.member, { personaOverrides: { [id]: 'one' } })).status).toBe(400);
    expect((await choose(place.stranger, { personaOverrides: { [id]: 'one' } })).status).toBe(200);
  });
});

describe('the model of a persona', () => {
  const servedTo = async (person: ApiPerson) => {
    const { body } = await person.request('GET', '/api/personas');
    return body.data.find(({ id }: { id: string }) => id === mentor).model;
  };

  it('is the override, else the persona’s, one’s default, the organization’s, the system’s; and the gateway agrees', async () => {
    const person = await place.join('member');
    const { secret } = (await person.request('POST', '/api/api-keys', { body: { name: 'Key' } })).body.data;
    const called = async (): Promise<[string | null, string | null]> => {
      const { headers } = await requestApi(server, ['POST', '/v1/chat/completions'], {
        headers: { authorization: `Bearer ${secret}`, 'x-weir-persona': 'mentor' },
        body: { model: 'auto', messages: [{ role: 'user', content: 'Hello' }] },
      });
      return [headers.get('x-weir-model'), headers.get('x-weir-fallback')];
    };
    const expectServed = async (id: string, why: string, fallback: string | null = null) => {
      expect(await servedTo(person)).toMatchObject({ id, why, fallback });
      await expect.poll(called, PATIENCE).toEqual([id, fallback]);
    };
    await expectServed('gpt-4o-mini', 'system_default');
    await place.admin.request('PUT', `/api/organizations/${place.id}`, { body: { default_model_id: 'three' } });
    await expectServed('three', 'organization_default');
    await choose(person, { defaultModelId: 'two' });
    await expectServed('two', 'user_default');
    await root.request('PATCH', `/api/personas/${mentor}`, { body: { defaultModelId: 'one' } });
    await expectServed('one', 'persona_default');
    await choose(person, { personaOverrides: { [mentor]: 'tried' } });
    await expectServed('tried', 'persona_override');

    await server.owner.query(`update weir.models set trial_messages_allowed = 0 where id = 'tried'`);
    await expectServed('one', 'persona_default', 'model_locked');
    await server.owner.query(`update weir.models set enabled = false where id = 'tried'`);
    await expectServed('one', 'persona_default', 'model_disabled');
    await server.owner.query(`update weir.models set enabled = false where id in ('one', 'two', 'three')`);
    await expectServed('gpt-4o-mini', 'system_default', 'model_disabled');
    await server.owner.query(`update weir.models set enabled = true where id in ('one', 'two', 'three', 'tried')`);
    await server.owner.query(`update weir.models set trial_messages_allowed = 2 where id = 'tried'`);
    await switchOn('force_default_model', 'true');
    await expectServed('gpt-4o-mini', 'system_default', 'default_model_forced');
    await switchOn('force_default_model', 'false');
    await root.request('PATCH', `/api/personas/${mentor}`, { body: { defaultModelId: null } });
  });

  it('is one of a provider that is switched off for nobody', async () => {
    const provider = newId();
    await insertRow(server.owner, 'providers', {
      ...{
        id: provider,
        slug: 'gone',
        name: 'Gone',
        type: 'custom',
        base_url: 'http://127.0.0.1:9/v1',
        status: 'inactive',
      },
    });
    await addModel(server.owner, 'stranded', { provider: 'gone' });
    expect((await choose(place.member, { defaultModelId: 'stranded' })).body.code).toBe('model_not_enabled');
  });
});

describe('personas', () => {
  const body = { slug: 'captain', name: 'Captain', systemPrompt: 'You are a captain.', defaultModelId: 'one' };

  it('of the platform are kept by superadmins, met by everybody without what they are told', async () => {
    const made = await root.request('POST', '/api/personas', { body });
    expect([made.status, made.body.data.scope]).toEqual([201, 'platform']);
    const { id } = made.body.data;
    const met = (await place.member.request('GET', '/api/personas')).body.data;
    expect(met.find((persona: { id: string }) => persona.id === id)).toMatchObject({
      slug: 'captain',
      name: 'Captain',
    });
    expect(JSON.stringify(met)).not.toContain('You are a captain');
    const etag = made.headers.get('etag') ?? '';
    const edit = { headers: { 'if-match': etag }, body: { isActive: false } };
    expect((await root.request('PATCH', `/api/personas/${id}`, edit)).body.data.isActive).toBe(false);
    expect((await root.request('PATCH', `/api/personas/${id}`, edit)).status).toBe(412);
    const listed = (await place.member.request('GET', '/api/personas')).body.data;
    expect(listed.some((persona: { id: string }) => persona.id === id)).toBe(false);
    expect((await root.request('GET', '/api/admin/personas')).body.data).toContainEqual(
      expect.objectContaining({ id, systemPrompt: 'You are a captain.', isActive: false }),
    );
    expect((await root.request('DELETE', `/api/personas/${id}`)).status).toBe(204);
    expect((await root.request('DELETE', `/api/personas/${id}`)).status).toBe(404);
    const { rows } = await server.owner.query(
      'select action from weir.audit_logs where target_id = $1 order by sequence',
      [id],
    );
    expect(rows.map(({ action }) => action)).toEqual(['persona.create', 'persona.update', 'persona.delete']);
  });

  it('of an organization are kept by its admins and met by its people alone', async () => {
    const path = '/api/organization-personas';
    const made = await place.admin.request('POST', path, { body });
    expect([made.status, made.body.data.scope]).toEqual([201, 'organization']);
    const { id } = made.body.data;
    const seenBy = async (person: ApiPerson): Promise<boolean> =>
      (await person.request('GET', '/api/personas')).body.data.some((persona: { id: string }) => persona.id === id);
    expect([await seenBy(place.member), await seenBy(place.stranger)]).toEqual([true, false]);
    for (const [method, body] of [['PATCH', { name: 'Mine' }], ['DELETE']] as const) {
      const request = body === undefined ? {} : { body };
      expect((await place.member.request(method, `${path}/${id}`, request)).status).toBe(403);
      expect((await place.stranger.request(method, `${path}/${id}`, request)).status).toBe(404);
      expect((await root.request(method, `/api/personas/${id}`, request)).status).toBe(404);
    }
    const first = await place.admin.request('GET', `${path}?limit=1`);
    expect(first.body.data).toMatchObject([{ id, systemPrompt: 'You are a captain.' }]);
    expect((await place.admin.request('PATCH', `${path}/${id}`, { body: { name: 'Skipper' } })).body.data.name).toBe(
      'Skipper',
    );
    expect((await place.admin.request('DELETE', `${path}/${id}`)).status).toBe(204);
  });

  it.each([
    ['a slug that is taken', { slug: 'mentor', name: 'X' }, 409, 'slug'],
    ['a slug that is none', { slug: 'A b', name: 'X' }, 400, 'slug'],
    ['a disabled model', { slug: 'x', name: 'X', defaultModelId: 'off' }, 400, 'defaultModelId'],
    ['a model that only embeds', { slug: 'x', name: 'X', defaultModelId: 'vectors' }, 400, 'defaultModelId'],
    ['no name', { slug: 'x' }, 400, 'name'],
  ])('are refused with %s, which is named', async (_name, wrong, status, path) => {
    const refused = await root.request('POST', '/api/personas', { body: wrong });
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([status, path]);
  });

  it('are listed page by page in their order', async () => {
    for (const [slug, sortOrder] of [
      ['late', 9_001],
      ['early', 9_000],
    ] as const)
      await place.admin.request('POST', '/api/organization-personas', { body: { slug, name: 'Same', sortOrder } });
    const slugs: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await place.member.request('GET', `/api/personas?limit=1${cursor && `&cursor=${cursor}`}`);
      slugs.push(...body.data.map(({ slug }: { slug: string }) => slug));
      cursor = body.next_cursor;
    }
    expect(slugs.slice(-2)).toEqual(['early', 'late']);
    expect(new Set(slugs).size).toBe(slugs.length);
  });
});

describe('a profile', () => {
  it('has defaults until it is changed, field by field, not over a newer one', async () => {
    const person = await place.join('member');
    const first = await person.request('GET', '/api/profile');
    expect(first.body.data).toMatchObject({
      ...{ userId: person.userId, email: person.email, displayName: null, locale: 'en', theme: 'system' },
      ...{ timeZone: 'UTC', defaultModelId: null, personaOverrides: {} },
    });
    const edit = (body: object, etag: string | null) =>
      person.request('PATCH', '/api/profile', { body, headers: { 'if-match': etag ?? '' } });
    const changed = await edit({ displayName: 'Ada', timeZone: 'Europe/Berlin' }, first.headers.get('etag'));
    expect([changed.status, changed.body.data.displayName]).toEqual([200, 'Ada']);
    expect((await edit({ theme: 'dark' }, first.headers.get('etag'))).body.code).toBe('stale');
    const again = await edit({ theme: 'dark', locale: 'pt-BR' }, changed.headers.get('etag'));
    expect(again.body.data).toMatchObject({ displayName: 'Ada', theme: 'dark', locale: 'pt-BR' });
    const { rows } = await server.owner.query('select 1 from weir.audit_logs where target_id = $1', [person.userId]);
    expect(rows).toEqual([]);
  });

  it('that somebody else changes as its person leaves a row in the audit log', async () => {
    const asMember = await createApiSession(server, place.member, root.userId);
    const edit = { body: { displayName: 'Renamed' } };
    expect((await asMember.request('PATCH', '/api/profile', edit)).status).toBe(200);
    await choose(asMember, { defaultModelId: 'one' });
    await choose(asMember, { defaultModelId: null });
    expect((await place.actions()).slice(-3)).toEqual([
      'profile.update',
      'model_preferences.update',
      'model_preferences.update',
    ]);
  });

  it.each([
    ['a zone that is none', { timeZone: 'Mars/Base' }, 'timeZone'],
    ['a locale that is none', { locale: 'english' }, 'locale'],
    ['an avatar that is no address', { avatarUrl: 'javascript:alert(1)' }, 'avatarUrl'],
    ['a theme that is none', { theme: 'pink' }, 'theme'],
    ['an address', { email: 'x@y.example' }, 'email'],
  ])('is refused with %s', async (_name, body, path) => {
    const refused = await place.member.request('PATCH', '/api/profile', { body });
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, path]);
  });

  test('is nobody’s without a session', async () => {
    expect((await requestApi(server, ['GET', '/api/profile'])).status).toBe(401);
    expect((await requestApi(server, ['PATCH', PREFERENCES], { body: {} })).status).toBe(401);
  });
});
