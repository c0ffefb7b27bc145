// Owns: looking at the certificate that the public address presents. Not: judging how long it still holds (control/notifications).

import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { Clock } from '../../primitives/clock.ts';

/** What was seen: when it ends, or why it can't be relied on. */
export type CertificateFinding =
  | { readonly host: string; readonly endsAtMs: number }
  | { readonly host: string; readonly fault: string };

/** Looks; null when nobody answers there, or when it is not time to look. Never rejects. */
export type LookAtCertificate = () => Promise<CertificateFinding | null>;

const TIMEOUT_MS = 5_000;
const HTTPS_PORT = 443;
const HOUR_MS = 3_600_000;
/** What is wrong is looked at again soon, to see that it has been put right. */
const SOON_MS = 300_000;
const SOON_DAYS = 30;
const DAY_MS = 86_400_000;

/** Looks at most once an hour, every five minutes while something is wrong or near its end. Null without an `https` address: there is nothing to look at. */
export function createCertificateLook(options: {
  readonly publicUrl: string | null;
  readonly clock: Clock;
  /** Authorities besides the machine's, in PEM. */
  readonly authorities?: string;
  readonly timeoutMs?: number;
}): LookAtCertificate {
  const { publicUrl, clock, authorities, timeoutMs = TIMEOUT_MS } = options;
  if (publicUrl?.startsWith('https:') !== true) return async () => null;
  const url = new URL(publicUrl);
  let nextMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const nowMs = clock.monotonicMs();
    if (nowMs < nextMs) return null;
    nextMs = nowMs + SOON_MS;
    const finding = await look(url, { timeoutMs, ...(authorities !== undefined && { authorities }) });
    const isFine = finding !== null && 'endsAtMs' in finding && finding.endsAtMs > clock.nowMs() + SOON_DAYS * DAY_MS;
    if (isFine) nextMs = nowMs + HOUR_MS;
    return finding;
  };
}

/** The operator's own address, so no guard stands before it. Verified as any client would. */
function look(
  { hostname, port }: URL,
  { timeoutMs, authorities }: { readonly timeoutMs: number; readonly authorities?: string },
): Promise<CertificateFinding | null> {
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    let isReached = false;
    const socket = connect({
      ...{ host, port: port === '' ? HTTPS_PORT : Number(port) },
      ...(isIP(host) === 0 && { servername: host }),
      ...(authorities !== undefined && { ca: authorities }),
    });
    const end = (finding: CertificateFinding | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(finding);
    };
    // A host that can't reach itself by its public name says nothing of the certificate.
    const fail = (fault: string): void => end(isReached ? { host, fault } : null);
    const timer = setTimeout(() => fail(`no certificate in ${timeoutMs / 1_000} s`), timeoutMs);
    socket.once('connect', () => {
      isReached = true;
    });
    socket.once('secureConnect', () => {
      const endsAtMs = Date.parse(socket.getPeerCertificate().valid_to);
      if (Number.isNaN(endsAtMs)) fail('its end can not be read');
      else end({ host, endsAtMs });
    });
    socket.once('end', () => fail('the connection was closed before a certificate came'));
    socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'no secure connection could be made'));
  });
}
