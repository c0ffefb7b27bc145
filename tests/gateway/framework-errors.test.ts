// Proves: a refusal reaches the users of the AI SDK and of LangChain as an error with its status and Weir's own words, and a used-up limit is asked for once.

import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { ChatAnthropic } from '@langchain/anthropic';
import { ChatOpenAI } from '@langchain/openai';
import { APICallError, generateText, type LanguageModel, streamText } from 'ai';
import { describe, expect, test } from 'vitest';
import { gathered } from '../../src/gateway/testing/exchanges.ts';
import { FORGETFUL } from '../../src/gateway/testing/gateway-world.ts';
import { onlyEventOf } from '../../src/gateway/testing/ledger-view.ts';
import { addBudget, addModel, createTenant, type Tenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

// Streams that break one after the other are not to open a breaker, which would make the next call another error.
const world = worldOfFile({ upstreamLimits: FORGETFUL });

interface Ask {
  readonly key: string;
  readonly model: string;
  readonly prompt: string;
}

/** A library over one protocol: how it is asked, and what it throws. */
interface Client {
  readonly name: string;
  readonly whole: (ask: Ask) => Promise<unknown>;
  /** Reads to the end. */
  readonly streamed: (ask: Ask) => Promise<unknown>;
}

function ofAiSdk(name: string, modelOf: (ask: Ask) => LanguageModel): Client {
  // It tries each 429 again after seconds, whatever `x-should-retry` says; only this setting keeps it from that.
  const settings = { maxRetries: 0 };
  return {
    name: `the AI SDK over ${name}`,
    whole: (ask) => generateText({ model: modelOf(ask), prompt: ask.prompt, maxOutputTokens: 50, ...settings }),
    async streamed(ask) {
      // Errors are parts of its streams.
      const asked = { model: modelOf(ask), prompt: ask.prompt, maxOutputTokens: 50, onError: () => {}, ...settings };
      for await (const part of streamText(asked).stream) if (part.type === 'error') throw part.error;
    },
  };
}

function ofLangChain(name: string, modelOf: (ask: Ask) => ChatOpenAI | ChatAnthropic): Client {
  return {
    name: `LangChain’s ${name}`,
    whole: (ask) => modelOf(ask).invoke(ask.prompt),
    streamed: async (ask) => gathered(await modelOf(ask).stream(ask.prompt)),
  };
}

const openaiUrl = () => `${world().url}/v1`;
const CLIENTS: readonly Client[] = [
  ofAiSdk('OpenAI’s chat', ({ key, model }) => createOpenAI({ baseURL: openaiUrl(), apiKey: key }).chat(model)),
  ofAiSdk('OpenAI’s responses', ({ key, model }) => createOpenAI({ baseURL: openaiUrl(), apiKey: key })(model)),
  ofAiSdk('Anthropic’s messages', ({ key, model }) => createAnthropic({ baseURL: openaiUrl(), apiKey: key })(model)),
  ofLangChain(
    'ChatOpenAI',
    ({ key, model }) => new ChatOpenAI({ model, apiKey: key, configuration: { baseURL: openaiUrl() } }),
  ),
  ofLangChain(
    'ChatOpenAI with responses',
    ({ key, model }) =>
      new ChatOpenAI({ model, apiKey: key, configuration: { baseURL: openaiUrl() }, useResponsesApi: true }),
  ),
  ofLangChain(
    'ChatAnthropic',
    ({ key, model }) => new ChatAnthropic({ model, apiKey: key, anthropicApiUrl: world().url }),
  ),
];

/** How each refusal is brought about, and the words that reach the user. */
const CASES: readonly {
  readonly name: string;
  readonly arrange: () => Promise<Pick<Tenant, 'key'>>;
  readonly model?: string;
  readonly status: number;
  readonly words: RegExp;
}[] = [
  {
    name: '401 for a key that is wrong',
    arrange: async () => ({ key: 'wr_test_wrong' }),
    status: 401,
    words: /The key is not valid\./,
  },
  {
    name: '402 for a budget that is used up',
    arrange: async () => {
      const tenant = await createTenant(world().owner);
      await addBudget(world().owner, { organization_id: tenant.organizationId, amount_nano_usd: 1n });
      return tenant;
    },
    status: 402,
    words: /leaves less than this call may cost\. Ask an admin/,
  },
  {
    name: '403 for a model that is locked',
    arrange: async () => {
      await world().owner.query('delete from weir.models where id = $1', ['locked']);
      await addModel(world().owner, 'locked', { tier: 'premium', price_cents: 299 });
      await world().inForce();
      return createTenant(world().owner);
    },
    model: 'locked',
    status: 403,
    words: /The model locked is locked\. It costs \$2\.99\./,
  },
  {
    name: '404 for a model that is not there',
    arrange: () => createTenant(world().owner),
    model: 'gpt-99',
    status: 404,
    words: /Choose one from GET \/v1\/models\./,
  },
  {
    name: '429 for a quota that is used up',
    arrange: () => createTenant(world().owner, { organization: { token_quota_monthly: 1n } }),
    status: 429,
    words: /Wait for the reset or ask for a higher quota\./,
  },
];

/** What a library throws, as its users see it. */
async function failureOf(promise: Promise<unknown>): Promise<{ error: Error; status: unknown }> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('nothing was refused');
  return { error, status: APICallError.isInstance(error) ? error.statusCode : Reflect.get(error, 'status') };
}

describe.each(CLIENTS)('$name', (client) => {
  test.each(CASES)('$name', async ({ arrange, model = 'sandbox-chat', status, words }) => {
    const { key } = await arrange();
    for (const ask of [client.whole, client.streamed]) {
      const before = world().reports.length;
      const failure = await failureOf(ask({ key, model, prompt: 'x' }));
      expect(failure.status).toBe(status);
      expect(failure.error.message).toMatch(words);
      await world().settled();
      expect(world().reports.length - before).toBe(1);
    }
  });

  test.each(['cut=3', 'stream-error=3'])('a stream that breaks (%s) is an error to its reader', async (does) => {
    const tenant = await createTenant(world().owner);
    const ask = { key: tenant.key, model: 'sandbox-chat', prompt: `[[sandbox: ${does}]] Tell a story.` };
    await expect(client.streamed(ask)).rejects.toThrow();
    expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({ status: 'error', output: 3n });
  });
});
