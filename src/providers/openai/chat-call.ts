// Owns: reading a client's POST /v1/chat/completions body: what Weir decides on, and the bound of its input.
// Does not own: fields that Weir has no rule for; they pass natively.

import { type JsonDocument, parseJsonDocument } from '../json-document.ts';
import type { ParsedCall } from '../protocol.ts';
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
  audioTokensBound,
  fileTokensBound,
  imageTokensBound,
  MESSAGE_TOKENS,
  schemaTokensBound,
  TEMPLATE_TOKENS,
  TOOL_PROMPT_TOKENS,
  textTokensBound,
} from '../wire/token-bound.ts';

/** Most answers of one call (`n`), OpenAI's own bound. */
const CHOICES_MAX = 128;

/** Fields besides the messages whose text the model sees. */
const SEEN_FIELDS = ['tools', 'functions', 'response_format', 'prediction', 'web_search_options'] as const;

interface InputTally {
  tokens: number;
  low: number;
  high: number;
}

/** Reads a chat completion request. Throws `invalid_request` naming the field. */
export function parseChatCompletions(body: Buffer): ParsedCall {
  const document = parseJsonDocument(body);
  const fields = document.value;
  const model = readModel(fields);
  const messages = readMessages(fields);
  const stream = readStream(fields);
  const tally: InputTally = { tokens: TEMPLATE_TOKENS, low: 0, high: 0 };
  for (let index = 0; index < messages.length; index += 1) {
    const message = messages[index];
    if (message !== undefined) tallyMessage(tally, message, index);
  }
  const hasTools = readList(fields, 'tools').length + readList(fields, 'functions').length > 0;
  if (hasTools) tally.tokens += TOOL_PROMPT_TOKENS;
  tallySeenFields(tally, document);
  const images = { low: tally.low, high: tally.high };
  return {
    route: 'chat_completions',
    protocol: 'openai',
    document,
    model,
    stream,
    maxOutputTokens: readOutputLimit(fields),
    choices: readPositive(fields, 'n', CHOICES_MAX) ?? 1,
    includeUsage: readIncludeUsage(fields),
    inputTokensBound: tally.tokens + imageTokensBound(images),
    images,
    needs: chatNeeds({ stream, tools: hasTools, images: tally.low + tally.high > 0, jsonSchema: wantsSchema(fields) }),
  };
}

/** The smaller of `max_completion_tokens` and `max_tokens`. */
function readOutputLimit(fields: JsonObject): number | null {
  const current = readPositive(fields, 'max_completion_tokens');
  const legacy = readPositive(fields, 'max_tokens');
  if (current === null || legacy === null) return current ?? legacy;
  return Math.min(current, legacy);
}

function readIncludeUsage(fields: JsonObject): boolean {
  const options = fields.stream_options;
  if (isAbsent(options)) return false;
  if (!isObject(options)) throw invalidField('stream_options', 'must be an object.');
  const include = options.include_usage;
  if (isAbsent(include)) return false;
  if (typeof include !== 'boolean') throw invalidField('stream_options.include_usage', 'must be true or false.');
  return include;
}

function wantsSchema({ response_format: format }: JsonObject): boolean {
  if (isAbsent(format)) return false;
  if (!isObject(format)) throw invalidField('response_format', 'must be an object with a `type`.');
  return format.type === 'json_schema';
}

function tallyMessage(tally: InputTally, message: JsonObject, index: number): void {
  tally.tokens += MESSAGE_TOKENS;
  const content = message.content;
  if (typeof content === 'string') {
    tally.tokens += textTokensBound(content);
  } else if (Array.isArray(content)) {
    for (let part = 0; part < content.length; part += 1) {
      tallyPart(tally, content[part], `messages[${index}].content[${part}]`);
    }
  } else if (!isAbsent(content)) {
    throw invalidField(`messages[${index}].content`, 'must be a string or a list of content parts.');
  }
  for (const name in message) {
    if (name === 'content' || name === 'role') continue;
    tallyExtra(tally, message[name], `messages[${index}].${name}`);
  }
}

/** Tool calls, names, refusals and whatever else a message has: all of it may be shown to the model. */
function tallyExtra(tally: InputTally, value: unknown, path: string): void {
  if (isAbsent(value)) return;
  if (typeof value === 'string') {
    tally.tokens += textTokensBound(value);
    return;
  }
  if (path.endsWith('.tool_calls')) {
    if (!Array.isArray(value)) throw invalidField(path, 'must be a list.');
    tally.tokens += value.length * MESSAGE_TOKENS;
  }
  tally.tokens += schemaTokensBound(JSON.stringify(value));
}

function tallyPart(tally: InputTally, value: unknown, path: string): void {
  const part = readPart(value, path);
  tally.tokens += MESSAGE_TOKENS;
  switch (part.type) {
    case 'text':
      tally.tokens += textTokensBound(readText(part.text, `${path}.text`));
      break;
    case 'image_url':
      tallyImage(tally, part.image_url, path);
      break;
    case 'input_audio': {
      const audio = part.input_audio;
      if (!isObject(audio)) throw invalidField(`${path}.input_audio`, 'must be an object with `data` and `format`.');
      tally.tokens += audioTokensBound(readText(audio.data, `${path}.input_audio.data`));
      break;
    }
    case 'file': {
      const data = isObject(part.file) ? part.file.file_data : undefined;
      tally.tokens += fileTokensBound(data);
      break;
    }
    default:
      // A part that is new to Weir passes; all its text counts.
      tally.tokens += schemaTokensBound(JSON.stringify(part));
  }
}

function tallyImage(tally: InputTally, value: unknown, path: string): void {
  if (!isObject(value)) throw invalidField(`${path}.image_url`, 'must be an object with a `url`.');
  readText(value.url, `${path}.image_url.url`);
  if (value.detail === 'low') tally.low += 1;
  else tally.high += 1;
}

function tallySeenFields(tally: InputTally, document: JsonDocument): void {
  for (const name of SEEN_FIELDS) {
    const span = document.spans.get(name);
    if (span !== undefined) tally.tokens += schemaTokensBound(document.text.slice(span.start, span.end));
  }
}
