// Owns: reading a client's POST /v1/responses body as the chat it asks for. Does not own: the items of its input (chat-messages-of-input.ts), its tools
// (chat-tools-of-response.ts), or what Weir decides on in a chat (openai/chat-call.ts).

import { parseJsonDocument } from '../json-document.ts';
import { parseChatCompletions } from '../openai/chat-call.ts';
import type { ParsedCall } from '../protocol.ts';
import { type FieldRules, isEmpty, isOneOf, refuseOthers } from '../translation/field-rules.ts';
import {
  invalidField,
  isAbsent,
  isObject,
  type JsonObject,
  readList,
  readPositive,
  readText,
  unsupportedField,
} from '../wire/body-fields.ts';
import { messagesOfInput } from './chat-messages-of-input.ts';
import { toolChoiceOf, toolsOf } from './chat-tools-of-response.ts';

/** Fields that a chat has by the same name and in the same shape. */
const SAME_FIELDS = [
  ...['model', 'stream', 'temperature', 'top_p', 'parallel_tool_calls', 'metadata', 'user', 'safety_identifier'],
  ...['prompt_cache_key', 'prompt_cache_retention', 'service_tier'],
] as const;

const LOGPROBS = 'message.output_text.logprobs';

/** What a gateway that keeps no conversation can't do, with what to do instead. */
const STATEFUL: Readonly<Record<string, string>> = {
  previous_response_id: 'Weir keeps no responses. Send the items of the conversation so far in `input`.',
  conversation: 'Weir keeps no conversations. Send the items of the conversation so far in `input`.',
  prompt: 'prompts that are kept at a provider are not used. Send `instructions` and `input`.',
};

const RULES: FieldRules = {
  carried: new Set([
    ...SAME_FIELDS,
    ...['input', 'instructions', 'max_output_tokens', 'tools', 'tool_choice', 'text', 'reasoning', 'include'],
    // Without tools that run at a provider there is nothing that the first bounds; the second pads events, which Weir does not.
    ...['max_tool_calls', 'stream_options', 'top_logprobs'],
  ]),
  empty: {
    background: isOneOf(false),
    store: isOneOf(false),
    truncation: isOneOf('disabled'),
    context_management: isEmpty,
  },
};

/**
 * Reads a request (API reference, "Create a model response"). Its document is the chat completion that it asks for, `asked` what the client wrote. Throws
 * `invalid_request` and `unsupported_parameter` naming the client's own field.
 */
export function parseResponses(body: Buffer): ParsedCall {
  const asked = parseJsonDocument(body).value;
  for (const [name, remedy] of Object.entries(STATEFUL)) {
    if (!isAbsent(asked[name])) throw unsupportedField(name, remedy);
  }
  refuseOthers(asked, RULES);
  const chat = parseChatCompletions(Buffer.from(JSON.stringify(chatOf(asked))));
  return { ...chat, route: 'responses', maxOutputTokens: readPositive(asked, 'max_output_tokens'), asked };
}

function chatOf(asked: JsonObject): Record<string, unknown> {
  const chat: Record<string, unknown> = {};
  for (const name of SAME_FIELDS) if (!isAbsent(asked[name])) chat[name] = asked[name];
  const { instructions } = asked;
  const system = isAbsent(instructions) ? [] : [{ role: 'system', content: readText(instructions, 'instructions') }];
  chat.messages = [...system, ...messagesOfInput(asked.input)];
  const tools = toolsOf(asked);
  if (tools.length > 0) {
    chat.tools = tools;
    if (!isAbsent(asked.tool_choice)) chat.tool_choice = toolChoiceOf(asked.tool_choice);
  }
  addText(chat, asked.text);
  addReasoning(chat, asked.reasoning);
  addLogprobs(chat, asked);
  return chat;
}

function addText(chat: Record<string, unknown>, text: unknown): void {
  if (isAbsent(text)) return;
  if (!isObject(text)) throw invalidField('text', 'must be an object.');
  refuseOthers(text, { carried: new Set(['format', 'verbosity']) }, 'text.');
  if (!isAbsent(text.verbosity)) chat.verbosity = text.verbosity;
  const { format } = text;
  if (isAbsent(format)) return;
  if (!isObject(format)) throw invalidField('text.format', 'must be an object with a `type`.');
  if (format.type === 'text') return;
  if (format.type === 'json_object') {
    chat.response_format = { type: 'json_object' };
    return;
  }
  if (format.type !== 'json_schema')
    throw invalidField('text.format.type', 'must be `text`, `json_schema` or `json_object`.');
  const { type, ...schema } = format;
  refuseOthers(schema, { carried: new Set(['name', 'description', 'schema', 'strict']) }, 'text.format.');
  if (!isObject(schema.schema)) throw invalidField('text.format.schema', 'must be a JSON schema.');
  chat.response_format = { type, json_schema: schema };
}

function addReasoning(chat: Record<string, unknown>, reasoning: unknown): void {
  if (isAbsent(reasoning)) return;
  if (!isObject(reasoning)) throw invalidField('reasoning', 'must be an object.');
  // They ask for a summary if there is one; a chat has none. The AI SDK asks for a detailed one with every effort.
  const anySummary = isOneOf('auto', 'concise', 'detailed');
  const empty = { summary: anySummary, generate_summary: anySummary };
  refuseOthers(reasoning, { carried: new Set(['effort']), empty }, 'reasoning.');
  if (!isAbsent(reasoning.effort)) chat.reasoning_effort = reasoning.effort;
}

/** What else can be included belongs to tools of a provider's, which can't be asked for, or to reasoning that a chat does not show. */
function addLogprobs(chat: Record<string, unknown>, asked: JsonObject): void {
  const include = readList(asked, 'include');
  for (let index = 0; index < include.length; index += 1) readText(include[index], `include[${index}]`);
  const most = asked.top_logprobs;
  if (!isAbsent(most) && (typeof most !== 'number' || !Number.isInteger(most) || most < 0 || most > 20))
    throw invalidField('top_logprobs', 'must be an integer from 0 to 20.');
  if (!include.includes(LOGPROBS) && !most) return;
  chat.logprobs = true;
  if (most) chat.top_logprobs = most;
}
