// Proves: a mail goes out when what it speaks of is committed, once, however many replicas try, and is neither lost nor tried for ever.

import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDatabase, type Database } from '../database/pool.ts';
import { type Caller, withPlatform, withPrincipal } from '../database/principal.ts';
import { createTestDatabase, type TestDatabase } from '../database/testing/database.ts';
import { createSeededRandom } from '../primitives/random.ts';
import { createMail, type Mail } from './create-mail.ts';
import type { MailMessage } from './mail-message.rules.ts';
import { createSmtpTransport, type MailTransport, parseSmtpUrl } from './mail-transport.ts';
import { startMailServer, type TestMailServer } from './testing/mail-server.ts';

let databaseOf: TestDatabase;
let service: Database;
let gateway: Database;
let owner: pg.Client;
let server: TestMailServer;
let guarded: TestMailServer;
let transport: MailTransport;
let mail: Mail;
let lines: string[];

const log = {
  info: () => {},
  warn: (fields: object, text: string) => void lines.push(`${text} ${JSON.stringify(fields)}`),
  error: (fields: object, text: string) => void lines.push(`${text} ${JSON.stringify(fields)}`),
};
const random = createSeededRandom(7);
const from = { name: 'Weir', address: 'weir@example.com' };

function transportTo(url: string): MailTransport {
  const parsed = parseSmtpUrl(url);
  if (parsed === null) throw new Error('no SMTP URL');
  return createSmtpTransport({ server: parsed, from });
}

beforeAll(async () => {
  databaseOf = await createTestDatabase();
  const options = { url: databaseOf.url, max: 4, applicationName: 'mail tests', statementTimeoutMs: 0 };
  service = createDatabase({ ...options, role: 'weir_service' });
  gateway = createDatabase({ ...options, role: 'weir_gateway' });
  owner = new pg.Client({ connectionString: databaseOf.ownerUrl });
  await owner.connect();
  server = await startMailServer();
  guarded = await startMailServer({ login: { user: 'weir', pass: 'right horse' } });
  transport = transportTo(server.url);
});

afterAll(async () => {
  transport.close();
  await Promise.all([server.close(), guarded.close(), owner.end(), service.close(), gateway.close()]);
  await databaseOf.drop();
});

beforeEach(async () => {
  await owner.query('delete from weir.mail_outbox');
  lines = [];
  server.judge(() => null);
  mail = createMail({ database: service, transport, random, log });
});

let counter = 0;
function messageTo(to: string, rest: Partial<MailMessage> = {}): MailMessage {
  counter += 1;
  return { to, ...mail.templates.verifyAddress({ url: `https://weir.example.com/v?token=${counter}` }), ...rest };
}

async function rowOf(id: string): Promise<Record<string, unknown>> {
  const { rows } = await owner.query('select * from weir.mail_outbox where id = $1', [id]);
  return rows[0];
}

/** As if so much time had passed since it was written and tried. */
const age = (id: string, interval: string) =>
  owner.query(
    `update weir.mail_outbox set created_at = created_at - $2::interval, next_attempt_at = next_attempt_at - $2::interval where id = $1`,
    [id, interval],
  );

const member: Caller = {
  userId: '01890000-0000-7000-8000-00000000000a',
  organizationId: null,
  organizationRole: null,
  platformRole: 'user',
  impersonatorId: null,
};

test('a mail arrives with its link in text and HTML, and its text is forgotten then', async () => {
  const message = messageTo('ada@example.com');
  const id = await mail.send(message);
  expect(await mail.deliverDue(10)).toBe(1);
  const received = await server.next('ada@example.com');
  expect(received).toMatchObject({ to: ['ada@example.com'], from: 'weir@example.com', subject: message.subject });
  expect(received.links).toEqual([expect.stringContaining('/v?token=')]);
  expect(received.html).toContain(received.links[0]);
  expect(received.messageId).toBe(`<${id}@example.com>`);
  expect(received.headers).toContainEqual({ key: 'auto-submitted', value: 'auto-generated' });
  const row = await rowOf(id);
  expect(row).toMatchObject({ status: 'sent', attempts: 1, text_body: '', html_body: null, last_error: null });
  expect(await mail.deliverDue(10)).toBe(0);
});

test('a person’s act and its mail are one: committed together or not at all', async () => {
  const failing = withPrincipal(gateway, member, async (tx) => {
    await mail.enqueue(tx, messageTo('never@example.com'));
    throw new Error('the act failed');
  });
  await expect(failing).rejects.toThrow('the act failed');
  await withPrincipal(gateway, member, (tx) => mail.enqueue(tx, messageTo('grace@example.com')));
  expect(await mail.deliverDue(10)).toBe(1);
  await server.next('grace@example.com');
  expect(server.received.flatMap(({ to }) => to)).not.toContain('never@example.com');
});

test('whoever waits for mail to go is told at once', async () => {
  const told: string[] = [];
  const telling = createMail({ database: service, transport, random, log, onSend: () => void told.push('sent') });
  await telling.send(messageTo('told@example.com'));
  expect(told).toEqual(['sent']);
});

test('many replicas at once send each mail once', async () => {
  const to = (n: number): string => `crowd${n}@example.com`;
  for (let n = 0; n < 12; n += 1) await mail.send(messageTo(to(n)));
  const replicas = Array.from({ length: 4 }, () => createMail({ database: service, transport, random, log }));
  const counts = await Promise.all(replicas.map((replica) => replica.deliverDue(5)));
  let delivered = counts.reduce((sum, count) => sum + count, 0);
  for (let more = await mail.deliverDue(5); more > 0; more = await mail.deliverDue(5)) delivered += more;
  expect(delivered).toBe(12);
  const arrived = server.received.flatMap((each) => each.to).filter((address) => address.startsWith('crowd'));
  expect(arrived.sort()).toEqual(Array.from({ length: 12 }, (_, n) => to(n)).sort());
});

test('a refusal for now is tried again later, and not before', async () => {
  server.judge(() => ({ code: 451, text: 'Try again later' }));
  const id = await mail.send(messageTo('later@example.com'));
  await mail.deliverDue(10);
  const row = await rowOf(id);
  expect(row).toMatchObject({ status: 'pending', attempts: 1, last_error: expect.stringContaining('451') });
  expect(row.text_body).toContain('token=');
  expect(await mail.deliverDue(10)).toBe(0);
  server.judge(() => null);
  await age(id, '1 minute');
  expect(await mail.deliverDue(10)).toBe(1);
  expect((await server.next('later@example.com')).messageId).toContain(id);
  expect(lines.join()).not.toContain('later@example.com,');
});

test('a refusal for good is not tried again', async () => {
  server.judge((address) => (address === 'gone@example.com' ? { code: 550, text: 'No such user' } : null));
  const id = await mail.send(messageTo('gone@example.com'));
  await mail.deliverDue(10);
  expect(await rowOf(id)).toMatchObject({ status: 'failed', last_error: expect.stringContaining('550') });
  await age(id, '2 hours');
  expect(await mail.deliverDue(10)).toBe(0);
  expect(lines).toEqual([expect.stringContaining('given up')]);
});

test('a mail is tried for a day, one last time at its end, and then given up', async () => {
  server.judge(() => ({ code: 421, text: 'Busy' }));
  const id = await mail.send(messageTo('busy@example.com'));
  await age(id, '23 hours 59 minutes 55 seconds');
  await mail.deliverDue(10);
  const row = await rowOf(id);
  expect(row.status).toBe('pending');
  expect(Number(row.next_attempt_at) - Number(row.created_at)).toBeLessThanOrEqual(24 * 3_600_000);
  await age(id, '10 seconds');
  await mail.deliverDue(10);
  expect(await rowOf(id)).toMatchObject({ status: 'failed', attempts: 2 });
});

test('a mail whose replica died comes again when its claim ends, known by the same Message-ID', async () => {
  const dying: MailTransport = { deliver: () => Promise.reject(new Error('killed')), close: () => {} };
  const id = await mail.send(messageTo('again@example.com'));
  await expect(createMail({ database: service, transport: dying, random, log }).deliverDue(10)).rejects.toThrow(
    'killed',
  );
  expect(await mail.deliverDue(10)).toBe(0);
  await age(id, '6 minutes');
  expect(await mail.deliverDue(10)).toBe(1);
  expect((await server.next('again@example.com')).messageId).toContain(id);
});

test('a mail server that is away, or knows another password, is the operator’s to mend: the mail waits', async () => {
  const wrong = transportTo(guarded.url.replace('right', 'wrong'));
  const away = transportTo('smtp://127.0.0.1:1');
  for (const each of [wrong, away]) {
    const id = await mail.send(messageTo('patient@example.com'));
    await createMail({ database: service, transport: each, random, log }).deliverDue(10);
    const row = await rowOf(id);
    expect(row.status).toBe('pending');
    expect(`${row.last_error} ${lines.join()}`).not.toMatch(/horse|aG9yc2/);
    await owner.query('delete from weir.mail_outbox');
    each.close();
  }
  const right = transportTo(guarded.url);
  await mail.send(messageTo('patient@example.com'));
  await createMail({ database: service, transport: right, random, log }).deliverDue(10);
  expect((await guarded.next('patient@example.com')).to).toEqual(['patient@example.com']);
  right.close();
});

test('a password never goes to another machine without TLS', async () => {
  // The same server under a name that is not this machine's: it takes logins, and offers no TLS.
  const plain = transportTo(guarded.url.replace('127.0.0.1', '0.0.0.0'));
  const id = await mail.send(messageTo('careful@example.com'));
  await createMail({ database: service, transport: plain, random, log }).deliverDue(10);
  expect(await rowOf(id)).toMatchObject({ status: 'pending', last_error: expect.stringMatching(/ETLS|STARTTLS/) });
  expect(guarded.received.flatMap(({ to }) => to)).not.toContain('careful@example.com');
  plain.close();
});

test('the address of a mail server is read, and nothing else is taken for one', () => {
  expect(parseSmtpUrl('smtp://u:p%20w@mail.example.com')).toEqual({
    ...{ host: 'mail.example.com', port: 587, isSecure: false, isPlain: false },
    login: { user: 'u', pass: 'p w' },
  });
  expect(parseSmtpUrl('smtps://mail.example.com')).toMatchObject({ port: 465, isSecure: true, login: null });
  expect(parseSmtpUrl('smtp://[::1]:25?tls=off')).toMatchObject({ host: '::1', port: 25, isPlain: true });
  for (const bad of [
    '',
    'http://x',
    'smtp://',
    'smtp://x/y',
    'smtp://x?tls=maybe',
    'smtps://x?tls=off',
    'smtp://x#y',
    'smtp://%zz@x',
  ])
    expect(parseSmtpUrl(bad), bad).toBeNull();
});

test('without a mail server mail is kept, and is there to be read', async () => {
  const keeping = createMail({ database: service, transport: null, random, log });
  const id = await keeping.send(messageTo('kept@example.com'));
  expect(await keeping.deliverDue(10)).toBe(1);
  const door = <T>(work: Parameters<typeof withPlatform<T>>[2]) => withPlatform(service, 'read mail in a test', work);
  expect(await door((tx) => keeping.list(tx, { limit: 10, status: 'kept' }))).toMatchObject([{ id, status: 'kept' }]);
  const found = await door((tx) => keeping.find(tx, id));
  expect(found).toMatchObject({ to: 'kept@example.com', text: expect.stringContaining('token='), attempts: 0 });
  expect(await door((tx) => keeping.list(tx, { limit: 10, status: 'sent' }))).toEqual([]);
});

test('superadmins read mail through the person’s door; nobody else does', async () => {
  const id = await mail.send(messageTo('secret@example.com'));
  const { rows } = await owner.query<{ id: string }>(
    `insert into weir.users (id, email, name, platform_role) values
       ('01890000-0000-7000-8000-0000000000f1', 'root@example.com', 'Root', 'superadmin'),
       ('01890000-0000-7000-8000-0000000000f2', 'helper@example.com', 'Helper', 'platform_admin') returning id`,
  );
  const [root = '', helper = ''] = rows.map((row) => row.id);
  const find = (caller: Caller) => withPrincipal(gateway, caller, (tx) => mail.find(tx, id));
  expect(await find({ ...member, userId: root, platformRole: 'superadmin' })).toMatchObject({
    to: 'secret@example.com',
  });
  expect(await find({ ...member, userId: helper, platformRole: 'platform_admin' })).toBeUndefined();
  // What a caller says of itself is not what counts.
  expect(await find({ ...member, platformRole: 'superadmin' })).toBeUndefined();
});

test('an address or subject that carries a header is refused before anything is written', async () => {
  const bad = [
    { to: 'a@example.com\r\nBcc: eve@example.com' },
    { to: 'a@example.com,eve@example.com' },
    { subject: 'x\r\nBcc: eve@example.com' },
  ];
  for (const each of bad)
    await expect(mail.send({ ...messageTo('a@example.com'), ...each })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  const { rows } = await owner.query('select 1 from weir.mail_outbox');
  expect(rows).toEqual([]);
});

test('mail that has long been over is removed, and no other', async () => {
  const [waiting, young, old] = [
    await mail.send(messageTo('waiting@example.com')),
    await mail.send(messageTo('young@example.com')),
    await mail.send(messageTo('old@example.com')),
  ];
  await owner.query(`update weir.mail_outbox set status = 'failed' where id = any ($1)`, [[young, old]]);
  await owner.query(`update weir.mail_outbox set created_at = now() - interval '31 days' where id = any ($1)`, [
    [waiting, old],
  ]);
  expect(await mail.removeOld(10)).toBe(1);
  const { rows } = await owner.query<{ id: string }>('select id from weir.mail_outbox');
  expect(rows.map((row) => row.id).sort()).toEqual([waiting, young].sort());
});
