// Shows: what a refusal looks like to the SDK, and what to do about it.

import OpenAI from 'openai';
import { findWeir } from './connection.js';

const { url, key } = findWeir();
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key });

/** Makes a call that fails and tells what an application can do. */
async function tell(title, call) {
  try {
    await call();
    console.log(`${title}: answered`);
  } catch (error) {
    if (!(error instanceof OpenAI.APIError)) throw error;
    // `weir` is Weir's part of the error: the code of docs/errors.md, and for limits every failing meter.
    const { code, meters } = error.error?.weir ?? {};
    console.log(`${title}: ${error.status} ${code}`);
    console.log(`  ${error.message}`);
    for (const meter of meters ?? []) console.log(`  ${meter.label ?? meter.kind}: resets at ${meter.resets_at}`);
    console.log(`  ask about request ${error.requestID}`);
  }
}

const ask = (model, content = 'Hello') =>
  client.chat.completions.create({ model, messages: [{ role: 'user', content }] }, { maxRetries: 0 });

await tell('a wrong key', () => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'wr_test_wrong' }).models.list());
await tell('a model that is none', () => ask('no-such-model'));
await tell('a premium model', () => ask('claude-3-opus'));
await tell('a provider that fails', () => ask('sandbox-chat', 'Fail. [[sandbox: status=500]]'));
