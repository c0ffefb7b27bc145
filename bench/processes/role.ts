// Owns: the processes that the benchmark starts as copies of itself, by role, and what such a process does with its own life. Not: starting them
// (child-process.ts).

import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/** What a process of ours says on its output once it serves. */
export interface RoleReady {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

/** Makes the server of a role from what its starter says of it. */
type RoleServer = (options: string) => Promise<Server>;

// Loaded when asked for: a proxy must not carry the memory of a gateway.
const ROLES: Readonly<Record<string, RoleServer>> = {
  'mock-upstream': async () => (await import('./mock-upstream.ts')).createMockUpstream(),
  'bare-proxy': async (upstream) => (await import('./bare-proxy.ts')).createBareProxy(upstream),
  'observed-gateway': async (options) =>
    (await import('./observed-gateway.ts')).createObservedGateway(JSON.parse(options)),
};

/** Serves as `role` until its starter ends or says so. Throws when there is no such role. */
export async function runRole(role: string, options: string): Promise<void> {
  const create = ROLES[role];
  if (create === undefined) throw new Error(`there is no role ${role}`);
  const server = await create(options);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ready: RoleReady = { url: `http://127.0.0.1:${port}` };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  // The starter holds the other end: when it is gone, however it went, this process goes too.
  process.stdin.resume();
  process.stdin.on('close', () => process.exit(0));
}
