// Owns: an OpenAI chat request as an Anthropic messages request. Does not own: the conversation (messages-conversation-of-chat.ts).

import { anthropicHeaders } from '../anthropic/messages-request.ts';
import type { CarriedRequest, CarryInput } from '../protocol.ts';
import {
  invalidField,
  isAbsent,
  isObject,
  type JsonObject,
  readList,
  readMessages,
  readPart,
  readText,
  unsupportedField,
} from '../wire/body-fields.ts';
import { applicableDefaults, outputLimit } from '../wire/request-overlay.ts';
import { type FieldRules, isEmpty, isOneOf, refuseOthers } from './field-rules.ts';
import { type Block, carryConversation } from './messages-conversation-of-chat.ts';

const RULES: FieldRules = {
  carried: new Set([
    'model',
    'messages',
    'max_tokens',
    'max_completion_tokens',
    'stream',
    'stream_options',
    'temperature',
    'top_p',
    'stop',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
    'response_format',
    'reasoning_effort',
    'user',
    'safety_identifier',
    // Stays with Weir: tags of the event.
    'metadata',
    // Hints for OpenAI's cache; Anthropic's follows the marks in the messages.
    'prompt_cache_key',
    'prompt_cache_retention',
  ]),
  empty: {
    n: isOneOf(1),
    logprobs: isOneOf(false),
    logit_bias: isEmpty,
    frequency_penalty: isOneOf(0),
    presence_penalty: isOneOf(0),
    store: isOneOf(false),
    service_tier: isOneOf('auto', 'default'),
    modalities: (value) => Array.isArray(value) && value.length === 1 && value[0] === 'text',
    verbosity: isOneOf('medium'),
    functions: isEmpty,
  },
};

/** Efforts that both vendors name alike (OpenAI `reasoning_effort`, Anthropic `output_config.effort`). */
const EFFORTS = new Set<unknown>(['low', 'medium', 'high', 'xhigh', 'max']);

/** Writes the request. Throws `unsupported_parameter` for what Anthropic has nothing like. */
export function carryChatToMessages(input: CarryInput): CarriedRequest {
  const fields = input.call.document.value;
  refuseOthers(fields, RULES);
  const conversation = carryConversation(readMessages(fields));
  const own = input.overlay?.systemMessage;
  const system = [...(own ? [[{ type: 'text', text: own }]] : []), ...conversation.system];
  const request: Record<string, unknown> = {
    model: input.providerModelId,
    max_tokens: outputLimit(input) ?? input.modelMaxOutputTokens,
    messages: conversation.messages,
  };
  if (system.length > 0) request.system = systemOf(system);
  if (input.call.stream) request.stream = true;
  addSampling(request, fields);
  addTools(request, fields);
  addOutputConfig(request, fields);
  const userId = [fields.safety_identifier, fields.user, input.endUserId].find((id) => typeof id === 'string');
  if (userId !== undefined) request.metadata = { user_id: userId };
  for (const [name, value] of applicableDefaults(input)) if (!Object.hasOwn(request, name)) request[name] = value;
  return { path: '/messages', body: Buffer.from(JSON.stringify(request)), headers: anthropicHeaders(null) };
}

/** One text, or the texts themselves where one is marked for the cache. */
function systemOf(messages: readonly (readonly Block[])[]): string | readonly Block[] {
  const blocks = messages.flat();
  if (blocks.some((block) => block.cache_control !== undefined)) return blocks;
  return messages.map((each) => each.map(({ text }) => text).join('\n')).join('\n\n');
}

function addSampling(request: Record<string, unknown>, fields: JsonObject): void {
  const { temperature, top_p: topP, stop } = fields;
  if (!isAbsent(temperature)) {
    if (typeof temperature === 'number' && temperature > 1) {
      throw unsupportedField('temperature', "this model's provider takes values from 0 to 1.");
    }
    request.temperature = temperature;
  }
  if (!isAbsent(topP)) request.top_p = topP;
  if (typeof stop === 'string') request.stop_sequences = [stopSequence(stop, 'stop')];
  else if (!isAbsent(stop))
    request.stop_sequences = readList(fields, 'stop').map((each, index) => stopSequence(each, `stop[${index}]`));
}

/** A line break is a stop at OpenAI; Anthropic refuses blank ones, and would name a field of its own. */
function stopSequence(value: unknown, path: string): string {
  const text = readText(value, path);
  if (text.trim() === '') throw unsupportedField(path, "this model's provider takes no stop sequence of blanks alone.");
  return text;
}

function addTools(request: Record<string, unknown>, fields: JsonObject): void {
  const tools = readList(fields, 'tools');
  if (tools.length === 0) return;
  request.tools = tools.map((tool, index) => carryTool(tool, `tools[${index}]`));
  const choice = carryToolChoice(fields.tool_choice);
  const isSerial = fields.parallel_tool_calls === false;
  if (isSerial && choice?.type !== 'none') {
    request.tool_choice = { type: 'auto', ...choice, disable_parallel_tool_use: true };
  } else if (choice !== null) {
    request.tool_choice = choice;
  }
}

function carryTool(value: unknown, path: string): Record<string, unknown> {
  const tool = readPart(value, path);
  if (tool.type !== 'function') throw unsupportedField(path, 'only functions can be carried to this model.');
  const named = tool.function;
  if (!isObject(named)) throw invalidField(`${path}.function`, 'must be an object with a `name`.');
  refuseOthers(named, { carried: new Set(['name', 'description', 'parameters', 'strict']) }, `${path}.function.`);
  const carried: Record<string, unknown> = { name: readText(named.name, `${path}.function.name`) };
  if (!isAbsent(named.description)) carried.description = named.description;
  carried.input_schema = named.parameters ?? { type: 'object', properties: {} };
  if (named.strict === true) carried.strict = true;
  return carried;
}

function carryToolChoice(choice: unknown): Record<string, unknown> | null {
  if (isAbsent(choice)) return null;
  if (choice === 'auto' || choice === 'none') return { type: choice };
  if (choice === 'required') return { type: 'any' };
  if (isObject(choice) && choice.type === 'function' && isObject(choice.function)) {
    return { type: 'tool', name: readText(choice.function.name, 'tool_choice.function.name') };
  }
  throw unsupportedField(
    'tool_choice',
    'only `auto`, `none`, `required` or one function can be carried to this model.',
  );
}

/** Structured output and effort (Anthropic docs, "Structured outputs", "Effort"). */
function addOutputConfig(request: Record<string, unknown>, fields: JsonObject): void {
  const config: Record<string, unknown> = {};
  const { reasoning_effort: effort } = fields;
  if (EFFORTS.has(effort)) config.effort = effort;
  else if (effort === 'none') request.thinking = { type: 'disabled' };
  else if (!isAbsent(effort)) throw unsupportedField('reasoning_effort', 'use none, low, medium, high, xhigh or max.');
  const schema = carrySchema(fields.response_format);
  if (schema !== null) config.format = { type: 'json_schema', schema };
  if (!isEmpty(config)) request.output_config = config;
}

function carrySchema(format: unknown): JsonObject | null {
  if (isAbsent(format)) return null;
  const { type } = readPart(format, 'response_format');
  if (type === 'text') return null;
  if (type !== 'json_schema') {
    throw unsupportedField('response_format', 'use type `json_schema`: this model has no mode without a schema.');
  }
  const named = isObject(format) ? format.json_schema : undefined;
  const schema = isObject(named) ? named.schema : undefined;
  if (!isObject(schema)) throw invalidField('response_format.json_schema.schema', 'must be a JSON schema.');
  return schema;
}
