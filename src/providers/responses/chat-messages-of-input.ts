// Owns: the items of a response's input as a chat's messages. Does not own: parameters (responses-call.ts).

import { refuseOthers } from '../translation/field-rules.ts';
import { invalidField, isAbsent, isObject, type JsonObject, readText, unsupportedField } from '../wire/body-fields.ts';

interface ChatMessage {
  readonly role: string;
  content: unknown;
  tool_calls?: Record<string, unknown>[];
  readonly tool_call_id?: string;
}

const ROLES: ReadonlySet<unknown> = new Set(['user', 'assistant', 'system', 'developer']);

// `id`, `status` and `phase` were written by whoever answered; the model is not shown them.
const ITEM_FIELDS = ['type', 'id', 'status'];
const MESSAGE_FIELDS = { carried: new Set([...ITEM_FIELDS, 'phase', 'role', 'content']) };
const CALL_FIELDS = { carried: new Set([...ITEM_FIELDS, 'call_id', 'name', 'arguments', 'input']) };
const OUTPUT_FIELDS = { carried: new Set([...ITEM_FIELDS, 'call_id', 'output']) };

/** The messages of an `input`: a text, or a list of items. Throws `invalid_request` or `unsupported_parameter` naming the item. */
export function messagesOfInput(input: unknown): readonly ChatMessage[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  if (!Array.isArray(input) || input.length === 0)
    throw invalidField('input', 'must be a text, or a list with at least one item.');
  const messages: ChatMessage[] = [];
  for (let index = 0; index < input.length; index += 1) addItem(messages, input[index], `input[${index}]`);
  if (messages.length === 0) throw invalidField('input', 'must hold at least one message or result of a tool.');
  return messages;
}

function addItem(messages: ChatMessage[], value: unknown, path: string): void {
  if (!isObject(value)) throw invalidField(path, 'must be an object with a `type`, or with `role` and `content`.');
  switch (value.type ?? 'message') {
    case 'message':
      addMessage(messages, value, path);
      break;
    case 'function_call':
    case 'custom_tool_call':
      addCall(messages, value, path);
      break;
    case 'function_call_output':
    case 'custom_tool_call_output':
      messages.push(toolMessage(value, path));
      break;
    case 'reasoning':
      // Belongs to the model that thought it; another chat is not shown it.
      break;
    case 'item_reference':
      throw unsupportedField(
        path,
        'Weir keeps no items to refer to. Send the item itself (clients: set `store` to false).',
      );
    default:
      throw unsupportedField(
        path,
        `items of type "${String(value.type).slice(0, 40)}" can't be carried to a model here.`,
      );
  }
}

function addMessage(messages: ChatMessage[], item: JsonObject, path: string): void {
  const { role } = item;
  if (!ROLES.has(role)) throw invalidField(`${path}.role`, 'must be user, assistant, system or developer.');
  refuseOthers(item, MESSAGE_FIELDS, `${path}.`);
  const content = contentOf(item.content, role === 'assistant' ? 'said' : 'given', `${path}.content`);
  const last = messages.at(-1);
  // What the model said beside its calls is one turn with them.
  if (role === 'assistant' && last?.tool_calls !== undefined && last.content === null) last.content = content;
  else messages.push({ role: String(role), content });
}

function addCall(messages: ChatMessage[], item: JsonObject, path: string): void {
  refuseOthers(item, CALL_FIELDS, `${path}.`);
  const id = readText(item.call_id, `${path}.call_id`);
  const name = readText(item.name, `${path}.name`);
  const call =
    item.type === 'function_call'
      ? { id, type: 'function', function: { name, arguments: readText(item.arguments, `${path}.arguments`) } }
      : { id, type: 'custom', custom: { name, input: readText(item.input, `${path}.input`) } };
  const last = messages.at(-1);
  if (last?.role === 'assistant') last.tool_calls = [...(last.tool_calls ?? []), call];
  else messages.push({ role: 'assistant', content: null, tool_calls: [call] });
}

function toolMessage(item: JsonObject, path: string): ChatMessage {
  refuseOthers(item, OUTPUT_FIELDS, `${path}.`);
  const callId = readText(item.call_id, `${path}.call_id`);
  return { role: 'tool', tool_call_id: callId, content: contentOf(item.output, 'result', `${path}.output`) };
}

/** Whose content it is: a person's may hold images and files, a model's refusals, a tool's texts alone. */
type ContentKind = 'given' | 'said' | 'result';

/** A single text stays a text: not every server of OpenAI's protocol takes lists. */
function contentOf(content: unknown, kind: ContentKind, path: string): unknown {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw invalidField(path, 'must be a text or a list of content parts.');
  const parts = content.map((part, index) => partOf(part, kind, `${path}[${index}]`));
  const texts = parts.map((part) => (part.type === 'text' ? part.text : null));
  if (texts.length === 1 && texts[0] !== null) return texts[0];
  return kind === 'said' && texts.every((text) => text !== null) ? texts.join('') : parts;
}

function partOf(value: unknown, kind: ContentKind, path: string): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw invalidField(path, 'must be an object with a `type`.');
  switch (value.type) {
    case 'input_text':
    case 'output_text':
      return { type: 'text', text: readText(value.text, `${path}.text`) };
    case 'refusal':
      return kind === 'said'
        ? { type: 'refusal', refusal: readText(value.refusal, `${path}.refusal`) }
        : { type: 'text', text: readText(value.refusal, `${path}.refusal`) };
  }
  if (kind === 'given') {
    if (value.type === 'input_image') return imagePart(value, path);
    if (value.type === 'input_file') return filePart(value, path);
    if (value.type === 'input_audio') return { type: 'input_audio', input_audio: value.input_audio };
  }
  throw unsupportedField(
    path,
    `content of type "${String(value.type).slice(0, 40)}" can't be carried to a model here.`,
  );
}

function imagePart(part: JsonObject, path: string): Readonly<Record<string, unknown>> {
  if (!isAbsent(part.file_id))
    throw unsupportedField(
      `${path}.file_id`,
      'Weir keeps no files. Give the image in `image_url`, as an address or a data URL.',
    );
  const image: Record<string, unknown> = { url: readText(part.image_url, `${path}.image_url`) };
  if (!isAbsent(part.detail)) image.detail = part.detail;
  return { type: 'image_url', image_url: image };
}

function filePart(part: JsonObject, path: string): Readonly<Record<string, unknown>> {
  for (const name of ['file_id', 'file_url']) {
    if (!isAbsent(part[name]))
      throw unsupportedField(`${path}.${name}`, 'files are given inline: put a data URL into `file_data`.');
  }
  const file: Record<string, unknown> = { file_data: readText(part.file_data, `${path}.file_data`) };
  if (!isAbsent(part.filename)) file.filename = part.filename;
  return { type: 'file', file };
}
