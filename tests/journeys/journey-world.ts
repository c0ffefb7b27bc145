// Owns: what journeys begin with: a whole server, a real mail server and a DNS zone, and people who arrive as anybody does. Not: what they do then.

import OpenAI from 'openai';
import { afterAll, beforeAll, expect } from 'vitest';
import { startMailServer, type TestMailServer } from '../../src/mail/testing/mail-server.ts';
import { startDnsServer, type TestDnsServer } from '../../src/network/testing/dns-server.ts';
import { type ApiBrowser, createApiBrowser } from '../../src/server/testing/api-browser.ts';
import type { ApiAnswer } from '../../src/server/testing/api-person.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../../src/server/testing/running-server.ts';
import { type CommandResult, runWeir } from '../../src/server/testing/server-process.ts';

/** What everybody signs in with. */
export const PASSWORD = 'correct horse battery';

/** Somebody in a browser. */
export interface Traveller extends Pick<ApiBrowser, 'request'> {
  readonly id: string;
  readonly email: string;
}

/** A server with what it needs around it. Nothing here looks into the database. */
export interface JourneyWorld {
  readonly url: string;
  readonly mail: TestMailServer;
  /** TXT records by name. */
  readonly texts: Map<string, readonly string[]>;
  /** Signs up, follows the link in the mail, and signs in. */
  arrive(name: string, email: string): Promise<Traveller>;
  /** Signs up where an admin invited them, and comes in by the link in that mail. */
  arriveInvited(admin: Traveller, name: string, email: string): Promise<Traveller>;
  /** A superadmin made from the command line, signed in. */
  superadmin(): Promise<Traveller>;
  /** The `weir` command, as a process of its own. */
  weir(...args: string[]): Promise<CommandResult>;
  /** Asks the sandbox for a word by the official SDK, without other tries. */
  ask(key: string): Promise<string>;
}

/** Gives the world of the file that calls this at its top level. */
export function journeyOfFile(options: TestServerOptions = {}): () => JourneyWorld {
  let parts: { readonly dns: TestDnsServer; readonly mail: TestMailServer; readonly server: TestServer } | undefined;
  let world: JourneyWorld | undefined;
  beforeAll(async () => {
    const texts = new Map<string, readonly string[]>();
    const dns = await startDnsServer(({ name, type }) => (type === 'TXT' ? (texts.get(name) ?? null) : null));
    const mail = await startMailServer();
    const server = await startTestServer(
      {
        ...{ WEIR_DNS_SERVERS: dns.address, WEIR_TRUST_PROXY: 'loopback' },
        ...{ WEIR_SMTP_URL: mail.url, WEIR_MAIL_FROM: 'Weir <weir@example.test>' },
      },
      options,
    );
    parts = { dns, mail, server };
    world = worldOf(server, mail, texts);
  });
  afterAll(async () => {
    await parts?.server.close();
    await parts?.mail.close();
    await parts?.dns.close();
  });
  return () => {
    if (!world) throw new Error('the world begins with the first test');
    return world;
  };
}

/** What an answer holds, once it has the status that was expected. */
export function dataOf(answer: ApiAnswer, status = 200): ApiAnswer['body'] {
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  return answer.body?.data;
}

/** Signs in where no second factor is asked for. */
export async function signIn(browser: ApiBrowser, email: string, password = PASSWORD): Promise<Traveller> {
  dataOf(await browser.request('POST', '/api/auth/sign-in/email', { body: { email, password } }));
  const { user } = dataOf(await browser.request('GET', '/api/me'));
  return { id: user.id, email, request: browser.request };
}

/** What a call of the gateway came to; of a refusal the `weir` extension. */
export interface CallOutcome {
  readonly status: number;
  readonly headers: Headers;
  readonly code: string | null;
  readonly message: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test is about
  readonly weir: any;
  /** As the vendor's shape has it; of a refusal none. */
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
}

/** Asks a model, a template or `auto` over plain HTTP. */
export async function callModel(
  world: Pick<JourneyWorld, 'url'>,
  key: string,
  call: { readonly model: string; readonly prompt?: string },
): Promise<CallOutcome> {
  const response = await fetch(`${world.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: call.model, messages: [{ role: 'user', content: call.prompt ?? 'Hello, Weir' }] }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test is about
  const { error, usage } = (await response.json()) as any;
  const { status, headers } = response;
  return { status, headers, code: error?.weir.code ?? null, message: error?.message ?? null, weir: error?.weir, usage };
}

/** Ids of `GET /v1/models`. */
export async function listedModels(world: Pick<JourneyWorld, 'url'>, key: string): Promise<string[]> {
  const response = await fetch(`${world.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
  const { data } = (await response.json()) as { data: { id: string }[] };
  return data.map(({ id }) => id);
}

/** The last event of an answer of `POST /api/chat`, or the problem that came in its place. */
export async function chatOutcome(who: Traveller, body: Record<string, unknown>) {
  const { status, body: answer } = await who.request('POST', '/api/chat', { body });
  if (status !== 200) return { status, event: null, data: answer };
  const last = [...(answer as string).matchAll(/^event: (\w+)\ndata: (.*)$/gm)].at(-1);
  return { status, event: last?.[1] ?? null, data: JSON.parse(last?.[2] ?? 'null') };
}

/** The token in the link of the newest mail to somebody, which leads to a page of ours. */
export async function tokenMailedTo(world: JourneyWorld, email: string, page: string): Promise<string> {
  const { links } = await world.mail.next(email);
  const link = new URL(links[0] ?? '');
  expect([link.origin, link.pathname]).toEqual([world.url, page]);
  return link.searchParams.get('token') ?? '';
}

function worldOf(server: TestServer, mail: TestMailServer, texts: Map<string, readonly string[]>): JourneyWorld {
  const weir = (...args: string[]) => runWeir(server.directory, args, server.environment);
  const world: JourneyWorld = {
    ...{ url: server.url, mail, texts, weir },
    async arrive(name, email) {
      const browser = createApiBrowser(server);
      const account = { name, email, password: PASSWORD };
      const made = await browser.request('POST', '/api/auth/sign-up/email', { body: account });
      expect(dataOf(made, 202)).toEqual({ email, verification_required: true });
      const token = await tokenMailedTo(world, email, '/verify-email');
      dataOf(await browser.request('POST', '/api/auth/verify-email', { body: { token } }), 204);
      return signIn(browser, email);
    },
    async arriveInvited(admin, name, email) {
      dataOf(await admin.request('POST', '/api/organizations/invite', { body: { email } }), 201);
      const token = await tokenMailedTo(world, email, '/accept-invitation');
      const person = await world.arrive(name, email);
      dataOf(await person.request('POST', '/api/organizations/invitations/accept', { body: { token } }));
      return person;
    },
    async superadmin() {
      const made = await weir('user', 'create-superadmin', '--email', 'root@weir.example', '--name', 'Root');
      expect(made.code, made.stderr).toBe(0);
      return signIn(createApiBrowser(server), 'root@weir.example', made.stdout.trim());
    },
    async ask(key) {
      const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: key, maxRetries: 0 });
      const messages = [{ role: 'user' as const, content: 'Hello, Weir' }];
      const answer = await client.chat.completions.create({ model: 'sandbox-chat', messages });
      return answer.choices[0]?.message.content ?? '';
    },
  };
  return world;
}
