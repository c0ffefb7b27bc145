// Shows: the official Anthropic SDK with Weir; only base URL and key are others.

import Anthropic from '@anthropic-ai/sdk';
import { findWeir } from './connection.js';

const { url, key } = findWeir();
const client = new Anthropic({ baseURL: url, apiKey: key });

const message = await client.messages.create({
  model: 'sandbox-claude',
  max_tokens: 200,
  messages: [{ role: 'user', content: 'Hello, Weir' }],
});
for (const part of message.content) if (part.type === 'text') console.log(part.text);

const stream = client.messages.stream({
  model: 'sandbox-claude',
  max_tokens: 200,
  messages: [{ role: 'user', content: 'Count slowly' }],
});
stream.on('text', (text) => process.stdout.write(text));
const { usage } = await stream.finalMessage();
console.log('\n', usage.input_tokens, 'tokens in,', usage.output_tokens, 'out');
