// Owns: Anthropic's messages as OpenAI's: system prompt, turns, images, documents, tool use and results. Does not own: parameters.

import {
  invalidField,
  isAbsent,
  isObject,
  type JsonObject,
  readPart,
  readText,
  unsupportedField,
} from '../wire/body-fields.ts';
import { refuseOthers } from './field-rules.ts';

/** A message of OpenAI's. */
export type ChatMessage = Readonly<Record<string, unknown>>;

type Part = Readonly<Record<string, unknown>>;

// `cache_control` asks Anthropic to cache; OpenAI caches by itself, so the wish is met without being said.
const TEXT_FIELDS = { carried: new Set(['type', 'text', 'cache_control']), empty: { citations: isEmptyList } };
const IMAGE_FIELDS = { carried: new Set(['type', 'source', 'cache_control']) };
const DOCUMENT_FIELDS = {
  carried: new Set(['type', 'source', 'title', 'cache_control']),
  empty: { citations: (value: unknown) => isObject(value) && value.enabled !== true },
};
const TOOL_USE_FIELDS = { carried: new Set(['type', 'id', 'name', 'input', 'cache_control', 'caller']) };
const TOOL_RESULT_FIELDS = { carried: new Set(['type', 'tool_use_id', 'content', 'is_error', 'cache_control']) };

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Carries a conversation over, the system prompt first. Throws `unsupported_parameter` or `invalid_request` naming the block. */
export function carryMessages(system: readonly string[], messages: readonly JsonObject[]): ChatMessage[] {
  const carried: ChatMessage[] = system.map((content) => ({ role: 'system', content }));
  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    refuseOthers(message, { carried: new Set(['role', 'content']) }, `${path}.`);
    const isLast = index === messages.length - 1;
    // One by one: a call takes only so many arguments.
    for (const each of carryTurn(message, path, isLast)) carried.push(each);
  }
  return carried;
}

/** The text of a system prompt, a text or text blocks; none when it is empty. */
export function systemTexts(system: unknown, path: string): string[] {
  if (isAbsent(system)) return [];
  const text = joinedText(system, path);
  return text === '' ? [] : [text];
}

function carryTurn(message: JsonObject, path: string, isLast: boolean): ChatMessage[] {
  const { role, content } = message;
  switch (role) {
    case 'user':
      return typeof content === 'string' ? [{ role, content }] : userMessages(content, `${path}.content`);
    case 'assistant':
      // OpenAI's models answer a last assistant message; they don't go on with it.
      if (isLast) throw unsupportedField(path, "this model can't continue a begun answer. End with a user message.");
      return [assistantMessage(content, `${path}.content`)];
    case 'system':
      return [{ role, content: joinedText(content, `${path}.content`) }];
    default:
      throw invalidField(`${path}.role`, 'must be user, assistant or system.');
  }
}

/** Tool results become messages of their own, before what the user says besides. */
function userMessages(content: unknown, path: string): ChatMessage[] {
  const results: ChatMessage[] = [];
  const parts: Part[] = [];
  for (const [index, value] of blocksOf(content, path).entries()) {
    const at = `${path}[${index}]`;
    const block = readPart(value, at);
    if (block.type === 'tool_result') results.push(toolMessage(block, at));
    else parts.push(userPart(block, at));
  }
  const isText = parts.length === 1 && parts[0]?.type === 'text';
  if (parts.length > 0) results.push({ role: 'user', content: isText ? parts[0]?.text : parts });
  return results;
}

function userPart(block: JsonObject & { readonly type: string }, path: string): Part {
  switch (block.type) {
    case 'text':
      return textPart(block, path);
    case 'image':
      return imagePart(block, path);
    case 'document':
      return documentPart(block, path);
    default:
      throw blockUnsupported(block.type, path);
  }
}

function textPart(block: JsonObject, path: string): Part & { readonly text: string } {
  refuseOthers(block, TEXT_FIELDS, `${path}.`);
  return { type: 'text', text: readText(block.text, `${path}.text`) };
}

function imagePart(block: JsonObject, path: string): Part {
  refuseOthers(block, IMAGE_FIELDS, `${path}.`);
  const source = sourceOf(block, path);
  if (source.type === 'url') {
    return { type: 'image_url', image_url: { url: readText(source.url, `${path}.source.url`) } };
  }
  if (source.type !== 'base64') throw unsupportedField(`${path}.source`, 'give the image inline or by its address.');
  return { type: 'image_url', image_url: { url: dataUrl(source, path) } };
}

function documentPart(block: JsonObject, path: string): Part {
  refuseOthers(block, DOCUMENT_FIELDS, `${path}.`);
  const source = sourceOf(block, path);
  const title = typeof block.title === 'string' ? block.title : '';
  if (source.type === 'text') {
    const text = readText(source.data, `${path}.source.data`);
    return { type: 'text', text: title === '' ? text : `${title}\n\n${text}` };
  }
  if (source.type !== 'base64') throw unsupportedField(`${path}.source`, 'give the document inline.');
  const filename = title === '' ? 'document.pdf' : title;
  return { type: 'file', file: { filename, file_data: dataUrl(source, path) } };
}

function sourceOf(block: JsonObject, path: string): JsonObject {
  const { source } = block;
  if (!isObject(source)) throw invalidField(`${path}.source`, 'must be an object with a `type`.');
  return source;
}

function dataUrl(source: JsonObject, path: string): string {
  const mediaType = readText(source.media_type, `${path}.source.media_type`);
  return `data:${mediaType};base64,${readText(source.data, `${path}.source.data`)}`;
}

/** OpenAI has no flag for a failed tool; the model is told in words. */
function toolMessage(block: JsonObject, path: string): ChatMessage {
  refuseOthers(block, TOOL_RESULT_FIELDS, `${path}.`);
  const text = isAbsent(block.content) ? '' : joinedText(block.content, `${path}.content`);
  return {
    role: 'tool',
    tool_call_id: readText(block.tool_use_id, `${path}.tool_use_id`),
    content: block.is_error === true ? `Error: ${text}` : text,
  };
}

function assistantMessage(content: unknown, path: string): ChatMessage {
  if (typeof content === 'string') return { role: 'assistant', content };
  const texts: string[] = [];
  const calls: ChatMessage[] = [];
  for (const [index, value] of blocksOf(content, path).entries()) {
    const at = `${path}[${index}]`;
    const block = readPart(value, at);
    if (block.type === 'text') texts.push(textPart(block, at).text);
    else if (block.type === 'tool_use') calls.push(toolCall(block, at));
    else throw blockUnsupported(block.type, at);
  }
  return {
    role: 'assistant',
    // Null is for a message that only calls tools.
    content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function toolCall(block: JsonObject, path: string): ChatMessage {
  refuseOthers(block, TOOL_USE_FIELDS, `${path}.`);
  const name = readText(block.name, `${path}.name`);
  const input = JSON.stringify(block.input ?? {});
  return { id: readText(block.id, `${path}.id`), type: 'function', function: { name, arguments: input } };
}

/** A text, or the texts of text blocks, one a line. */
function joinedText(content: unknown, path: string): string {
  if (typeof content === 'string') return content;
  return blocksOf(content, path)
    .map((value, index) => {
      const block = readPart(value, `${path}[${index}]`);
      if (block.type !== 'text') throw blockUnsupported(block.type, `${path}[${index}]`);
      return textPart(block, `${path}[${index}]`).text;
    })
    .join('\n');
}

function blocksOf(content: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(content)) throw invalidField(path, 'must be a string or a list of content blocks.');
  return content;
}

function blockUnsupported(type: string, path: string): Error {
  return unsupportedField(path, `content of type "${type.slice(0, 32)}" can't be carried to this model.`);
}
