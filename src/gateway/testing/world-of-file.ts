// Owns: the life of a test file's gateway: started before, its books checked after each test, closed at the end. Not: the gateway (gateway-world.ts).

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createGatewayWorld, type GatewayWorld, type GatewayWorldOptions } from './gateway-world.ts';
import { expectBooksInOrder } from './ledger-view.ts';

/** Gives the world of the file that calls this at its top level. After every test no hold is open, each call has one event and drift is 0. */
export function worldOfFile(options?: GatewayWorldOptions): () => GatewayWorld {
  let world: GatewayWorld | undefined;
  const get = (): GatewayWorld => {
    if (!world) throw new Error('the world begins with the first test');
    return world;
  };
  beforeAll(async () => {
    world = await createGatewayWorld(options);
  });
  afterEach(async () => {
    get().tap.answerWith(null);
    get().tap.forget();
    await expectBooksInOrder(get());
  });
  afterAll(() => world?.close());
  return get;
}

/** OpenAI's own SDK at a gateway. */
export function openaiAt(url: string, apiKey: string, maxRetries = 2): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries });
}

/** Anthropic's own SDK at a gateway. */
export function anthropicAt(url: string, apiKey: string, maxRetries = 2): Anthropic {
  return new Anthropic({ baseURL: url, apiKey, maxRetries });
}
