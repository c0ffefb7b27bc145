// Owns: the guarantees of the directives that break answers and streams.

import { describe, expect, it } from 'vitest';
import { dataLines, openSandboxCalls, readAll } from './testing/sandbox-calls.ts';

const { chat, messages } = await openSandboxCalls();

describe('broken answers', () => {
  it('reset ends the connection before the first byte', async () => {
    await expect(chat('reset')).rejects.toThrow();
  });

  it('cut breaks a stream off after as many pieces, and what was sent arrives', async () => {
    const { text, broken } = await readAll(await chat('cut=3 tokens=10', { stream: true }));
    expect(broken).toBe(true);
    const pieces = dataLines(text).map((line) => JSON.parse(line).choices[0].delta.content);
    expect(pieces.filter((piece: unknown) => piece)).toHaveLength(3);
  });

  it('cut in a whole answer leaves half of its JSON', async () => {
    const { text, broken } = await readAll(await chat('cut'));
    expect(broken).toBe(true);
    expect(() => JSON.parse(text)).toThrow();
  });

  it('cut beyond the answer breaks it off before its end', async () => {
    const { text, broken } = await readAll(await chat('cut=1000 tokens=2', { stream: true }));
    expect(broken).toBe(true);
    expect(text).toContain('"finish_reason":"stop"');
    expect(text).not.toContain('[DONE]');
  });

  it.each([
    ['OpenAI', () => chat('stall=2', { stream: true })],
    ['Anthropic', () => messages('stall=2', { stream: true })],
  ])('stall sends %s pieces and then nothing, and lets go when the client leaves', async (_name, ask) => {
    const response = await ask();
    const reader = response.body?.getReader();
    let text = '';
    while (text.split('"delta"').length < 3) text += Buffer.from((await reader?.read())?.value ?? []).toString();
    await reader?.cancel();
    expect(text).not.toMatch(/\[DONE\]|message_stop/);
  });

  it('stream-error sends an error event in the shape of the protocol and ends', async () => {
    const openai = await readAll(await chat('stream-error=1', { stream: true }));
    expect(openai.broken).toBe(false);
    expect(JSON.parse(dataLines(openai.text).at(-1) ?? '')).toMatchObject({ error: { type: 'server_error' } });
    const anthropic = await readAll(await messages('stream-error=1', { stream: true }));
    expect(JSON.parse(dataLines(anthropic.text).at(-1) ?? '')).toMatchObject({ error: { type: 'overloaded_error' } });
    const chosen = await readAll(await chat('stream-error=1 status=429', { stream: true }));
    expect(JSON.parse(dataLines(chosen.text).at(-1) ?? '')).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
  });

  it('no-done ends a stream without its mark', async () => {
    const openai = await readAll(await chat('no-done', { stream: true }));
    const anthropic = await readAll(await messages('no-done', { stream: true }));
    expect([openai.broken, anthropic.broken]).toEqual([false, false]);
    expect(openai.text).not.toContain('[DONE]');
    expect(anthropic.text).not.toContain('message_stop');
  });

  it('malformed puts an event that is no JSON between good ones, and halves a whole answer', async () => {
    const { text } = await readAll(await chat('malformed', { stream: true }));
    const bad = dataLines(text).filter((line) => {
      try {
        return line !== '[DONE]' && JSON.parse(line) === undefined;
      } catch {
        return true;
      }
    });
    expect(bad).toHaveLength(1);
    expect(text).toContain('[DONE]');
    const whole = await chat('malformed');
    expect(whole.status).toBe(200);
    await expect(whole.json()).rejects.toThrow();
  });

  it('huge-line sends a line of that length in a stream, and a body of that size otherwise', async () => {
    const { text } = await readAll(await chat('huge-line=300000', { stream: true }));
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBe(300_002);
    const whole = await (await chat('huge-line=300000')).text();
    expect(JSON.parse(whole).padding).toHaveLength(300_000);
    expect(JSON.parse(whole).choices).toHaveLength(1);
    expect((await (await chat('huge-line=10')).text()).length).toBeLessThan(2_000);
  });

  it('a client that leaves in the middle of an endless body frees the connection', async () => {
    const response = await chat('huge-line=1073741824');
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect((await chat('')).status).toBe(200);
  });

  it('split-utf8 sends writes that end within characters, which join to the whole text', async () => {
    const whole = (await (await chat('split-utf8')).json()) as { choices: { message: { content: string } }[] };
    const response = await chat('split-utf8', { stream: true });
    const chunks: Buffer[] = [];
    for await (const chunk of response.body ?? []) chunks.push(Buffer.from(chunk));
    const text = dataLines(Buffer.concat(chunks).toString())
      .filter((line) => line !== '[DONE]')
      .map((line) => JSON.parse(line).choices[0].delta.content ?? '')
      .join('');
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(text).toContain('東京');
  });

  it('delay and chunk-delay wait and then answer', async () => {
    const { text, broken } = await readAll(await chat('delay=1 chunk-delay=1 tokens=4', { stream: true }));
    expect(broken).toBe(false);
    expect(text).toContain('[DONE]');
  });
});
