// Owns: the vendors' own SDKs against a sandbox of its own, and the calls that their tests share. Does not own: expectations.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll } from 'vitest';
import { systemClock } from '../../../primitives/clock.ts';
import { createSandboxServer } from '../sandbox-server.ts';

/** Both SDKs, which do not retry. */
interface SdkClients {
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
}

/** Starts a sandbox on a free port, until the test file ends, and opens both SDKs on it. */
export async function openSdkClients(): Promise<SdkClients> {
  const sandbox = createSandboxServer({ clock: systemClock });
  const { url } = await sandbox.listen({ host: '127.0.0.1', port: 0 });
  afterAll(() => sandbox.close());
  return {
    openai: new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 }),
    anthropic: new Anthropic({ baseURL: url, apiKey: 'any', maxRetries: 0 }),
  };
}

/** The sandbox's chat model. */
export const model = 'sandbox-chat';

/** A conversation of one user message. */
export const user = (content: string): [{ role: 'user'; content: string }] => [{ role: 'user', content }];

/** The schema of what the tests' tool takes. */
export const weather = {
  type: 'object' as const,
  properties: {
    city: { type: 'string' },
    unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
    days: { type: 'integer', minimum: 1, maximum: 14 },
  },
  required: ['city', 'unit', 'days'],
  additionalProperties: false,
};

/** All that a stream brings. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
