// Shows: the official OpenAI SDK with Weir; only base URL and key are others.

import OpenAI from 'openai';
import { findWeir } from './connection.js';

const { url, key } = findWeir();
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key });

const { data: chat, response } = await client.chat.completions
  .create({ model: 'sandbox-chat', messages: [{ role: 'user', content: 'Hello, Weir' }] })
  .withResponse();
console.log(chat.choices[0]?.message.content);
console.log('served by', response.headers.get('x-weir-model'), 'for USD', response.headers.get('x-weir-cost-usd'));

const stream = await client.chat.completions.create({
  model: 'sandbox-chat',
  messages: [{ role: 'user', content: 'Count slowly' }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '');
console.log();

const asked = await client.chat.completions.create({
  model: 'sandbox-chat',
  messages: [{ role: 'user', content: 'How is the weather in Lisbon?' }],
  tools: [
    {
      type: 'function',
      function: {
        name: 'get_weather',
        description: 'The weather of a city.',
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      },
    },
  ],
});
console.log('asks for', asked.choices[0]?.message.tool_calls?.[0]);

const { data } = await client.embeddings.create({ model: 'sandbox-embedding', input: 'a weir in a river' });
console.log('a vector of', data[0]?.embedding.length, 'numbers');
