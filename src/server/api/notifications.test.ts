// Proves: people are told of what concerns them, once and as they want; they alone read it; alerts fire, are seen, and end; over real HTTP.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProductEventProperties, RecordedEventName } from '../../contracts/product-events.ts';
import { createAudit } from '../../control/audit/index.ts';
import { createEvents } from '../../control/events/index.ts';
import { createNotifications, type Notifications } from '../../control/notifications/index.ts';
import { createDatabase, type Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import { createManualClock, systemClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import type { LookAtCertificate } from '../health/own-certificate.ts';
import { createApiLatencies } from '../metrics/api-latencies.ts';
import { removeLatencies } from '../rounds/control-removals.ts';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { type ApiPerson, createApiPerson } from '../testing/api-person.ts';
import { PATIENCE_MS } from '../testing/calls.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

const [clock, random] = [systemClock, createSystemRandom()];
const events = createEvents({ clock, random });
let server: TestServer;
let place: ApiOrganization;
let superadmin: ApiPerson;
let database: Database;
let notifications: Notifications;
beforeAll(async () => {
  server = await startTestServer();
  place = await createApiOrganization(server);
  superadmin = await createApiPerson(server, { platformRole: 'superadmin' });
  const url = server.environment.DATABASE_URL ?? '';
  database = createDatabase({
    ...{ url, role: 'weir_service', max: 4, applicationName: 'weir tests', statementTimeoutMs: 0 },
  });
  const audit = createAudit({ clock, random });
  notifications = createNotifications({ database, audit, events, clock, random, onFault: () => {} });
});
afterAll(async () => {
  await database.close();
  await server.close();
});

const PATH = '/api/notifications';

function happen<Name extends RecordedEventName>(
  name: Name,
  properties: ProductEventProperties<Name>,
  subject: { userId?: string; organizationId?: string | null } = {},
): Promise<void> {
  const { userId = null, organizationId = place.id } = subject;
  return withPlatform(database, 'a test', (tx) => events.record(tx, { userId, organizationId }, { name, properties }));
}

/** The server's own rounds are at it, too: however many do it, it is done once. */
async function dispatch(): Promise<void> {
  await Promise.all([notifications.dispatcher.dispatch(50), notifications.dispatcher.dispatch(50)]);
  const waiting = async () =>
    (await server.owner.query('select count(*)::integer as count from weir.analytics_events where handled_at is null'))
      .rows[0].count;
  await expect.poll(waiting, { timeout: PATIENCE_MS, interval: 20 }).toBe(0);
}

const list = async (person: ApiPerson, query = '') => {
  const { status, body } = await person.request('GET', `${PATH}${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data as { id: string; type: string; title: string; read_at: string | null }[];
};
const low = { credit_type: 'lead_generation', balance: 2, allocated: 50 };

describe('what concerns people', () => {
  it('is told to admins of that organization once, and to nobody else', async () => {
    await happen('credits_low', low);
    await dispatch();
    await dispatch();
    for (const admin of [place.owner, place.admin])
      expect((await list(admin)).map(({ type, title }) => [type, title])).toEqual([
        ['credits_low', 'Credits run low: lead_generation'],
      ]);
    for (const other of [place.member, place.stranger, superadmin]) expect(await list(other)).toEqual([]);
    const { rows } = await server.owner.query('select channel, status from weir.notification_deliveries');
    expect(rows).toEqual([
      { channel: 'in_app', status: 'sent' },
      { channel: 'in_app', status: 'sent' },
    ]);
  });

  it('is told to the person it is about, who is still there', async () => {
    const left = await createApiPerson(server);
    const renewed = { period: 'daily' as const, template_ids: [1] };
    await happen('limits_renewed', renewed, { userId: place.member.userId });
    await happen('limits_renewed', renewed, { userId: left.userId });
    await dispatch();
    expect((await list(place.member)).map(({ type }) => type)).toEqual(['limits_renewed']);
    expect(await list(left)).toEqual([]);
  });

  it('is told to superadmins where it is of no organization', async () => {
    await happen(
      'alert_fired',
      { alert_id: 'a', rule: 'disk', title: 'Full', detail: 'D.', value: 1, threshold: 0.9, scope_reference: null },
      { organizationId: null },
    );
    await dispatch();
    expect((await list(superadmin)).map(({ title }) => title)).toEqual(['Full']);
  });

  it('is told as a person wants it', async () => {
    const preference = { type: 'credits_granted', channel: 'in_app', is_enabled: false };
    const changed = await place.admin.request('PUT', `${PATH}/preferences`, { body: { preferences: [preference] } });
    expect(changed.status).toBe(204);
    const { body } = await place.admin.request('GET', `${PATH}/preferences`);
    const channelsOf = (type: string) => body.data.find((each: { type: string }) => each.type === type).channels;
    expect(channelsOf('credits_granted')).toEqual([{ channel: 'in_app', is_enabled: false }]);
    expect(channelsOf('credits_low')).toEqual([{ channel: 'in_app', is_enabled: true }]);
    await happen('credits_granted', { credit_type: 'x', amount: 5, source: 'admin' });
    await dispatch();
    expect((await list(place.admin)).map(({ type }) => type)).not.toContain('credits_granted');
    expect((await list(place.owner, '?type=credits_granted')).length).toBe(1);
  });

  it('is out of sight for whoever has left the organization', async () => {
    const admin = await place.join('admin');
    await happen('credits_low', low);
    await dispatch();
    expect((await list(admin)).length).toBe(1);
    await place.owner.request('DELETE', `/api/organizations/users/${admin.userId}`);
    expect(await list(admin)).toEqual([]);
  });
});

describe('a person’s list', () => {
  it('pages, filters, is marked read and deleted, by its person alone', async () => {
    const all = await list(place.owner);
    expect(all.length).toBeGreaterThan(2);
    const first = await place.owner.request('GET', `${PATH}?limit=1`);
    const second = await place.owner.request('GET', `${PATH}?limit=1&cursor=${first.body.next_cursor}`);
    expect([first, second].map(({ body }) => body.data[0].id)).toEqual([all[0]?.id, all[1]?.id]);
    expect((await place.owner.request('GET', `${PATH}/unread`)).body).toEqual({ data: { count: all.length } });

    const ids = [all[0]?.id];
    for (const [person, marked] of [
      [place.member, 0],
      [place.owner, 1],
      [place.owner, 0],
    ] as const)
      expect((await person.request('POST', `${PATH}/mark-read`, { body: { ids } })).body).toEqual({ data: { marked } });
    expect((await list(place.owner, '?unread=true')).length).toBe(all.length - 1);
    expect((await list(place.owner, `?organization=${place.id}&unread=false`)).map(({ id }) => id)).toEqual(ids);
    await place.owner.request('POST', `${PATH}/mark-read`, { body: { all: true } });
    expect((await place.owner.request('GET', `${PATH}/unread`)).body).toEqual({ data: { count: 0 } });

    for (const [person, status] of [
      [place.admin, 404],
      [place.owner, 204],
      [place.owner, 404],
    ] as const)
      expect((await person.request('DELETE', `${PATH}/${all[0]?.id}`)).status).toBe(status);
  });

  it.each([
    ['a cursor of nowhere', 'GET', '?cursor=x', undefined, 'cursor'],
    ['an unknown type', 'GET', '?type=x', undefined, 'type'],
    ['no ids', 'POST', '/mark-read', { ids: [] }, 'ids'],
    [
      'an unknown channel',
      'PUT',
      '/preferences',
      { preferences: [{ type: 'alert', channel: 'fax', is_enabled: true }] },
      'preferences.0.channel',
    ],
  ])('refuses %s, naming the field', async (_name, method, path, body, field) => {
    const refused = await place.owner.request(method, `${PATH}${path}`, body === undefined ? {} : { body });
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map((each: { path: string }) => each.path).join()).toContain(field.split('.')[0]);
  });

  it('streams what comes, and after a lost connection what was missed', async () => {
    const open = async (lastEventId?: string) => {
      const abort = new AbortController();
      const headers = { cookie: place.owner.cookie, ...(lastEventId && { 'last-event-id': lastEventId }) };
      const response = await fetch(`${server.url}${PATH}/stream`, { headers, signal: abort.signal });
      expect(response.headers.get('content-type')).toContain('text/event-stream');
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      const until = async (sought: RegExp): Promise<RegExpExecArray> => {
        for (;;) {
          const match = sought.exec(text);
          if (match !== null) return match;
          const read = await reader?.read();
          if (read === undefined || read.done) throw new Error(`the stream ended: ${text}`);
          text += read.value;
        }
      };
      return { until, leave: () => abort.abort() };
    };
    const one = await open();
    // Its first sign of life: from now on it listens.
    await one.until(/^:/m);
    await happen('credits_granted', { credit_type: 'streamed', amount: 1, source: 'admin' });
    await dispatch();
    const [, id] = await one.until(/event: notification\nid: (\d+)\ndata: .*streamed.*\n\n/);
    one.leave();
    await happen('credits_granted', { credit_type: 'missed', amount: 1, source: 'admin' });
    await dispatch();
    const two = await open(id);
    const [event] = await two.until(/event: notification[\s\S]*?missed[\s\S]*?\n\n/);
    expect(event).not.toContain('streamed');
    two.leave();
  });
});

describe('alerts', () => {
  const deny = (organizationId: string, count: number) =>
    server.owner.query(
      `insert into weir.usage_events (id, occurred_at, booked_at, organization_id, environment, model_id, provider, model_type, route,
          input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, usage_source, status, error_code,
          streamed, trial, retries, fallback_used, counter_ids, amounts)
       select gen_random_uuid(), now(), now(), $1, 'production', 'gpt', 'openai', 'catalog', 'chat', 0, 0, 0, 0, 0, 'counted', 'denied',
          'rate_limited', false, false, 0, false, '{}', '{}' from generate_series(1, $2)`,
      [organizationId, count],
    );
  let certificate: Awaited<ReturnType<LookAtCertificate>> = null;
  const evaluate = (nowMs = clock.nowMs()) =>
    notifications
      .evaluator({
        ...{ driftedCounters: async () => 0, lateJobs: async () => [], diskUse: async () => null },
        certificate: async () => certificate,
      })
      .evaluate(nowMs);
  const HOUR_MS = 3_600_000;
  // How busy the machine is that the tests run on is nothing to tell anybody of.
  beforeAll(async () => {
    await superadmin.request('PUT', '/api/admin/alert-rules/latency_api', { body: { is_enabled: false } });
  });

  it('fire once while something is wrong, tell admins, are acknowledged, end by themselves and fire again', async () => {
    await deny(place.id, 5);
    expect(await evaluate()).toEqual({ fired: 0, resolved: 0, open: 0 });
    await deny(place.id, 1);
    expect(await evaluate()).toEqual({ fired: 1, resolved: 0, open: 1 });
    expect(await evaluate()).toEqual({ fired: 0, resolved: 0, open: 1 });
    await dispatch();
    expect((await list(place.admin, '?type=alert')).map(({ title }) => title)).toEqual([
      'Many calls are denied by limits',
    ]);

    const { body } = await place.admin.request('GET', '/api/alerts?status=open');
    expect(body.data).toMatchObject([
      { rule: 'rate_limit_denials', value: 6, threshold: 5, status: 'open', organization: { id: place.id } },
    ]);
    const [{ id }] = body.data;
    const acknowledge = (person: ApiPerson) => person.request('POST', `/api/alerts/${id}/acknowledge`);
    expect((await acknowledge(place.stranger)).status).toBe(404);
    expect((await acknowledge(place.member)).status).toBe(403);
    expect((await acknowledge(place.admin)).body.data).toMatchObject({ status: 'acknowledged' });
    expect((await acknowledge(place.owner)).body.data.acknowledged_by).toBe(place.admin.userId);
    expect((await place.actions()).filter((action) => action === 'alert.acknowledge')).toHaveLength(1);

    expect(await evaluate(clock.nowMs() + 2 * HOUR_MS)).toMatchObject({ fired: 0, resolved: 1 });
    expect((await place.admin.request('GET', '/api/alerts?status=resolved')).body.data.length).toBe(1);
    expect(await evaluate()).toMatchObject({ fired: 1 });
  });

  it('follow the rule as an organization has it, and the platform’s where it has none', async () => {
    const path = '/api/alert-rules/rate_limit_denials';
    const changed = await place.admin.request('PUT', path, { body: { threshold: 100 } });
    expect(changed.body.data).toMatchObject({ threshold: 100, window_minutes: 60, source: 'organization' });
    expect(await evaluate()).toMatchObject({ fired: 0, resolved: 1 });
    const off = await superadmin.request('PUT', '/api/admin/alert-rules/rate_limit_denials', {
      body: { is_enabled: false },
    });
    expect(off.body.data).toMatchObject({ is_enabled: false, source: 'platform' });
    expect((await place.stranger.request('GET', '/api/alert-rules')).body.data[0]).toMatchObject({ is_enabled: false });
    expect((await place.admin.request('PUT', path, { body: { reset: true } })).body.data).toMatchObject({
      ...{ is_enabled: false, source: 'platform', threshold: 5 },
    });
    await superadmin.request('PUT', '/api/admin/alert-rules/rate_limit_denials', { body: { reset: true } });
    expect((await place.admin.request('GET', '/api/alert-rules')).body.data[0]).toMatchObject({ source: 'default' });
    expect((await place.admin.request('PUT', '/api/alert-rules/disk', { body: { threshold: 1 } })).status).toBe(404);
    expect((await place.admin.request('PUT', path, { body: { reset: true, threshold: 1 } })).status).toBe(400);
  });

  it('of every organization and the platform are the superadmin’s to see', async () => {
    expect((await superadmin.request('GET', `/api/admin/alerts?organization=${place.id}`)).body.data.length).toBe(2);
    expect((await superadmin.request('GET', '/api/admin/alerts?scope=platform')).body.data).toEqual([]);
    const [{ id }] = (await superadmin.request('GET', '/api/admin/alerts?scope=organization')).body.data;
    expect((await superadmin.request('POST', `/api/admin/alerts/${id}/acknowledge`)).status).toBe(200);
  });

  const [A, B] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b'];
  const openOf = async (rule: string) =>
    (await superadmin.request('GET', `/api/admin/alerts?status=open&rule=${rule}`)).body.data.length;

  it('of slow requests add up what every replica measured, once each, and end when it has passed', async () => {
    const time = createManualClock(clock.nowMs());
    const replicas = [A, B].map((replica) => createApiLatencies({ database, clock: time, next: () => {}, replica }));
    const measure = async (count: number) => {
      for (const replica of replicas) {
        for (let n = 0; n < count; n += 1) replica.observe('credit_deduct', 180);
        await replica.write();
        await replica.write();
      }
    };
    await measure(29);
    await evaluate(time.nowMs());
    expect(await openOf('latency_credit_deduct')).toBe(0);
    await measure(1);
    await evaluate(time.nowMs());
    await evaluate(time.nowMs());
    expect(await openOf('latency_credit_deduct')).toBe(1);
    const { body } = await superadmin.request('GET', '/api/admin/alerts?rule=latency_credit_deduct');
    expect(body.data[0].details.detail).toContain('of 60 requests');
    await evaluate(time.nowMs() + HOUR_MS);
    expect(await openOf('latency_credit_deduct')).toBe(0);

    await evaluate(time.nowMs());
    const path = '/api/admin/alert-rules/latency_credit_deduct';
    const changed = await superadmin.request('PUT', path, { body: { threshold: 200 } });
    expect(changed.body.data).toMatchObject({ threshold: 200, unit: 'ms', fires: 'above', source: 'platform' });
    await evaluate(time.nowMs());
    expect(await openOf('latency_credit_deduct')).toBe(0);

    await server.owner.query(`update weir.api_latencies set minute = minute - interval '25 hours' where replica = $1`, [
      A,
    ]);
    expect(await removeLatencies(database, 100)).toBe(1);
    expect(await removeLatencies(database, 100)).toBe(0);
  });

  it('of the certificate stay as they are between looks', async () => {
    const holds = (days: number) => ({ host: 'weir.example', endsAtMs: clock.nowMs() + days * 24 * HOUR_MS });
    for (const [seen, open] of [
      [holds(3), 1],
      [null, 1],
      [holds(80), 0],
      [null, 0],
    ] as const) {
      certificate = seen;
      await evaluate();
      expect(await openOf('certificate')).toBe(open);
    }
  });

  it('know each request by its class', async () => {
    const count = async (latencyClass: string): Promise<number> => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      const sought = `weir_api_request_duration_seconds_count{class="${latencyClass}"} `;
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(sought))
          ?.slice(sought.length),
      );
    };
    const before = { check: await count('credit_check'), deduct: await count('credit_deduct') };
    const path = '/api/v1/tokens/check-balance';
    for (const action of ['check', 'check', 'deduct'])
      await place.member.request('POST', path, { body: { action, tokenType: 'lead_generation', amount: 1 } });
    await place.member.request('POST', path, { body: { action: 'nonsense' } });
    expect(await count('credit_check')).toBe(before.check + 2);
    expect(await count('credit_deduct')).toBe(before.deduct + 1);
    const shared = async () =>
      (
        await server.owner.query(`select class from weir.api_latencies where class like 'credit_%' and replica <> $1`, [
          B,
        ])
      ).rows;
    await expect.poll(shared, { timeout: PATIENCE_MS, interval: 50 }).toContainEqual({ class: 'credit_check' });
    const dashboards = await count('dashboard');
    await place.admin.request('GET', '/api/usage/organization');
    expect(await count('dashboard')).toBe(dashboards + 1);
  });
});
