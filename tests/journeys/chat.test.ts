// Proves: the way of a chat: somebody new asks, goes on, stops in the middle, asks anew, meets the end of a trial, and is opened the model by the platform; what they
// say is theirs alone, what it cost is their organization's to see. Each step is the API's over real HTTP.

import { expect, it } from 'vitest';
import { dataOf, journeyOfFile, type Traveller } from './journey-world.ts';

const world = journeyOfFile();

interface Told {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Asks, and reads the whole answer. */
async function ask(who: Traveller, body: Record<string, unknown>): Promise<{ start: Told; done: Told; text: string }> {
  const answer = await who.request('POST', '/api/chat', { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  const events = [...(answer.body as string).matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(
    ([, event = '', data = '']): Told => ({ event, data: JSON.parse(data) }),
  );
  const [start, done] = [events[0], events.at(-1)];
  if (start === undefined || done === undefined) throw new Error('no event came');
  const text = events.map(({ event, data }) => (event === 'delta' ? data.text : '')).join('');
  return { start, done, text };
}

it('begins with a question and ends with a grant', async () => {
  const root = await world().superadmin();
  const ada = await world().arrive('Ada', 'ada@chat.example');
  const { id: organizationId } = dataOf(
    await ada.request('POST', '/api/organizations', { body: { name: 'Chat and Sons', business_type: 'retail' } }),
    201,
  );

  const hello = await ask(ada, { message: 'What is a weir?' });
  expect(hello.done).toMatchObject({ event: 'done', data: { model: 'gpt-4o-mini', fallback: null, code: null } });
  const { conversationId } = hello.start.data;
  const more = await ask(ada, { message: 'And a lock?', conversationId });
  const again = await ask(ada, { regenerate: true, conversationId });
  expect([more.text, again.text]).not.toContain('');
  const read = dataOf(await ada.request('GET', `/api/conversations/${conversationId}`));
  expect(read).toMatchObject({ title: 'What is a weir?' });
  expect(read.messages.data.map(({ role }: { role: string }) => role)).toEqual([
    'assistant',
    'user',
    'assistant',
    'user',
  ]);

  const model = 'claude-3-opus';
  for (const remaining of [1, 0])
    expect((await ask(ada, { message: 'Is this better?', model })).done.data.trial_remaining).toBe(remaining);
  const locked = await ada.request('POST', '/api/chat', { body: { message: 'Once more', model } });
  expect([locked.status, locked.body]).toMatchObject([403, { code: 'trial_exhausted', price_usd: '4.99' }]);
  dataOf(
    await root.request('POST', `/api/admin/models/${model}/grant-access`, {
      body: { userId: ada.id, source: 'admin_grant', notes: 'A good customer' },
    }),
    201,
  );
  expect((await ask(ada, { message: 'Once more', model })).done.data).toMatchObject({ model, trial_remaining: null });

  expect((await root.request('GET', `/api/conversations/${conversationId}`)).status).not.toBe(200);
  const counts = dataOf(await ada.request('GET', '/api/conversations/counts', { organization: organizationId }));
  expect(counts).toMatchObject([{ user: { id: ada.id }, conversations: 4, messages: 10 }]);
});
