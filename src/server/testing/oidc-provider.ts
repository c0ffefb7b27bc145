// Owns: a real OpenID provider on loopback for tests: discovery, authorization, tokens signed with a key of its own. Not: asking a person anything: who comes is
// who was announced.

import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody who signs in there. */
export interface OidcPerson {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
}

/** The provider. */
export interface OidcProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who comes next. */
  person: OidcPerson;
  /** Changes the claims of tokens: what a hostile or broken provider would say. */
  distort: (claims: Record<string, unknown>) => Record<string, unknown>;
  close(): Promise<void>;
}

interface Grant {
  readonly person: OidcPerson;
  readonly nonce: string | null;
  readonly challenge: string | null;
}

/** Starts one on a free port. */
export async function startOidcProvider(nowMs: () => number): Promise<OidcProvider> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const grants = new Map<string, Grant>();
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (claims: Record<string, unknown>): string => {
    const content = `${encode({ alg: 'RS256', typ: 'JWT', kid: 'test' })}.${encode(claims)}`;
    return `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`;
  };
  const authorize = (url: URL): string => {
    const code = randomUUID();
    const { searchParams: asked } = url;
    grants.set(code, { person: provider.person, nonce: asked.get('nonce'), challenge: asked.get('code_challenge') });
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') ?? '');
    back.searchParams.set('session_state', 'of the provider');
    return back.href;
  };
  const exchange = (form: URLSearchParams): unknown => {
    const grant = grants.get(form.get('code') ?? '');
    grants.delete(form.get('code') ?? '');
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (grant === undefined || grant.challenge !== verifier) return undefined;
    const issuedAt = Math.floor(nowMs() / 1_000);
    const claims = {
      iss: provider.issuer,
      aud: provider.clientId,
      iat: issuedAt,
      exp: issuedAt + 300,
      ...grant.person,
    };
    const idToken = token(provider.distort(grant.nonce === null ? claims : { ...claims, nonce: grant.nonce }));
    return { access_token: randomUUID(), token_type: 'Bearer', expires_in: 300, id_token: idToken };
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', provider.issuer);
    const send = (status: number, body: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname === '/.well-known/openid-configuration')
      return send(200, {
        issuer: provider.issuer,
        authorization_endpoint: `${provider.issuer}/authorize`,
        token_endpoint: `${provider.issuer}/token`,
        jwks_uri: `${provider.issuer}/jwks`,
        id_token_signing_alg_values_supported: ['RS256'],
      });
    if (url.pathname === '/jwks')
      return send(200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'test', alg: 'RS256' }] });
    if (url.pathname === '/authorize') return void response.writeHead(302, { location: authorize(url) }).end();
    const tokens = exchange(new URLSearchParams(await textOf(request)));
    return tokens === undefined ? send(400, { error: 'invalid_grant' }) : send(200, tokens);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: OidcProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ clientId: 'weir', clientSecret: 'a secret of the client' },
    person: { sub: '1', email: 'nobody@people.example', email_verified: true, name: 'Nobody' },
    distort: (claims) => claims,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return provider;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
}
