// Owns: the guarantee that both vendors' SDKs throw, for the sandbox's failures, what they throw for the vendors'.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { collect, openSdkClients, user } from './testing/sdk-calls.ts';

const { openai, anthropic } = await openSdkClients();

const max_tokens = 200;

describe('the OpenAI SDK', () => {
  it.each([
    [400, OpenAI.BadRequestError],
    [401, OpenAI.AuthenticationError],
    [403, OpenAI.PermissionDeniedError],
    [404, OpenAI.NotFoundError],
    [409, OpenAI.ConflictError],
    [422, OpenAI.UnprocessableEntityError],
    [429, OpenAI.RateLimitError],
    [503, OpenAI.InternalServerError],
  ])('throws its own error for %i', async (status, type) => {
    await expect(openai.chat.completions.create({ model: `m?status=${status}`, messages: user('a') })).rejects.toThrow(
      type,
    );
  });

  it('throws its connection error for a reset, and an error within a stream', async () => {
    await expect(openai.chat.completions.create({ model: 'm?reset', messages: user('a') })).rejects.toThrow(
      OpenAI.APIConnectionError,
    );
    const stream = await openai.chat.completions.create({
      model: 'm?stream-error=1',
      messages: user('a'),
      stream: true,
    });
    await expect(collect(stream)).rejects.toThrow(OpenAI.APIError);
  });

  it('retries what fails first', async () => {
    const client = openai.withOptions({ maxRetries: 1 });
    const answer = await client.chat.completions.create({
      model: 'm?fail-first=1&marker=sdk&retry-after-ms=1',
      messages: user('Hello'),
    });
    expect(answer.choices).toHaveLength(1);
  });
});

describe('the Anthropic SDK', () => {
  it.each([
    [400, Anthropic.BadRequestError],
    [401, Anthropic.AuthenticationError],
    [403, Anthropic.PermissionDeniedError],
    [404, Anthropic.NotFoundError],
    [409, Anthropic.ConflictError],
    [422, Anthropic.UnprocessableEntityError],
    [429, Anthropic.RateLimitError],
    [529, Anthropic.InternalServerError],
  ])('throws its own error for %i', async (status, type) => {
    const ask = anthropic.messages.create({ model: `m?status=${status}`, max_tokens, messages: user('a') });
    await expect(ask).rejects.toThrow(type);
  });

  it('throws its connection error for a reset, and an error within a stream', async () => {
    const ask = { max_tokens, messages: user('a') };
    await expect(anthropic.messages.create({ ...ask, model: 'm?reset' })).rejects.toThrow(Anthropic.APIConnectionError);
    const stream = anthropic.messages.stream({ ...ask, model: 'm?stream-error=1' });
    await expect(stream.finalMessage()).rejects.toThrow(Anthropic.APIError);
  });
});
