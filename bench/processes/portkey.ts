// Owns: Portkey's gateway as a process, started as its package says, and what a call to it carries. Not: the calls.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ServingProcess, type StartedProcess, startProcess } from './child-process.ts';

const POLL_MS = 50;

/** Starts it without its console page and gives it once it listens. */
export async function startPortkey(options: {
  directory: string;
  stops: AsyncDisposableStack;
}): Promise<ServingProcess> {
  const port = await freePort();
  const program = fileURLToPath(import.meta.resolve('@portkey-ai/gateway/build/start-server.js'));
  const args = [program, `--port=${port}`, '--headless'];
  const started = startProcess({ ...options, name: 'portkey', args });
  await untilListening(port, started);
  return { name: 'portkey', url: `http://127.0.0.1:${port}`, pid: started.pid };
}

/** The headers that tell Portkey where a call goes. */
export function portkeyHeaders(upstream: string): Record<string, string> {
  return { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream}/v1` };
}

/** It can't be told to take a free port, so one is found for it. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(port: number, { process: gateway, ended }: StartedProcess): Promise<void> {
  while (gateway.exitCode === null && gateway.signalCode === null) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await delay(POLL_MS);
  }
  throw new Error(await ended);
}
