// Owns: a browser for tests of sign-in: it keeps cookies, says where it comes from, and has an address of its own. Not: what is asked with it.

import { createHmac } from 'node:crypto';
import { type ApiAnswer, type ApiRequest, requestApi } from './api-person.ts';

/** A browser. Start the server with `WEIR_TRUST_PROXY: 'loopback'`, so that its address is believed. */
export interface ApiBrowser {
  readonly cookies: Map<string, string>;
  readonly address: string;
  /** What it sends as `Cookie`. */
  cookie(): string;
  request(method: string, path: string, request?: ApiRequest): Promise<ApiAnswer>;
}

let browsers = 0;

/** A new one, without cookies. */
export function createApiBrowser(server: { readonly url: string }, address?: string): ApiBrowser {
  browsers += 1;
  const own = address ?? `198.51.${Math.floor(browsers / 250)}.${(browsers % 250) + 1}`;
  const cookies = new Map<string, string>();
  const cookie = (): string => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return {
    ...{ cookies, address: own, cookie },
    async request(method, path, request = {}) {
      const answer = await requestApi(server, [method, path], {
        ...request,
        headers: {
          origin: server.url,
          'x-forwarded-for': own,
          ...(cookies.size === 0 ? {} : { cookie: cookie() }),
          ...request.headers,
        },
      });
      for (const set of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (value === '' || /max-age=0(;|$)/i.test(set)) cookies.delete(name);
        else cookies.set(name, value);
      }
      return answer;
    },
  };
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

/** The code that an authenticator shows for an `otpauth:` address (RFC 6238: SHA-1, 6 digits, 30 s), at a time. */
export function totpCode(uri: string, nowMs: number): string {
  const bits = [...(new URL(uri).searchParams.get('secret') ?? '')]
    .filter((letter) => letter !== '=')
    .map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / STEP_MS)));
  const digest = createHmac('sha1', Buffer.from(bytes)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0x0f;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
