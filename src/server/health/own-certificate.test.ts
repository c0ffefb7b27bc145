// Proves: the certificate of the public address is seen as it is: until when it holds, or why it does not; nothing is said where nobody answers or before its time.

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { createManualClock, systemClock } from '../../primitives/clock.ts';
import { takeClosedPort } from '../../primitives/testing/closed-port.ts';
import { makeTestCertificate, type TestCertificate } from '../testing/certificate.ts';
import { createCertificateLook } from './own-certificate.ts';

const DAY_MS = 86_400_000;
const nowMs = systemClock.nowMs();
const servers: { server: Server; sockets: Set<Socket> }[] = [];
afterAll(async () => {
  for (const { server, sockets } of servers) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({ server, sockets });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

const serve = ({ cert, key }: TestCertificate): Promise<string> => listen(createTlsServer({ cert, key }));
const days = (from: number, to: number) => ({ fromMs: nowMs + from * DAY_MS, toMs: nowMs + to * DAY_MS });
const lookAt = (publicUrl: string | null, more: { authorities?: string; timeoutMs?: number } = {}) =>
  createCertificateLook({ publicUrl, clock: systemClock, ...more })();

test('one that holds is seen with its end', async () => {
  const certificate = makeTestCertificate('localhost', days(-1, 10));
  const found = await lookAt(await serve(certificate), { authorities: certificate.cert });
  const endsAtMs = Math.floor((nowMs + 10 * DAY_MS) / 1_000) * 1_000;
  expect(found).toEqual({ host: 'localhost', endsAtMs });
});

test.each([
  ['that has ended', makeTestCertificate('localhost', days(-10, -1)), 'CERT_HAS_EXPIRED'],
  ['of another host', makeTestCertificate('example.com', days(-1, 10)), 'ERR_TLS_CERT_ALTNAME_INVALID'],
])('one %s is a fault', async (_name, certificate, fault) => {
  const url = await serve(certificate);
  expect(await lookAt(url, { authorities: certificate.cert })).toEqual({ host: 'localhost', fault });
});

test('one that nobody vouches for is a fault', async () => {
  const url = await serve(makeTestCertificate('localhost', days(-1, 10)));
  expect(await lookAt(url)).toEqual({ host: 'localhost', fault: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});

test.each([
  ['talks no TLS', (socket: Socket) => socket.write('220 ready\r\n'), expect.any(String)],
  ['hangs up', (socket: Socket) => socket.destroy(), expect.any(String)],
  ['says nothing', () => {}, 'no certificate in 0.2 s'],
])('a server that %s is a fault', async (_name, answer, fault) => {
  const url = await listen(createServer((socket) => void answer(socket)));
  expect(await lookAt(url, { timeoutMs: 200 })).toEqual({ host: 'localhost', fault });
});

test('nothing is said where nobody answers, or without an address that is https', async () => {
  const closed = await takeClosedPort();
  expect(await lookAt(`https://localhost:${closed.port}`)).toBeNull();
  await closed.giveBack();
  expect(await lookAt('http://localhost:1')).toBeNull();
  expect(await lookAt(null)).toBeNull();
});

test.each([
  ['an hour when it is fine', 90, 3_600_000],
  ['five minutes when it ends soon', 10, 300_000],
])('it is looked at again after %s', async (_name, holds, pauseMs) => {
  const certificate = makeTestCertificate('localhost', days(-1, holds));
  const clock = createManualClock(nowMs);
  const publicUrl = await serve(certificate);
  const look = createCertificateLook({ publicUrl, clock, authorities: certificate.cert });
  expect(await look()).not.toBeNull();
  clock.advance(pauseMs - 1);
  expect(await look()).toBeNull();
  clock.advance(1);
  expect(await look()).not.toBeNull();
});
