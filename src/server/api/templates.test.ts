// Proves: superadmins keep system templates: whole checks, switches, lists, revisions and rolling back, and keys of endpoints that never come out.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiPerson, createApiPerson } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

const BASE = '/api/system-models';
let server: TestServer;
let root: ApiPerson;
let platformAdmin: ApiPerson;
let number = 0;

beforeAll(async () => {
  server = await startTestServer();
  root = await createApiPerson(server, { platformRole: 'superadmin' });
  platformAdmin = await createApiPerson(server, { platformRole: 'platform_admin' });
});
afterAll(() => server.close());

const make = async (fields: Record<string, unknown> = {}) => {
  number += 1;
  return root.request('POST', BASE, { body: { name: `Template ${number}`, ...fields } });
};
const made = async (fields: Record<string, unknown> = {}) => {
  const { status, body } = await make(fields);
  expect(status, JSON.stringify(body)).toBe(201);
  return body.data;
};
const change = (id: number, body: object, headers: Record<string, string> = {}) =>
  root.request('PATCH', `${BASE}/${id}`, { body, headers });
const revisionsOf = async (id: number, query = '') =>
  (await root.request('GET', `${BASE}/${id}/revisions${query}`)).body.data;
const auditOf = async (id: number) =>
  (
    await server.owner.query(
      `select action, before, after, organization_id from weir.audit_logs where target_type = 'template' and target_id = $1 order by sequence`,
      [String(id)],
    )
  ).rows;

describe('making a template', () => {
  it('keeps every field, fills in the rest, and says so in log and events', async () => {
    const fields = {
      ...{ name: 'Café Writer', role: 'Writer', description: 'Writes', icon: 'pencil', system_message: 'You write.' },
      ...{ model_id: 'sandbox-chat', max_tokens: 500, temperature: 0.5, parameters: { top_p: 0.9 } },
      ...{ business_types: ['retail', 'healthcare'], required_plan: 'pro', tags: ['blog', 'blog', 'content'] },
      ...{
        token_limit_period: 'monthly',
        token_limit_amount: 10_000,
        is_trial: true,
        trial_expires_days: 7,
        sort_order: 3,
      },
      tasks: [
        {
          id: 'draft',
          title: 'Draft',
          prompt: 'Write {{title}}',
          variables: ['title', { name: 'tone', label: 'Tone', required: false }],
        },
      ],
    };
    const template = await made(fields);
    expect(template).toMatchObject({
      ...{
        ...fields,
        slug: 'cafe-writer',
        scope: 'system',
        tags: ['blog', 'content'],
        is_active: true,
        is_featured: false,
      },
      tasks: [
        {
          variables: [
            { name: 'title', label: 'title', required: true },
            { name: 'tone', label: 'Tone', required: false },
          ],
        },
      ],
    });
    const plain = await made({ name: 'Plain' });
    expect(plain).toMatchObject({
      slug: 'plain',
      model_id: 'gpt-4o-mini',
      required_plan: 'free',
      token_limit_amount: null,
    });
    expect(await auditOf(template.id)).toMatchObject([
      { action: 'template.create', organization_id: null, after: { scope: 'system', slug: 'cafe-writer' } },
    ]);
    const { rows } = await server.owner.query(
      `select properties from weir.analytics_events where name = 'template_created' and user_id = $1 order by id`,
      [root.userId],
    );
    expect(rows[0].properties).toEqual({ template_id: template.id, slug: 'cafe-writer' });
  });

  it.each([
    ['no name', { name: ' ' }, ['name']],
    ['a bad slug', { slug: 'No Slug' }, ['slug']],
    ['a period without an amount', { token_limit_period: 'daily' }, ['token_limit_amount']],
    ['an amount without a period', { token_limit_amount: 5 }, ['token_limit_period']],
    ['an amount of nothing', { token_limit_period: 'daily', token_limit_amount: 0 }, ['token_limit_amount']],
    ['days of no trial', { trial_expires_days: 7 }, ['trial_expires_days']],
    ['an unknown plan', { required_plan: 'gold' }, ['required_plan']],
    ['an unknown business type', { business_types: ['retail', 'piracy'] }, ['business_types[1]']],
    ['an unknown model', { model_id: 'gpt-0' }, ['model_id']],
    ['a model that does not chat', { model_id: 'sandbox-embedding' }, ['model_id']],
    ['no model at all', { model_id: null }, ['model_id']],
    ['a parameter that the call says', { parameters: { model: 'gpt-4o' } }, ['parameters']],
    ['two tasks of one id', { tasks: [1, 2].map(() => ({ id: 'a', title: 'A', prompt: 'A' })) }, ['tasks[1].id']],
    ['a task without a prompt', { tasks: [{ id: 'a', title: 'A' }] }, ['tasks[0].prompt']],
    ['several at once', { trial_expires_days: 7, model_id: 'gpt-0' }, ['trial_expires_days', 'model_id']],
    ['what it does not know', { organization_id: 'x' }, ['organization_id']],
  ])('is refused with %s, which is named', async (_name, fields, paths) => {
    const { status, body } = await make(fields);
    expect([status, body.errors.map(({ path }: { path: string }) => path)]).toEqual([400, paths]);
  });

  it('is refused with a slug that is taken, and to everybody but superadmins', async () => {
    await made({ slug: 'taken-once' });
    const again = await make({ slug: 'taken-once' });
    expect([again.status, again.body.errors]).toMatchObject([409, [{ path: 'slug' }]]);
    const refused = await platformAdmin.request('POST', BASE, { body: { name: 'Mine' } });
    expect(refused.status).toBe(403);
  });
});

describe('changing a template', () => {
  it('changes what is given, tells what, and refuses what was made of an older version', async () => {
    const { id, name } = await made({ tags: ['a'] });
    const read = await root.request('GET', `${BASE}/${id}`);
    const etag = read.headers.get('etag') ?? '';
    const changed = await change(id, { tags: ['a', 'b'], change_summary: 'More tags' }, { 'if-match': etag });
    expect([changed.status, changed.body.data.name, changed.body.data.tags]).toEqual([200, name, ['a', 'b']]);
    const stale = await change(id, { tags: [] }, { 'if-match': etag });
    expect([stale.status, stale.body.code]).toEqual([412, 'stale']);
    const put = await root.request('PUT', `${BASE}/${id}`, { body: { role: 'Editor' } });
    expect(put.body.data).toMatchObject({ role: 'Editor', tags: ['a', 'b'] });
    expect((await auditOf(id)).slice(1)).toMatchObject([
      { action: 'template.update', before: { tags: ['a'] }, after: { tags: ['a', 'b'] } },
      { action: 'template.update', before: { role: '' }, after: { role: 'Editor' } },
    ]);
    expect((await revisionsOf(id)).map((each: { change_summary: string }) => each.change_summary)).toEqual([
      ...['role', 'More tags', 'made'],
    ]);
  });

  it('leaves no trace when nothing changes', async () => {
    const { id, updated_at } = await made();
    const same = await change(id, { is_active: true });
    expect([same.status, same.body.data.updated_at]).toEqual([200, updated_at]);
    expect(await revisionsOf(id)).toHaveLength(1);
  });

  it('switches, also a template whose model is gone', async () => {
    const { id } = await made();
    await server.owner.query('update weir.templates set model_id = null where id = $1', [id]);
    for (const [act, field, value] of [
      ['deactivate', 'is_active', false],
      ['activate', 'is_active', true],
      ['feature', 'is_featured', true],
      ['unfeature', 'is_featured', false],
    ] as const) {
      const { status, body } = await root.request('POST', `${BASE}/${id}/${act}`);
      expect([status, body.data[field]]).toEqual([200, value]);
    }
    const acts = (await auditOf(id)).map(({ action }) => action);
    expect(acts.slice(1)).toEqual([
      'template.deactivate',
      'template.activate',
      'template.feature',
      'template.unfeature',
    ]);
    const refused = await change(id, { name: 'Another' });
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'model_id']);
  });

  it('answers what is not there, or no number, with 404', async () => {
    for (const id of ['999999', 'x', '0', '1e3', '9'.repeat(40)]) {
      const { status, body } = await root.request('PATCH', `${BASE}/${id}`, { body: { role: 'x' } });
      expect([status, body.code]).toEqual([404, 'not_found']);
    }
  });
});

describe('revisions', () => {
  it('say what differs, from the one before and between any two, page by page', async () => {
    const { id } = await made({ role: 'one' });
    await change(id, { role: 'two', parameters: { b: 1, a: 2 } });
    await change(id, { role: 'three', parameters: { a: 2, b: 1 } });
    const [third, second, first] = await revisionsOf(id);
    expect(first).toMatchObject({ revision: 1, compared_with: null, changes: [], changed_by: { id: root.userId } });
    expect(second).toMatchObject({ revision: 2, compared_with: 1 });
    expect(third.changes).toEqual([{ field: 'role', from: 'two', to: 'three' }]);
    const [between] = await revisionsOf(id, '?from=1&to=3');
    expect(between.changes).toEqual([
      { field: 'role', from: 'one', to: 'three' },
      { field: 'parameters', from: {}, to: { a: 2, b: 1 } },
    ]);
    const page = (await root.request('GET', `${BASE}/${id}/revisions?limit=1`)).body;
    expect(page.data).toEqual([third]);
    const next = await root.request('GET', `${BASE}/${id}/revisions?limit=2&cursor=${page.next_cursor}`);
    expect(next.body).toEqual({ data: [second, first], next_cursor: null });
    for (const [query, path] of [
      ['?from=1', 'to'],
      ['?from=1&to=9', 'to'],
      ['?from=0&to=1', 'from'],
    ]) {
      const refused = await root.request('GET', `${BASE}/${id}/revisions${query}`);
      expect([refused.status, refused.body.errors[0].path]).toEqual([400, path]);
    }
  });

  it('keep what a seeded template was before its first change', async () => {
    const { rows } = await server.owner.query(`select id from weir.templates where slug = 'quick-summary'`);
    await change(Number(rows[0].id), { role: 'Condenser' });
    const [second, first] = await revisionsOf(Number(rows[0].id));
    expect([first.revision, second.changes]).toEqual([1, [{ field: 'role', from: 'Editor', to: 'Condenser' }]]);
  });

  it('are rolled back to as a new revision; whether it is offered stays', async () => {
    const { id, name } = await made({ role: 'good' });
    await change(id, { role: 'bad', name: 'Worse', is_active: false });
    const rolled = await root.request('POST', `${BASE}/${id}/rollback`, { body: { revision: 1 } });
    expect(rolled.body.data).toMatchObject({ role: 'good', name, is_active: false });
    expect((await revisionsOf(id))[0]).toMatchObject({ revision: 3, change_summary: 'rolled back to revision 1' });
    expect((await auditOf(id)).at(-1)).toMatchObject({ action: 'template.rollback', after: { role: 'good' } });
    const unknown = await root.request('POST', `${BASE}/${id}/rollback`, { body: { revision: 77 } });
    expect([unknown.status, unknown.body.errors[0].path]).toEqual([400, 'revision']);
  });
});

describe('an endpoint of its own', () => {
  const endpoint = { endpoint_base_url: 'https://93.184.215.14/v1/', endpoint_model: 'house-7b' };
  const secret = 'sk-endpoint-canary-9876';

  it('takes a key that is sealed, never read, and needed again when the endpoint moves', async () => {
    const template = await made({ ...endpoint, endpoint_api_key: secret });
    expect(template).toMatchObject({
      endpoint_base_url: 'https://93.184.215.14/v1',
      endpoint_key_last_four: '9876',
      model_id: null,
    });
    expect(template).not.toHaveProperty('endpoint_api_key');
    const { id } = template;
    const moved = await change(id, { endpoint_base_url: 'https://93.184.215.15/v1' });
    expect([moved.status, moved.body.errors[0].path]).toEqual([400, 'endpoint_api_key']);
    const along = await change(id, { endpoint_base_url: 'https://93.184.215.14/v2' });
    expect(along.body.data.endpoint_key_last_four).toBe('9876');
    const entered = await change(id, {
      endpoint_base_url: 'https://93.184.215.15/v1',
      endpoint_api_key: 'sk-other-1111',
    });
    expect(entered.body.data.endpoint_key_last_four).toBe('1111');
    const back = await root.request('POST', `${BASE}/${id}/rollback`, { body: { revision: 1 } });
    expect([back.status, back.body.errors[0].path]).toEqual([400, 'endpoint_api_key']);
    const without = await change(id, { endpoint_api_key: null });
    expect(without.body.data.endpoint_key_last_four).toBeNull();
    for (const table of [
      'template_endpoint_secrets',
      'template_revisions',
      'audit_logs',
      'templates',
      'analytics_events',
    ]) {
      const { rows } = await server.owner.query(`select to_jsonb(t)::text as text from weir.${table} t`);
      expect(rows.map(({ text }) => text).join('\n')).not.toMatch(/canary|sk-other/);
    }
  });

  it.each([
    ['http', 'http://93.184.215.14/v1'],
    ['an address inside', 'https://127.0.0.1/v1'],
    ['a metadata service', 'https://169.254.169.254/latest'],
    ['a name that leads inside', 'https://localhost/v1'],
    ['a password', 'https://user:pass@93.184.215.14/v1'],
    ['a query', 'https://93.184.215.14/v1?key=1'],
    ['no address', 'nowhere'],
  ])('is refused with %s', async (_name, endpoint_base_url) => {
    const { status, body } = await make({ ...endpoint, endpoint_base_url });
    expect([status, body.errors[0].path]).toEqual([400, 'endpoint_base_url']);
  });
});

describe('the list', () => {
  it('is sorted and paged by name, order and time, forwards and back', async () => {
    for (const [name, sort_order] of [
      ['Zeta', 1],
      ['alpha', 2],
      ['Mid', 2],
    ] as const)
      await made({ name, sort_order, tags: ['sorting'] });
    const all = async (sort: string): Promise<string[]> => {
      const names: string[] = [];
      for (let cursor = ''; ; ) {
        const { body } = await root.request('GET', `${BASE}?tag=sorting&limit=1&sort=${sort}${cursor}`);
        names.push(...body.data.map((each: { name: string }) => each.name));
        if (body.next_cursor === null) return names;
        cursor = `&cursor=${body.next_cursor}`;
      }
    };
    expect(await all('name')).toEqual(['alpha', 'Mid', 'Zeta']);
    expect(await all('-name')).toEqual(['Zeta', 'Mid', 'alpha']);
    expect(await all('order')).toEqual(['Zeta', 'alpha', 'Mid']);
    expect(await all('-created')).toEqual(['Mid', 'alpha', 'Zeta']);
    const wrong = await root.request('GET', `${BASE}?sort=created&cursor=WyJ4IiwxXQ`);
    expect([wrong.status, wrong.body.errors[0].path]).toEqual([400, 'cursor']);
  });

  it.each([
    ['business_type=healthcare', ['plain-language-letter', 'blog-content-writer'], []],
    ['business_type=finance', ['blog-content-writer'], ['plain-language-letter']],
    ['plan=enterprise', ['policy-reviewer'], ['blog-content-writer']],
    ['featured=true', ['blog-content-writer'], ['policy-reviewer']],
    ['active=false', [], ['blog-content-writer']],
    ['tag=writing', ['blog-content-writer'], ['policy-reviewer']],
    ['search=COMPLIANCE', ['policy-reviewer'], ['blog-content-writer']],
    ['search=%25', [], ['blog-content-writer', 'policy-reviewer']],
  ])('is narrowed by %s', async (query, there, notThere) => {
    const { body } = await platformAdmin.request('GET', `${BASE}?limit=100&${query}`);
    const slugs: string[] = body.data.map((each: { slug: string }) => each.slug);
    expect(slugs).toEqual(expect.arrayContaining(there));
    expect(slugs.filter((slug) => (notThere as string[]).includes(slug))).toEqual([]);
  });
});

describe('deleting a template', () => {
  it('says first whom it concerns, then takes along what hangs on it, and leaves its use', async () => {
    const { id, slug } = await made();
    const asked = await root.request('DELETE', `${BASE}/${id}?dry_run=true`);
    expect([asked.status, asked.body.data]).toEqual([
      200,
      { id, slug, organizations_enabled: 0, people_affected: 0, people_with_use: 0 },
    ]);
    expect((await root.request('DELETE', `${BASE}/${id}`)).status).toBe(204);
    expect((await root.request('DELETE', `${BASE}/${id}`)).status).toBe(404);
    expect((await auditOf(id)).at(-1)).toMatchObject({ action: 'template.delete', before: { slug } });
  });
});
