// Proves: a running server sends mail that acts left in the outbox and, without a mail server, keeps it for `weir mail`.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMailServer, type TestMailServer } from '../../mail/testing/mail-server.ts';
import { ConfigError, readConfig } from '../settings/config.ts';
import { PATIENCE_MS } from '../testing/calls.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { runWeir } from '../testing/server-process.ts';

let mailServer: TestMailServer;
let server: TestServer;
beforeAll(async () => {
  mailServer = await startMailServer();
  server = await startTestServer({ WEIR_SMTP_URL: mailServer.url, WEIR_MAIL_FROM: 'Weir <weir@example.com>' });
});
afterAll(async () => {
  await server.close();
  await mailServer.close();
});

async function enqueue(to: string): Promise<string> {
  const { rows } = await server.owner.query<{ id: string }>(
    `select weir.enqueue_mail('test', $1, 'Hello', 'Hello https://weir.example.com/x', '<p>Hello</p>') as id`,
    [to],
  );
  return rows[0]?.id ?? '';
}

const weir = (args: string[], environment: Record<string, string> = {}) =>
  runWeir(server.directory, ['mail', ...args], { ...server.environment, ...environment });

test('mail that an act left in the outbox arrives without anybody asking', async () => {
  const id = await enqueue('ada@example.com');
  const received = await mailServer.next('ada@example.com');
  expect(received).toMatchObject({ from: 'weir@example.com', subject: 'Hello' });
  await expect
    .poll(async () => (await weir(['show', id])).stdout, { timeout: PATIENCE_MS })
    .toMatch(/to {7}ada@example\.com\nsubject {2}Hello\nstatus {3}sent, .*tried 1 times\n\n\(The text/);
});

test('weir mail lists, shows and refuses what is not there', async () => {
  await server.owner.query(`insert into weir.mail_outbox (id, kind, to_address, subject, text_body, status)
    values ('01890000-0000-7000-8000-00000000000b', 'test', 'kept@example.com', 'Kept', 'A text to read', 'kept')`);
  const [list, shown, missing, wrong] = await Promise.all([
    weir(['list', '--status', 'kept']),
    weir(['show', '01890000-0000-7000-8000-00000000000b']),
    weir(['show', 'nothing']),
    weir(['list', '--status', 'lost']),
  ]);
  expect(list.stdout).toMatch(/^01890000-\S+ {2}\S+Z {2}kept {5}kept@example\.com {2}Kept\n$/);
  expect(shown.stdout).toContain('\nA text to read\n');
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no mail nothing') });
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('--status is one of') });
});

test('weir mail test says what the mail server said', async () => {
  const settings = { WEIR_SMTP_URL: mailServer.url, WEIR_MAIL_FROM: 'weir@example.com' };
  expect(await weir(['test', 'grace@example.com'], settings)).toMatchObject({ code: 0 });
  expect((await mailServer.next('grace@example.com')).subject).toBe('Mail from Weir arrives');
  mailServer.judge(() => ({ code: 550, text: 'Not here' }));
  const refused = await weir(['test', 'grace@example.com'], settings);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/not taken: .*550 Not here/) });
  expect(await weir(['test', 'grace@example.com'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('WEIR_SMTP_URL'),
  });
});

test.each([
  [{ WEIR_SMTP_URL: 'smtp://mail.example.com' }, 'WEIR_MAIL_FROM is required'],
  [{ WEIR_SMTP_URL: 'http://mail.example.com', WEIR_MAIL_FROM: 'a@example.com' }, 'WEIR_SMTP_URL must be smtp://'],
  [{ WEIR_MAIL_FROM: 'nobody' }, 'WEIR_MAIL_FROM must be an address'],
  [{ WEIR_OUTBOUND_ALLOW: '10.0.0.0/8, *' }, 'WEIR_OUTBOUND_ALLOW must be a list'],
  [{ WEIR_DNS_SERVERS: 'dns.example.com' }, 'WEIR_DNS_SERVERS must be a list'],
])('settings that cannot work are named: %j', (environment, fault) => {
  expect(() => readConfig(environment)).toThrow(ConfigError);
  expect(() => readConfig(environment)).toThrow(fault);
});

test('settings become what mail and the network are made from', () => {
  const { mail, outboundAllow, dnsServers } = readConfig({
    WEIR_SMTP_URL: 'smtps://u:secret@mail.example.com',
    WEIR_MAIL_FROM: 'Weir <weir@example.com>',
    WEIR_OUTBOUND_ALLOW: 'Ollama.lan:11434, 10.0.0.0/8',
    WEIR_DNS_SERVERS: '9.9.9.9, [::1]:5353',
  });
  expect(mail?.from).toEqual({ name: 'Weir', address: 'weir@example.com' });
  expect(mail?.server).toMatchObject({ host: 'mail.example.com', port: 465, login: { user: 'u', pass: 'secret' } });
  expect(outboundAllow).toEqual(['ollama.lan:11434', '10.0.0.0/8']);
  expect(dnsServers).toEqual(['9.9.9.9', '[::1]:5353']);
  expect(readConfig({})).toMatchObject({ mail: null, outboundAllow: [], dnsServers: null });
});
