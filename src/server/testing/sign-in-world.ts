// Owns: a server with a real mail server behind it, and people who sign up, verify and sign in there, for tests. Not: what is tested.

import { randomUUID } from 'node:crypto';
import { startMailServer, type TestMailServer } from '../../mail/testing/mail-server.ts';
import { type ApiBrowser, createApiBrowser } from './api-browser.ts';
import type { ApiAnswer } from './api-person.ts';
import { startTestServer, type TestServer } from './running-server.ts';

/** The public address of the world's server: what its own pages come from. */
export const WORLD_ORIGIN = 'http://weir.test';
export const WORLD_PASSWORD = 'correct horse battery';

/** A server, its mail, and its people. */
export interface SignInWorld {
  readonly server: TestServer;
  readonly mail: TestMailServer;
  /** A new browser on one of our own pages. */
  open(): ApiBrowser;
  signUp(browser: ApiBrowser, email: string, password?: string): Promise<ApiAnswer>;
  signIn(browser: ApiBrowser, email: string, password?: string): Promise<ApiAnswer>;
  /** Somebody who signed up, verified their address and signed in. Throws when any of it failed. */
  join(): Promise<{ readonly email: string; readonly browser: ApiBrowser }>;
  /** The acts of a person in the audit log, in order. */
  actsOf(email: string): Promise<string[]>;
  close(): Promise<void>;
}

/** An address that nobody has yet. */
export const newEmail = (): string => `${randomUUID()}@people.example`;

/** The token in the first link of a mail. */
export const tokenOf = (links: readonly string[]): string => new URL(links[0] ?? '').searchParams.get('token') ?? '';

/** Starts one; close it in `afterAll`. */
export async function startSignInWorld(environment: Record<string, string> = {}): Promise<SignInWorld> {
  const mail = await startMailServer();
  const server = await startTestServer({
    ...{ WEIR_SMTP_URL: mail.url, WEIR_MAIL_FROM: 'Weir <weir@example.test>' },
    ...{ WEIR_TRUST_PROXY: 'loopback', WEIR_PUBLIC_URL: WORLD_ORIGIN },
    ...environment,
  });
  const open = (): ApiBrowser => {
    const browser = createApiBrowser(server);
    return {
      ...browser,
      request: (method, path, request = {}) =>
        browser.request(method, path, { ...request, headers: { origin: WORLD_ORIGIN, ...request.headers } }),
    };
  };
  const signUp = (browser: ApiBrowser, email: string, password = WORLD_PASSWORD) =>
    browser.request('POST', '/api/auth/sign-up/email', { body: { name: 'Ada', email, password } });
  const signIn = (browser: ApiBrowser, email: string, password = WORLD_PASSWORD) =>
    browser.request('POST', '/api/auth/sign-in/email', { body: { email, password } });
  return {
    ...{ server, mail, open, signUp, signIn },
    async join() {
      const [email, browser] = [newEmail(), open()];
      await signUp(browser, email);
      const { links } = await mail.next(email);
      await browser.request('POST', '/api/auth/verify-email', { body: { token: tokenOf(links) } });
      const { status } = await signIn(browser, email);
      if (status !== 200) throw new Error(`signing in answered ${status}`);
      return { email, browser };
    },
    async actsOf(email) {
      const { rows } = await server.owner.query<{ action: string }>(
        `select a.action from weir.audit_logs a join weir.users u on u.id = a.actor_id where u.email = $1 order by a.sequence`,
        [email],
      );
      return rows.map(({ action }) => action);
    },
    async close() {
      await server.close();
      await mail.close();
    },
  };
}
