// Owns: reading a client's POST /v1/messages and /v1/messages/count_tokens bodies: what Weir decides on, and the bound of the input.
// Does not own: fields that Weir has no rule for; they pass natively.

import { parseJsonDocument } from '../json-document.ts';
import type { GatewayRoute, ParsedCall } from '../protocol.ts';
import {
  invalidField,
  isAbsent,
  isObject,
  type JsonObject,
  readList,
  readMessages,
  readModel,
  readPart,
  readPositive,
  readStream,
  readText,
} from '../wire/body-fields.ts';
import { chatNeeds } from '../wire/call-needs.ts';
import {
  fileTokensBound,
  imageTokensBound,
  MESSAGE_TOKENS,
  schemaTokensBound,
  TEMPLATE_TOKENS,
  TOOL_PROMPT_TOKENS,
  textTokensBound,
  VENDOR_TOOL_TOKENS,
} from '../wire/token-bound.ts';

interface InputTally {
  tokens: number;
  images: number;
}

/** Reads a messages request. Throws `invalid_request` naming the field. `max_tokens` may be missing where a template gives it. */
export function parseMessages(body: Buffer): ParsedCall {
  return parseCall(body, 'messages');
}

/** Reads a count_tokens request: the same fields, and nothing is generated. */
export function parseCountTokens(body: Buffer): ParsedCall {
  return parseCall(body, 'count_tokens');
}

function parseCall(body: Buffer, route: GatewayRoute): ParsedCall {
  const document = parseJsonDocument(body);
  const fields = document.value;
  const model = readModel(fields);
  const messages = readMessages(fields);
  const stream = route === 'messages' && readStream(fields);
  const tally: InputTally = { tokens: TEMPLATE_TOKENS, images: 0 };
  for (let index = 0; index < messages.length; index += 1) {
    tally.tokens += MESSAGE_TOKENS;
    tallyContent(tally, messages[index]?.content, `messages[${index}].content`);
  }
  if (!isAbsent(fields.system)) tallyContent(tally, fields.system, 'system');
  const tools = readList(fields, 'tools');
  tallyTools(tally, tools);
  const outputConfig = fields.output_config;
  if (!isAbsent(outputConfig)) tally.tokens += schemaTokensBound(JSON.stringify(outputConfig));
  const images = { low: 0, high: tally.images };
  return {
    route,
    protocol: 'anthropic',
    document,
    model,
    stream,
    maxOutputTokens: readPositive(fields, 'max_tokens'),
    choices: 1,
    includeUsage: false,
    inputTokensBound: tally.tokens + imageTokensBound(images),
    images,
    needs: chatNeeds({
      stream,
      tools: tools.length > 0,
      images: tally.images > 0,
      jsonSchema: isObject(outputConfig) && isObject(outputConfig.format),
    }),
  };
}

/** A message's, the system prompt's or a tool result's content: a text or blocks. */
function tallyContent(tally: InputTally, content: unknown, path: string): void {
  if (typeof content === 'string') {
    tally.tokens += textTokensBound(content);
    return;
  }
  if (!Array.isArray(content)) throw invalidField(path, 'must be a string or a list of content blocks.');
  for (let index = 0; index < content.length; index += 1) tallyBlock(tally, content[index], `${path}[${index}]`);
}

function tallyBlock(tally: InputTally, value: unknown, path: string): void {
  const block = readPart(value, path);
  tally.tokens += MESSAGE_TOKENS;
  switch (block.type) {
    case 'text':
      tally.tokens += textTokensBound(readText(block.text, `${path}.text`));
      break;
    case 'image':
      if (!isObject(block.source)) throw invalidField(`${path}.source`, 'must be an object with a `type`.');
      tally.images += 1;
      break;
    case 'document':
      tallyDocument(tally, block, path);
      break;
    case 'tool_result':
      if (!isAbsent(block.content)) tallyContent(tally, block.content, `${path}.content`);
      break;
    case 'tool_use':
      tally.tokens += schemaTokensBound(JSON.stringify([block.name, block.input ?? null]));
      break;
    default:
      // Thinking, search results, results of the vendor's tools, and what is new: all their text counts.
      tally.tokens += schemaTokensBound(JSON.stringify(block));
  }
}

function tallyDocument(tally: InputTally, block: JsonObject, path: string): void {
  const source = block.source;
  if (!isObject(source)) throw invalidField(`${path}.source`, 'must be an object with a `type`.');
  for (const name of ['title', 'context'] as const) {
    const text = block[name];
    if (typeof text === 'string') tally.tokens += textTokensBound(text);
  }
  const data = source.data;
  if (source.type === 'text') tally.tokens += textTokensBound(readText(data, `${path}.source.data`));
  else if (source.type === 'content') tallyContent(tally, source.content, `${path}.source.content`);
  else tally.tokens += fileTokensBound(data);
}

function tallyTools(tally: InputTally, tools: readonly unknown[]): void {
  if (tools.length === 0) return;
  tally.tokens += TOOL_PROMPT_TOKENS;
  for (let index = 0; index < tools.length; index += 1) {
    const tool = tools[index];
    if (!isObject(tool)) throw invalidField(`tools[${index}]`, 'must be an object.');
    const isVendors = typeof tool.type === 'string' && tool.type !== 'custom';
    tally.tokens += schemaTokensBound(JSON.stringify(tool)) + (isVendors ? VENDOR_TOOL_TOKENS : 0);
  }
}
