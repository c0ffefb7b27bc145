// Owns: what a person reads when the server is ready: where to go, with which accounts and key, and a line to paste. Not: printing it (main.ts).

import { demoOrganizations, demoUsers } from '../../database/seeds/demo/demo-people.ts';
import type { Config } from '../settings/config.ts';
import type { DemoFile } from './state-files.ts';

/** What is told. */
export interface Announcement {
  readonly config: Pick<Config, 'mode' | 'sandbox' | 'providers' | 'mail'>;
  readonly url: string;
  readonly isEmbedded: boolean;
  /** Null where there is no demo world. */
  readonly demo: { readonly file: DemoFile; readonly path: string } | null;
}

/** The text, several lines. Holds demo passwords and keys: for the terminal, never the log. */
export function renderAnnouncement({ config, url, isEmbedded, demo }: Announcement): string {
  const database = isEmbedded ? 'the embedded PostgreSQL' : 'the PostgreSQL of DATABASE_URL';
  const lines = [
    '',
    `  Weir is ready on ${url}  (${config.mode}, with ${database})`,
    '',
    `    gateway   ${url}/v1  (OpenAI SDK: base URL ${url}/v1; Anthropic SDK: ${url})`,
    `    API       ${url}/docs  (for tools: ${url}/openapi.json)`,
    `    health    ${url}/readyz   metrics ${url}/metrics`,
    ...providerLines(config),
    ...(config.mail === null ? ['    mail      kept here: npm run weir -- mail list  (WEIR_SMTP_URL sends it)'] : []),
    ...(demo === null ? ['    keys      npm run weir -- keys create --organization <slug>'] : demoLines(demo)),
  ];
  if (demo !== null) lines.push('', '  Try it:', '', `    ${curlLine(url, demo.file.keys.pro, config.sandbox)}`);
  return `${lines.join('\n')}\n\n`;
}

/** One line that a shell takes as it is. */
function curlLine(url: string, key: string, sandbox: boolean): string {
  const body = JSON.stringify({
    model: sandbox ? 'sandbox-chat' : 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'Hello, Weir' }],
  });
  return `curl ${url}/v1/chat/completions -H 'authorization: Bearer ${key}' -H 'content-type: application/json' -d '${body}'`;
}

function providerLines({ sandbox, providers }: Pick<Config, 'sandbox' | 'providers'>): string[] {
  const withKey = Object.entries(providers).flatMap(([slug, { secret }]) => (secret === undefined ? [] : [slug]));
  const keyed = withKey.length === 0 ? [] : [`    vendors   ${withKey.join(', ')}: keys from the environment`];
  return sandbox
    ? [...keyed, '    sandbox   on: a made-up provider answers for vendors without a key, and says so in its headers']
    : keyed;
}

function demoLines({ file, path }: { file: DemoFile; path: string }): string[] {
  const width = Math.max(...demoUsers.map(({ email }) => email.length));
  const accounts = demoUsers.map(({ key, email }) => {
    const password = file.users[key]?.password;
    return `      ${email.padEnd(width)}  ${password ? password : '(password in the demo.json of the first server)'}  ${key}`;
  });
  const keys = demoOrganizations.map(({ plan, name }) => `      ${plan.padEnd(width)}  ${file.keys[plan]}  ${name}`);
  return [`    demo      ${path}`, '', '  Accounts:', ...accounts, '', '  Keys:', ...keys];
}
