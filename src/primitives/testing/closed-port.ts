// Owns: a port on loopback where nobody listens, for tests of what happens then. Not: a port to listen on: that is asked of the system as 0.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** A port that refuses connections until it is given back. */
export interface ClosedPort {
  readonly port: number;
  giveBack(): Promise<void>;
}

/** Takes one: the near end of a connection, where nobody can listen. A port that was merely closed the system may give to the next who asks. */
export async function takeClosedPort(): Promise<ClosedPort> {
  const server = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(near, 'connect');
  return {
    port: near.localPort ?? 0,
    async giveBack() {
      const closed = once(server, 'close');
      near.destroy();
      server.close();
      await closed;
    },
  };
}
