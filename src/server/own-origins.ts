// Owns: under which origins people reach this server, for links and for telling our own pages from others'. Not: checking requests by them (api/origin-rules.ts).

import type { FastifyInstance } from 'fastify';

/** The origins. */
export interface OwnOrigins {
  /** The first is what links begin with. */
  find(): readonly [string, ...string[]];
  /** Those, and the ones that the operator trusts as well. */
  trusted(): ReadonlySet<string>;
  /** From now on the server is asked: its port may be known only once it listens. */
  servedBy(app: FastifyInstance): void;
}

/** Of the public address, or of the names of this machine with the port. */
export function createOwnOrigins(settings: {
  readonly publicUrl: string | null;
  readonly trustedOrigins: readonly string[];
}): OwnOrigins {
  const { publicUrl, trustedOrigins } = settings;
  let server: FastifyInstance | undefined;
  let origins: readonly [string, ...string[]] | undefined;
  let trusted: ReadonlySet<string> | undefined;
  const find = (): readonly [string, ...string[]] => {
    if (server === undefined) return [publicUrl ?? ''];
    origins ??= originsOf(server, publicUrl);
    return origins;
  };
  return {
    find,
    trusted() {
      trusted ??= new Set([...find(), ...trustedOrigins]);
      return trusted;
    },
    servedBy(app) {
      server = app;
    },
  };
}

function originsOf(app: FastifyInstance, publicUrl: string | null): readonly [string, ...string[]] {
  if (publicUrl !== null) return [publicUrl];
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return [`http://localhost:${port}`, `http://127.0.0.1:${port}`, `http://[::1]:${port}`];
}
