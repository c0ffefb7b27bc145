// Covers whose fault an upstream’s refusal is, how long to wait, and what is taken out of its text.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactText } from './redaction.ts';
import { readRetryAfterSeconds } from './retry-after.ts';
import { brokenAnswer, errorOfFailure, failureOfAnswer, failureOfEvent } from './upstream-failure.ts';

const body = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const openAi = (message: string, more: object = {}) =>
  body({ error: { message, type: 'invalid_request_error', param: null, code: null, ...more } });
const anthropic = (type: string, message: string) =>
  body({ type: 'error', error: { type, message }, request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy' });
const FAULT = { retryable: true, callerFault: false, param: null };

describe('whose fault an upstream’s refusal is', () => {
  test.each<[string, number, Buffer, object]>([
    [
      'a context that is too long',
      400,
      openAi('This model’s maximum context length is 8192 tokens.', {
        code: 'context_length_exceeded',
        param: 'messages',
      }),
      {
        code: 'invalid_request',
        callerFault: true,
        retryable: false,
        param: 'messages',
        message: 'This model’s maximum context length is 8192 tokens.',
      },
    ],
    [
      'a wrong value',
      422,
      openAi('temperature: must be ≤ 2', { param: 'temperature' }),
      { code: 'invalid_request', callerFault: true, param: 'temperature' },
    ],
    [
      'Anthropic’s wrong value',
      400,
      anthropic('invalid_request_error', 'messages.0: bad role'),
      { code: 'invalid_request', callerFault: true, message: 'messages.0: bad role' },
    ],
    [
      'too large',
      413,
      anthropic('request_too_large', 'Request exceeds the maximum size'),
      { code: 'too_large', callerFault: true },
    ],
    ['a file that is not there', 404, openAi('No such File object: file-x'), { code: 'not_found', callerFault: true }],
    [
      'vLLM’s error',
      400,
      body({ object: 'error', message: 'bad n', code: 400 }),
      { code: 'invalid_request', callerFault: true, message: 'bad n' },
    ],
    [
      'Google’s list',
      400,
      body([{ error: { code: 400, message: 'bad n', status: 'INVALID_ARGUMENT' } }]),
      { code: 'invalid_request', callerFault: true },
    ],
    [
      'a quoted word about money',
      400,
      openAi("Invalid value: 'billing quota api key'"),
      { code: 'invalid_request', callerFault: true },
    ],
    [
      'a field named like our trouble',
      400,
      anthropic('invalid_request_error', 'Your credit balance is too low: Extra inputs are not permitted'),
      { code: 'invalid_request', callerFault: true },
    ],
    [
      'a file named like a model',
      404,
      openAi('No such File object: model-url-path'),
      { code: 'not_found', callerFault: true },
    ],
    [
      'an error that is a text',
      400,
      body({ error: 'bad n' }),
      { code: 'invalid_request', callerFault: true, message: 'bad n' },
    ],
  ])('%s is the caller’s', (_, status, content, expected) => {
    expect(failureOfAnswer(status, {}, content)).toMatchObject({ status, ...expected });
  });

  test.each<[string, number, Buffer, object]>([
    [
      'our key',
      401,
      openAi('Incorrect API key provided: sk-proj-****************abcd. You can find it at https://x'),
      { code: 'provider_error' },
    ],
    [
      'our key, told with a 400',
      400,
      openAi('API key not valid. Please pass a valid API key.'),
      { code: 'provider_error' },
    ],
    ['our rights', 403, openAi('Project proj_abc123 has no access'), { code: 'provider_error' }],
    ['our money', 402, anthropic('billing_error', 'x'), { code: 'provider_error' }],
    [
      'our credit',
      400,
      anthropic('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
      { code: 'provider_error' },
    ],
    [
      'our spend limit',
      400,
      anthropic('invalid_request_error', 'You have reached your specified API usage limits.'),
      { code: 'provider_error' },
    ],
    [
      'our quota',
      429,
      openAi('You exceeded your current quota', { type: 'insufficient_quota', code: 'insufficient_quota' }),
      { code: 'provider_error' },
    ],
    [
      'our rate',
      429,
      openAi('Rate limit reached for gpt-4o in organization org-abc', { type: 'tokens', code: 'rate_limit_exceeded' }),
      { code: 'overloaded' },
    ],
    [
      'our model’s name',
      404,
      openAi('The model `gpt-9` does not exist', { code: 'model_not_found' }),
      { code: 'provider_error' },
    ],
    ['our model’s name at Anthropic', 404, anthropic('not_found_error', 'model: claude-9'), { code: 'provider_error' }],
    ['our address', 404, body('<html>404</html>'), { code: 'provider_error' }],
    ['overload', 529, anthropic('overloaded_error', 'Overloaded'), { code: 'overloaded' }],
    ['unavailable', 503, body(''), { code: 'overloaded' }],
    ['a gateway’s time-out', 504, body('<html>'), { code: 'provider_timeout' }],
    ['a time-out', 408, body('{}'), { code: 'provider_timeout' }],
    ['a crash', 500, openAi('boom'), { code: 'provider_error' }],
    ['a proxy’s page', 502, body('<html>secret-host</html>'), { code: 'provider_error' }],
    ['a redirect', 302, body(''), { code: 'provider_error' }],
    ['a conflict', 409, openAi('locked'), { code: 'provider_error' }],
    ['a 400 without words', 400, body(''), { code: 'provider_error' }],
    ['a 400 that is cut', 400, body('{"error":{"mess'), { code: 'provider_error' }],
  ])('%s is the platform’s, told in our words', (_, status, content, expected) => {
    const failure = failureOfAnswer(status, {}, content);
    expect(failure).toMatchObject({ status, ...FAULT, ...expected });
    expect(failure.message).toMatch(/^(The provider|The platform)/);
  });

  test('an error event has no status; its type or number tells', () => {
    expect(failureOfEvent({ message: 'x', type: 'overloaded_error', code: '', param: null })).toMatchObject({
      code: 'overloaded',
      status: null,
    });
    expect(failureOfEvent({ message: 'x', type: '', code: '429', param: null })).toMatchObject({
      code: 'overloaded',
      status: null,
    });
    expect(failureOfEvent(null)).toMatchObject({ code: 'provider_error', status: null });
  });

  test('the final error carries the field and the wait', () => {
    const failure = failureOfAnswer(429, { 'retry-after': '7' }, openAi('slow down', { type: 'requests' }));
    expect(errorOfFailure(failure)).toMatchObject({ code: 'overloaded', status: 503, retryAfterSeconds: 7 });
    expect(errorOfFailure(brokenAnswer('Broken.'))).toMatchObject({
      code: 'provider_error',
      message: 'Broken.',
      param: undefined,
    });
  });
});

describe('how long to wait', () => {
  const date = 'Wed, 21 Oct 2026 07:28:00 GMT';
  test.each<[string, Record<string, string | string[]>, number | null]>([
    ['nothing', {}, null],
    ['seconds', { 'retry-after': '20' }, 20],
    ['a fraction', { 'retry-after': '0.2' }, 1],
    ['zero', { 'retry-after': '0' }, 0],
    ['negative', { 'retry-after': '-5' }, null],
    ['absurd', { 'retry-after': '99999999999' }, 86_400],
    ['words', { 'retry-after': 'soon' }, null],
    ['an exponent', { 'retry-after': '1e9' }, null],
    ['empty', { 'retry-after': '' }, null],
    ['milliseconds', { 'retry-after-ms': '1500', 'retry-after': '9' }, 2],
    ['senseless milliseconds', { 'retry-after-ms': 'x', 'retry-after': '9' }, 9],
    ['a date', { 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT', date }, 30],
    ['a date gone by', { 'retry-after': 'Wed, 21 Oct 2026 07:27:00 GMT', date }, null],
    ['a date without our bearings', { 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT' }, null],
    ['several', { 'retry-after': ['3', '4'] }, 3],
  ])('%s', (_, headers, expected) => {
    expect(readRetryAfterSeconds(headers)).toBe(expected);
  });
});

describe('what is taken out of a text', () => {
  test.each([
    ['Incorrect API key provided: sk-abcd************wxyz.', 'sk-'],
    ['key sk-proj-abcdefghijklmnop is wrong', 'abcdefgh'],
    ['key sk-ant-api03-Zx_9-abc is wrong', 'ant-api'],
    ['key gsk_abcdefgh is wrong', 'gsk_'],
    ['key AIzaSyA1234567890 is wrong', 'AIza'],
    ['Authorization: Bearer abc.def', 'abc.def'],
    ['token eyJhbGciOiJI.eyJzdWIi.c2ln', 'eyJ'],
    ['in organization org-AbCdEf123456 on tokens', 'org-Ab'],
    ['project proj_abc123 and workspace wrkspc_01Abc', 'abc123'],
    ['user-AbC123xyz', 'AbC123'],
    ['at http://vllm.internal:8000/v1/chat?x=1', 'internal'],
    ['connect 10.0.12.7:8000', '10.0'],
    ['ask ops@example.com', 'ops@'],
    ['0123456789abcdef0123456789abcdef01234567', '0123456789'],
  ])('%s', (text, secret) => {
    expect(redactText(text)).not.toContain(secret);
  });

  test('what helps the caller stays', () => {
    const text =
      'Invalid value for `messages[0].content[1].type`: "vid". max_tokens is too large: 99999 > 8192 (user_message)';
    expect(redactText(text)).toBe(text);
  });

  test('any text comes out as one bounded line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), (text) => {
        const result = redactText(text);
        expect(result.length).toBeLessThanOrEqual(1_000);
        expect(result).not.toMatch(/[\r\n]/);
      }),
    );
  });
});
