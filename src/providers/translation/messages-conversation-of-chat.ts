// Owns: OpenAI's messages as Anthropic's: system prompt, turns, images, tool calls and their results. Does not own: parameters.

import {
  invalidField,
  isAbsent,
  isObject,
  type JsonObject,
  readPart,
  readText,
  unsupportedField,
} from '../wire/body-fields.ts';
import { type FieldRules, isEmpty, isOneOf, refuseOthers } from './field-rules.ts';

/** A content block of Anthropic's. */
export type Block = Readonly<Record<string, unknown>>;

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: Block[];
}

/** A conversation as Anthropic takes it. */
export interface MessagesConversation {
  /** All system and developer messages, each as its texts: Anthropic has one place for them, before the conversation. */
  readonly system: Block[][];
  readonly messages: Turn[];
}

const EMPTY_REST = { refusal: isOneOf(''), annotations: isEmpty, tool_calls: isEmpty };
const RULES: Readonly<Record<string, FieldRules>> = {
  system: { carried: new Set(['role', 'content']) },
  developer: { carried: new Set(['role', 'content']) },
  user: { carried: new Set(['role', 'content']) },
  // `annotations` were made by the other model and are not part of what it is shown again; neither is its reasoning.
  assistant: {
    carried: new Set(['role', 'content', 'tool_calls', 'refusal', 'annotations', 'reasoning_content', 'reasoning']),
    empty: EMPTY_REST,
  },
  // Some clients repeat the function's name, which stands in the call that `tool_call_id` names.
  tool: { carried: new Set(['role', 'content', 'tool_call_id', 'name']) },
};

/** Carries a conversation over. Throws `unsupported_parameter` or `invalid_request` naming the message and part. */
export function carryConversation(messages: readonly JsonObject[]): MessagesConversation {
  const conversation: MessagesConversation = { system: [], messages: [] };
  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    const role = readText(message.role, `${path}.role`);
    const rules = Object.hasOwn(RULES, role) ? RULES[role] : undefined;
    if (rules === undefined)
      throw unsupportedField(`${path}.role`, `the role "${role.slice(0, 32)}" can't be carried to this model.`);
    refuseOthers(message, rules, `${path}.`);
    carryMessage(conversation, message, path);
  }
  if (conversation.messages.length === 0)
    throw invalidField('messages', 'this model needs a message of a user or an assistant that says something.');
  return conversation;
}

function carryMessage(conversation: MessagesConversation, message: JsonObject, path: string): void {
  const { role } = message;
  if (role === 'system' || role === 'developer') {
    const blocks = textBlocks(message.content, `${path}.content`);
    if (blocks.length > 0) conversation.system.push(blocks);
  } else if (role === 'tool') {
    addToTurn(conversation, 'user', [toolResult(message, path)]);
  } else if (role === 'user') {
    addToTurn(conversation, 'user', userBlocks(message.content, `${path}.content`));
  } else {
    addToTurn(conversation, 'assistant', assistantBlocks(message, path));
  }
}

/** Anthropic joins turns of one role, and results of parallel tool calls must stand in one. It refuses a turn without content. */
function addToTurn(conversation: MessagesConversation, role: Turn['role'], blocks: readonly Block[]): void {
  if (blocks.length === 0) return;
  const last = conversation.messages.at(-1);
  // One by one: a call takes only so many arguments.
  if (last?.role === role) for (const block of blocks) last.content.push(block);
  else conversation.messages.push({ role, content: [...blocks] });
}

function toolResult(message: JsonObject, path: string): Block {
  const id = readText(message.tool_call_id, `${path}.tool_call_id`);
  const { content } = message;
  const blocks = typeof content === 'string' ? content : textBlocks(content, `${path}.content`);
  return { type: 'tool_result', tool_use_id: id, content: blocks };
}

function assistantBlocks(message: JsonObject, path: string): Block[] {
  const { content, refusal, tool_calls: calls } = message;
  const blocks = isAbsent(content) ? [] : textBlocks(content, `${path}.content`);
  if (typeof refusal === 'string' && refusal !== '') blocks.push({ type: 'text', text: refusal });
  if (!isAbsent(calls)) {
    if (!Array.isArray(calls)) throw invalidField(`${path}.tool_calls`, 'must be a list.');
    for (const [index, call] of calls.entries()) blocks.push(toolUse(call, `${path}.tool_calls[${index}]`));
  }
  return blocks;
}

function toolUse(value: unknown, path: string): Block {
  const call = readPart(value, path);
  const named = call.function;
  if (call.type !== 'function') throw unsupportedField(path, 'only calls of functions can be carried to this model.');
  if (!isObject(named)) throw invalidField(`${path}.function`, 'must be an object with `name` and `arguments`.');
  return {
    type: 'tool_use',
    id: readText(call.id, `${path}.id`),
    name: readText(named.name, `${path}.function.name`),
    input: argumentsObject(readText(named.arguments, `${path}.function.arguments`), `${path}.function.arguments`),
  };
}

function argumentsObject(text: string, path: string): unknown {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (!isObject(value)) throw invalidField(path, 'must be the text of a JSON object.');
  return value;
}

/** Text parts as blocks. Anthropic refuses empty and blank ones, which say nothing. */
function textBlocks(content: unknown, path: string): Block[] {
  if (typeof content === 'string') return textBlock(content, path);
  if (!Array.isArray(content)) throw invalidField(path, 'must be a string or a list of content parts.');
  return content.flatMap((value, index) => {
    const part = readPart(value, `${path}[${index}]`);
    if (part.type === 'refusal') return textBlock(part.refusal, `${path}[${index}].refusal`);
    if (part.type !== 'text') throw partUnsupported(part.type, `${path}[${index}]`);
    refuseOthers(part, { carried: new Set(['type', 'text', 'cache_control']) }, `${path}[${index}].`);
    return textBlock(part.text, `${path}[${index}].text`).map((block) => cachedAs(part, block));
  });
}

function textBlock(value: unknown, path: string): Block[] {
  const text = readText(value, path);
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

/** Clients who know Anthropic mark where its cache ends, also in OpenAI's words. */
function cachedAs(part: JsonObject, block: Block): Block {
  return isAbsent(part.cache_control) ? block : { ...block, cache_control: part.cache_control };
}

function userBlocks(content: unknown, path: string): Block[] {
  if (!Array.isArray(content)) return textBlocks(content, path);
  return content.flatMap((value, index) => {
    const part = readPart(value, `${path}[${index}]`);
    if (part.type === 'image_url') return [cachedAs(part, imageBlock(part, `${path}[${index}]`))];
    if (part.type === 'file') return [fileBlock(part, `${path}[${index}]`)];
    return textBlocks([value], path);
  });
}

function imageBlock(part: JsonObject, path: string): Block {
  refuseOthers(part, { carried: new Set(['type', 'image_url', 'cache_control']) }, `${path}.`);
  const image = part.image_url;
  if (!isObject(image)) throw invalidField(`${path}.image_url`, 'must be an object with a `url`.');
  // Anthropic always looks at the whole image; only `low` asks for something else.
  refuseOthers(
    image,
    { carried: new Set(['url']), empty: { detail: isOneOf('auto', 'high', 'original') } },
    `${path}.image_url.`,
  );
  const url = readText(image.url, `${path}.image_url.url`);
  const inline = dataUrl(url);
  if (inline !== null) {
    return { type: 'image', source: { type: 'base64', media_type: inline.mediaType, data: inline.data } };
  }
  if (/^https?:\/\//i.test(url)) return { type: 'image', source: { type: 'url', url } };
  throw invalidField(`${path}.image_url.url`, 'must be an http(s) address or a base64 data URL.');
}

function fileBlock(part: JsonObject, path: string): Block {
  const { file } = part;
  const data = isObject(file) ? file.file_data : undefined;
  const inline = typeof data === 'string' ? dataUrl(data) : null;
  if (!isObject(file) || inline?.mediaType !== 'application/pdf') {
    throw unsupportedField(`${path}.file`, 'only PDF files given inline as a data URL can be carried to this model.');
  }
  const title = typeof file.filename === 'string' ? { title: file.filename } : {};
  return { type: 'document', source: { type: 'base64', media_type: inline.mediaType, data: inline.data }, ...title };
}

function dataUrl(url: string): { readonly mediaType: string; readonly data: string } | null {
  const comma = url.indexOf(',');
  // The head is short; the data may be megabytes and is not searched.
  const head = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w=.+-]+)*;base64$/i.exec(url.slice(0, Math.min(comma, 256)));
  return head === null || comma === -1
    ? null
    : { mediaType: (head[1] ?? '').toLowerCase(), data: url.slice(comma + 1) };
}

function partUnsupported(type: string, path: string): Error {
  return unsupportedField(path, `content of type "${type.slice(0, 32)}" can't be carried to this model.`);
}
