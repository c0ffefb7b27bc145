// Owns: a connection to a test database that a test can cut, or silence so that neither side hears of it. Not: the database.

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import pg from 'pg';

export interface DatabaseProxy {
  /** The database's URL through the proxy. */
  readonly url: string;
  /** Connections made so far. */
  readonly connections: () => number;
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>;
  /** Passes nothing on over the connections that are open now, like a network that lost them; new ones work. */
  silence(): void;
}

/** Listens on loopback and passes everything on to the database behind `url`, over TCP or a Unix socket. */
export async function startDatabaseProxy(url: string): Promise<DatabaseProxy> {
  const target = new pg.Client({ connectionString: url });
  const upstream = target.host.startsWith('/')
    ? { path: `${target.host}/.s.PGSQL.${target.port}` }
    : { host: target.host, port: target.port };
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    const database = connect(upstream);
    for (const [from, to] of [[client, database] as const, [database, client] as const]) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const login = `${encodeURIComponent(target.user ?? '')}:${encodeURIComponent(String(target.password ?? ''))}`;
  return {
    url: `postgres://${login}@127.0.0.1:${port}/${target.database}`,
    connections: () => connections,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    silence() {
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
  };
}
