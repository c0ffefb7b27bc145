// Covers reading messages requests, and the bound of their input.

import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base';
import { describe, expect, test } from 'vitest';
import { messagesCall } from '../wire/testing/call-fixtures.ts';
import { parseCountTokens } from './messages-call.ts';

const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
const pdf = { type: 'base64', media_type: 'application/pdf', data: 'A'.repeat(50_000) };

describe('reading a messages request', () => {
  test.each([
    ['messages[0].content', user(undefined)],
    ['messages[0].content', user({})],
    ['messages[0].content[0]', user(['Hi'])],
    ['messages[0].content[0].text', user([{ type: 'text', text: null }])],
    ['messages[0].content[0].source', user([{ type: 'image' }])],
    ['messages[0].content[0].source', user([{ type: 'document' }])],
    ['messages[0].content[0].source.data', user([{ type: 'document', source: { type: 'text' } }])],
    ['messages[0].content[0].content', user([{ type: 'tool_result', tool_use_id: 'a', content: 5 }])],
    ['system', { system: 5 }],
    ['system[0]', { system: ['a'] }],
    ['max_tokens', { max_tokens: 0 }],
    ['stream', { stream: 1 }],
    ['tools', { tools: 'all' }],
    ['tools[0]', { tools: ['all'] }],
  ])('%s is named when it is not valid: %j', (param, fields) => {
    expect(() => messagesCall(fields)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });

  test('what Weir decides on is read', () => {
    const call = messagesCall({
      stream: true,
      tools: [{ name: 'f', input_schema: {} }],
      output_config: { format: { type: 'json_schema', schema: {} } },
      ...user([{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }]),
    });
    expect(call).toMatchObject({
      route: 'messages',
      protocol: 'anthropic',
      stream: true,
      maxOutputTokens: 100,
      images: { low: 0, high: 1 },
      needs: ['chat', 'streaming', 'tools', 'vision', 'json_schema'],
    });
  });

  test('a missing max_tokens is left to the template or the model', () => {
    expect(messagesCall({ max_tokens: undefined }).maxOutputTokens).toBeNull();
  });

  test('a count has no stream', () => {
    const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], stream: true };
    expect(parseCountTokens(Buffer.from(JSON.stringify(body)))).toMatchObject({ route: 'count_tokens', stream: false });
  });

  test('the bound is never below a real count, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const call = messagesCall({ system: [{ type: 'text', text }], ...user([{ type: 'text', text }]) });
        expect(call.inputTokensBound).toBeGreaterThanOrEqual(countTokens(text) * 2);
      }),
    );
  });

  test.each([
    ['a system prompt', { system: 'x'.repeat(900) }, 900],
    [
      'tool results',
      user([{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'x'.repeat(900) }] }]),
      900,
    ],
    ['tool inputs', user([{ type: 'tool_use', id: 'a', name: 'f', input: { a: 'x'.repeat(900) } }]), 900],
    ['thinking', user([{ type: 'thinking', thinking: 'x'.repeat(900), signature: 's' }]), 900],
    ['a PDF', user([{ type: 'document', source: pdf }]), 50_000],
    [
      'a text document',
      user([{ type: 'document', title: 'x'.repeat(900), source: { type: 'text', data: 'x'.repeat(900) } }]),
      1_800,
    ],
    ['a nested document', user([{ type: 'document', source: { type: 'content', content: 'x'.repeat(900) } }]), 900],
    ['a document elsewhere', user([{ type: 'document', source: { type: 'url', url: 'https://x' } }]), 200_000],
    ['tools', { tools: [{ name: 'f', description: 'x'.repeat(900), input_schema: {} }] }, 900],
    ["a vendor's tool", { tools: [{ type: 'bash_20250124', name: 'bash' }] }, 4_000],
    ['a schema', { output_config: { format: { schema: { a: 'x'.repeat(900) } } } }, 900],
  ])('%s counts', (_, fields, least) => {
    expect(messagesCall(fields).inputTokensBound - messagesCall().inputTokensBound).toBeGreaterThanOrEqual(least - 2);
  });
});
