// Proves: a person chats through the gateway's pipeline: the answer comes as it is made, is kept however it ends, charged once, refused by the same rules as any
// call, and seen by nobody else.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiChats, type Heard } from '../testing/api-chat.ts';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { type ApiPerson, createApiPerson, createApiSession, requestApi } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

const SANDBOX = 'sandbox-chat';
let server: TestServer;
let home: ApiOrganization;
let member: ApiPerson;
beforeAll(async () => {
  server = await startTestServer();
  home = await createApiOrganization(server);
  member = home.member;
});
afterAll(() => server.close());

const chats = createApiChats(() => server);
type Options = { who?: ApiPerson; headers?: Record<string, string> };
const open = (body: unknown, { who = member, headers }: Options = {}) => chats.open(who, body, headers);
const chat = (body: unknown, { who = member, headers }: Options = {}) => chats.chat(who, body, headers);
const refused = (body: unknown, { who = member, headers }: Options = {}) => chats.refused(who, body, headers);

const messagesOf = async (id: string, who = member) =>
  (await who.request('GET', `/api/conversations/${id}`)).body.data.messages.data;

const usageOf = async (requestId: string) => {
  const rows = async () =>
    (
      await server.owner.query(
        `select user_id, virtual_key_id, organization_id, status, persona_id, template_id, cost_nano_usd::text as cost,
           output_tokens::integer as output from weir.usage_events where id = $1`,
        [requestId],
      )
    ).rows;
  await expect.poll(rows).toHaveLength(1);
  return (await rows())[0];
};

const eventNames = async (userId: string): Promise<string[]> =>
  (
    await server.owner.query('select name from weir.product_events where user_id = $1 order by at, name', [userId])
  ).rows.map(({ name }) => name);

describe('an answer', () => {
  it('comes piece by piece, is kept with what it used, and booked to the person without a key', async () => {
    const who = await home.join('member');
    const { stream, events, start, text, last } = await chat(
      { message: 'Hello  there\nfriend', model: SANDBOX },
      { who },
    );
    expect([stream.headers.get('content-type'), stream.headers.get('cache-control')]).toEqual([
      'text/event-stream; charset=utf-8',
      'no-store',
    ]);
    expect(stream.headers.get('x-accel-buffering')).toBe('no');
    expect(events.length).toBeGreaterThan(3);
    expect([events[0]?.event, last.event]).toEqual(['start', 'done']);
    expect(start).toMatchObject({ model: SANDBOX, fallback: null });
    expect(last.data).toMatchObject({
      ...{ conversationId: start.conversationId, messageId: start.messageId, model: SANDBOX },
      ...{ finish_reason: 'stop', code: null, trial_remaining: null },
    });
    expect(last.data.tokens.output).toBeGreaterThan(0);
    const [answer, question] = await messagesOf(start.conversationId, who);
    expect(question).toMatchObject({
      id: start.userMessageId,
      role: 'user',
      content: 'Hello  there\nfriend',
      tokens: null,
    });
    expect(answer).toMatchObject({
      id: start.messageId,
      role: 'assistant',
      content: text,
      status: 'complete',
      model: SANDBOX,
    });
    expect([answer.tokens, answer.cost_usd]).toEqual([last.data.tokens, last.data.cost_usd]);
    expect(await usageOf(answer.requestId)).toMatchObject({
      ...{ user_id: who.userId, virtual_key_id: null, organization_id: home.id, status: 'success' },
      output: last.data.tokens.output,
    });
    const { body } = await who.request('GET', '/api/conversations');
    expect(body.data).toMatchObject([{ id: start.conversationId, title: 'Hello there', isArchived: false }]);
    await expect
      .poll(async () => (await eventNames(who.userId)).sort())
      .toEqual(['model_message_sent', 'model_selected']);
  });

  it('knows what was said before, and the persona or template that it is with', async () => {
    const { rows } = await server.owner.query(
      `insert into weir.personas (id, slug, name, system_prompt, scope, organization_id)
       values ($1, 'coach', 'Coach', $2, 'organization', $3) returning id`,
      [randomUUID(), 'Speak as a coach. '.repeat(20), home.id],
    );
    const personaId: string = rows[0].id;
    const plain = await chat({ message: 'One', model: SANDBOX });
    const first = await chat({ message: 'One', model: SANDBOX, personaId });
    const { conversationId } = first.start;
    const second = await chat({ message: 'Two', model: SANDBOX, conversationId });
    const input = (heard: Heard): number => heard.last.data.tokens.input;
    expect(input(first)).toBeGreaterThan(input(plain) + 50);
    expect(input(second)).toBeGreaterThan(input(first));
    const [answer, question, ...before] = await messagesOf(conversationId);
    expect([answer.id, question.id, before.length]).toEqual([second.start.messageId, second.start.userMessageId, 2]);
    expect((await usageOf(answer.requestId)).persona_id).toBe(personaId);
  });

  it('of a template is the template’s', async () => {
    const { rows } = await server.owner.query(
      `insert into weir.templates (scope, organization_id, name, slug, system_message, model_id)
       values ('organization', $1, 'Writer', 'writer', 'Write.', $2) returning id::integer`,
      [home.id, SANDBOX],
    );
    const [{ id: templateId }] = rows;
    const { start, last } = await chat({ message: 'One', templateId });
    expect(last.data.model).toBe(SANDBOX);
    const [answer] = await messagesOf(start.conversationId);
    expect((await usageOf(answer.requestId)).template_id).toBe(String(templateId));
    const again = await refused({ message: 'x', conversationId: start.conversationId, model: SANDBOX });
    expect([again.status, again.body.errors[0].path]).toEqual([400, 'model']);
  });

  it('comes from what the person prefers, and says so where that does not work', async () => {
    const who = await home.join('member');
    await server.owner.query(`insert into weir.profiles (user_id, default_model_id) values ($1, 'gpt-4o')`, [
      who.userId,
    ]);
    await server.owner.query(`update weir.models set enabled = false where id = 'gpt-4o'`);
    const { last } = await chat({ message: 'Hello' }, { who });
    expect(last.data).toMatchObject({ model: 'gpt-4o-mini', fallback: 'model_disabled' });
    await server.owner.query(`update weir.models set enabled = true where id = 'gpt-4o'`);
  });
});

describe('stopping', () => {
  it('ends the model, keeps what came and charges for it', async () => {
    const stream = await open({ message: '[[sandbox: stall=5]] A long story', model: SANDBOX });
    const start = (await stream.next())?.data;
    const piece = (await stream.next())?.data.text;
    stream.leave();
    await expect.poll(async () => (await messagesOf(start.conversationId))[0].status).toBe('cancelled');
    const [answer] = await messagesOf(start.conversationId);
    expect(answer.content.startsWith(piece)).toBe(true);
    expect(await usageOf(answer.requestId)).toMatchObject({ status: 'cancelled' });
    const { text } = await chat({ message: 'Go on', model: SANDBOX, conversationId: start.conversationId });
    expect(text).not.toBe('');
  });

  it('keeps what came of an answer that broke off, and says so', async () => {
    const { start, text, last } = await chat({ message: '[[sandbox: cut=3]] A long story', model: SANDBOX });
    expect(last).toMatchObject({
      event: 'error',
      data: { status: 502, code: 'provider_error', messageId: start.messageId, conversationId: start.conversationId },
    });
    const [answer] = await messagesOf(start.conversationId);
    expect(answer).toMatchObject({ status: 'failed', code: 'provider_error', content: text });
    expect(text).not.toBe('');
  });
});

describe('a question', () => {
  it('is asked once for its idempotency key', async () => {
    const body = { message: 'Only once', model: SANDBOX };
    const headers = { 'idempotency-key': randomUUID() };
    const [first, second] = [await chat(body, { headers }), await chat(body, { headers })];
    expect(second.stream.headers.get('idempotent-replayed')).toBe('true');
    expect([second.text, second.last.data]).toEqual([first.text, first.last.data]);
    expect(await messagesOf(first.start.conversationId)).toHaveLength(2);
    const other = await refused({ ...body, message: 'Another' }, { headers });
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_mismatch']);
    expect((await chat(body, { headers, who: home.admin })).stream.headers.get('idempotent-replayed')).toBeNull();
  });

  it('waits for no answer under way in its conversation: it is refused', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = { message: '[[sandbox: stall=2]] x', model: SANDBOX };
    const stream = await open(body, { headers });
    const { conversationId } = (await stream.next())?.data ?? {};
    const second = await refused({ message: 'And?', model: SANDBOX, conversationId });
    expect([second.status, second.body.code]).toEqual([409, 'conflict']);
    expect((await refused(body, { headers })).body.code).toBe('conflict');
    await server.owner.query(
      `update weir.messages set created_at = now() - interval '1 hour' where conversation_id = $1`,
      [conversationId],
    );
    expect((await messagesOf(conversationId))[0]).toMatchObject({ status: 'failed', code: 'internal_error' });
    await chat({ message: 'After its server had gone', model: SANDBOX, conversationId });
    stream.leave();
  });

  it('is answered anew in place of the last answer', async () => {
    const { start } = await chat({ message: 'Name one', model: SANDBOX });
    const { conversationId } = start;
    const again = await chat({ regenerate: true, conversationId, model: 'gpt-4o-mini' });
    expect(again.start.userMessageId).toBeNull();
    const ids = (await messagesOf(conversationId)).map(({ id }: { id: string }) => id);
    expect(ids).toEqual([again.start.messageId, start.userMessageId]);
    const failing = await refused({ regenerate: true, conversationId, model: 'no-such-model' });
    expect([failing.status, failing.body.code]).toEqual([404, 'model_not_found']);
    expect((await messagesOf(conversationId))[0].id).toBe(again.start.messageId);
  });

  it.each([
    ['nothing', {}, 'message'],
    ['blanks', { message: ' \n' }, 'message'],
    ['a megabyte', { message: 'x'.repeat(1_000_000) }, 'message'],
    ['both a persona and a template', { message: 'x', personaId: randomUUID(), templateId: 1 }, 'templateId'],
    ['a model for a template', { message: 'x', templateId: 1, model: SANDBOX }, 'model'],
    ['a template as a model', { message: 'x', model: 'template:writer' }, 'model'],
    ['a message again', { message: 'x', regenerate: true, conversationId: randomUUID() }, 'message'],
    ['another answer to nothing', { regenerate: true }, 'conversationId'],
    ['what is not known', { message: 'x', system: 'x' }, 'system'],
  ])('with %s is refused, naming the field', async (_name, body, path) => {
    const { status, body: problem } = await refused(body);
    expect([status, problem.code, problem.errors[0].path]).toEqual([400, 'invalid_request', path]);
  });

  it.each([
    ['conversation', () => ({ conversationId: randomUUID() })],
    ['persona', () => ({ personaId: randomUUID() })],
    ['template', () => ({ templateId: 999_999_999 })],
  ])('about a %s that is not there is 404', async (_name, more) => {
    const { status, body } = await refused({ message: 'x', ...more() });
    expect([status, body.code]).toEqual([404, 'not_found']);
  });
});

describe('a refusal', () => {
  const nothingKept = async (who: ApiPerson): Promise<void> =>
    expect((await who.request('GET', '/api/conversations')).body.data).toEqual([]);

  it('comes when the trial is used up, with the price and where to buy, and a grant opens the model', async () => {
    const who = await home.join('member');
    const body = { message: 'Hello', model: 'claude-3-opus' };
    const remaining = [(await chat(body, { who })).last.data, (await chat(body, { who })).last.data];
    expect(remaining.map((data) => data.trial_remaining)).toEqual([1, 0]);
    const { status, body: problem } = await refused(body, { who });
    expect([status, problem.code]).toEqual([403, 'trial_exhausted']);
    expect(problem).toMatchObject({
      price_usd: '4.99',
      upgrade_url: '/models/claude-3-opus',
      explain_id: expect.any(String),
    });
    expect((await who.request('GET', '/api/conversations')).body.data).toHaveLength(2);
    const trialEvents = ['model_trial_started', 'model_trial_message_used', 'model_trial_expired_prompt'];
    await expect.poll(() => eventNames(who.userId)).toEqual(expect.arrayContaining(trialEvents));
    await server.owner.query(
      `insert into weir.entitlements (id, user_id, model_id, source) values ($1, $2, 'claude-3-opus', 'admin_grant')`,
      [randomUUID(), who.userId],
    );
    await expect.poll(async () => (await open(body, { who })).status).toBe(200);
  });

  it('comes at the end of the day’s messages, with the reset', async () => {
    const who = await home.join('member');
    await server.owner.query(`update weir.models set rate_limit_messages_per_day = 1 where id = 'llama-3.1-8b'`);
    const body = { message: 'Hello', model: 'llama-3.1-8b' };
    await chat(body, { who });
    const { status, headers, body: problem } = await refused(body, { who });
    expect([status, problem.code]).toEqual([429, 'daily_message_limit']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(problem.meters).toMatchObject([
      { meter: 'daily_messages', limit: 1, used: 1, resets_at: expect.any(String) },
    ]);
    await expect.poll(() => eventNames(who.userId)).toContain('model_rate_limit_hit');
    await server.owner.query(`update weir.models set rate_limit_messages_per_day = null where id = 'llama-3.1-8b'`);
  });

  it.each([
    ['a paused member', `update weir.members set status = 'paused' where user_id = $1`, 403, 'member_paused'],
    [
      'a budget',
      `insert into weir.budgets (id, organization_id, name, scope, user_id, period, amount_nano_usd, enforcement)
       select gen_random_uuid(), m.organization_id, 'Small', 'user', $1, 'monthly', 1, 'hard' from weir.members m where m.user_id = $1`,
      402,
      'budget_exceeded',
    ],
  ])('stops %s, and keeps nothing', async (_name, act, status, code) => {
    const who = await home.join('member');
    await server.owner.query(act, [who.userId]);
    const answer = await refused({ message: 'Hello', model: 'gpt-4o-mini' }, { who });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    await nothingKept(who);
  });

  it('comes from the provider before the first byte, and keeps nothing', async () => {
    const who = await home.join('member');
    const answer = await refused({ message: '[[sandbox: status=500]] x', model: SANDBOX }, { who });
    expect([answer.status, answer.body.code]).toEqual([502, 'provider_error']);
    await nothingKept(who);
  });
});

describe('a right that is lost', () => {
  it('ends the answer under way, which is kept and told why', async () => {
    const who = await home.join('member');
    const stream = await open({ message: '[[sandbox: stall=4]] x', model: SANDBOX }, { who });
    const start = (await stream.next())?.data;
    await stream.next();
    await server.owner.query(`update weir.members set status = 'paused' where user_id = $1`, [who.userId]);
    const last = (await stream.rest()).at(-1);
    expect(last).toMatchObject({ event: 'done', data: { finish_reason: 'length', code: 'member_paused' } });
    expect((await messagesOf(start.conversationId, who))[0]).toMatchObject({
      status: 'complete',
      code: 'member_paused',
    });
  });
});

describe('a token', () => {
  const tokenOf = async (who: ApiPerson, kind: string): Promise<string> => {
    const { body } = await who.request('POST', '/api/api-tokens', { body: { name: kind, kind } });
    return body.data.secret;
  };
  const ask = (token: string, method: string, path: string, body?: unknown) =>
    requestApi(server, [method, path], { body, headers: { authorization: `Bearer ${token}` } });

  it('of a person chats as they do; one of the organization speaks for nobody', async () => {
    const body = { message: 'By script', model: SANDBOX };
    const own = await tokenOf(home.admin, 'personal');
    expect((await ask(own, 'POST', '/api/chat', body)).body).toContain('event: done');
    expect((await ask(own, 'GET', '/api/conversations?search=by%20script')).body.data).toHaveLength(1);
    const shared = await tokenOf(home.admin, 'organization');
    for (const answer of [await ask(shared, 'POST', '/api/chat', body), await ask(shared, 'GET', '/api/conversations')])
      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
  });
});

describe('nobody else', () => {
  it('reads, changes, continues or deletes a conversation; numbers are for admins', async () => {
    const who = await home.join('member');
    const { start } = await chat({ message: 'Mine alone', model: SANDBOX }, { who });
    const path = `/api/conversations/${start.conversationId}`;
    const root = await createApiPerson(server, { platformRole: 'superadmin' });
    const impersonator = await createApiSession(server, who, root.userId);
    for (const other of [home.owner, home.admin, home.member, home.stranger]) {
      expect((await other.request('GET', path)).status).toBe(404);
      expect((await other.request('PATCH', path, { body: { title: 'Theirs' } })).status).toBe(404);
      expect((await other.request('DELETE', path)).status).toBe(404);
      const body = { message: 'x', model: SANDBOX, conversationId: start.conversationId };
      expect((await refused(body, { who: other })).status).toBe(404);
    }
    for (const [method, place] of [
      ['GET', path],
      ['GET', '/api/conversations'],
      ['DELETE', path],
    ] as const)
      expect((await impersonator.request(method, place)).status).toBe(403);
    expect((await refused({ message: 'x' }, { who: impersonator })).status).toBe(403);
    const { body } = await home.admin.request('GET', '/api/conversations/counts');
    expect(body.data.find(({ user }: { user: { id: string } }) => user.id === who.userId)).toMatchObject({
      ...{ conversations: 1, messages: 2 },
    });
    expect(JSON.stringify(body)).not.toContain('Mine alone');
    expect((await home.member.request('GET', '/api/conversations/counts')).status).toBe(403);
  });
});

describe('conversations', () => {
  it('are searched, renamed, put away, taken out by going on, and deleted for good', async () => {
    const who = await home.join('member');
    const titles = ['Alpha', 'Beta', '100% Gamma'];
    const made: string[] = [];
    for (const message of titles) made.push((await chat({ message, model: SANDBOX }, { who })).start.conversationId);
    const list = async (query = ''): Promise<string[]> =>
      (await who.request('GET', `/api/conversations${query}`)).body.data.map(({ title }: { title: string }) => title);
    expect(await list()).toEqual(['100% Gamma', 'Beta', 'Alpha']);
    expect([await list('?search=bEt'), await list('?search=%25')]).toEqual([['Beta'], ['100% Gamma']]);
    const page = (await who.request('GET', '/api/conversations?limit=2')).body;
    expect(await list(`?limit=2&cursor=${page.next_cursor}`)).toEqual(['Alpha']);
    const path = `/api/conversations/${made[0]}`;
    const { body } = await who.request('PATCH', path, { body: { title: ' Alef ', isArchived: true } });
    expect(body.data).toMatchObject({ title: 'Alef', isArchived: true });
    expect([await list(), await list('?archived=true')]).toEqual([['100% Gamma', 'Beta'], ['Alef']]);
    await chat({ message: 'More', model: SANDBOX, conversationId: made[0] }, { who });
    expect(await list()).toEqual(['Alef', '100% Gamma', 'Beta']);
    const first = (await who.request('GET', `${path}?limit=3`)).body.data.messages;
    const rest = (await who.request('GET', `${path}?limit=3&cursor=${first.next_cursor}`)).body.data.messages;
    expect([first.data.length, rest.data.length, rest.next_cursor]).toEqual([3, 1, null]);
    expect((await who.request('PATCH', path, { body: { title: ' ' } })).body.errors[0].path).toBe('title');
    expect((await who.request('DELETE', path)).status).toBe(204);
    expect((await who.request('GET', path)).status).toBe(404);
    const { rows } = await server.owner.query('select from weir.messages where conversation_id = $1', [made[0]]);
    expect(rows).toEqual([]);
  });
});
