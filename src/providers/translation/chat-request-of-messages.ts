// Owns: an Anthropic messages request as an OpenAI chat request. Does not own: the conversation (chat-conversation-of-messages.ts).

import type { CarriedRequest, CarryInput } from '../protocol.ts';
import {
  invalidField,
  isAbsent,
  isObject,
  type JsonObject,
  readList,
  readMessages,
  readText,
  unsupportedField,
} from '../wire/body-fields.ts';
import { applicableDefaults, outputLimit } from '../wire/request-overlay.ts';
import { carryMessages, systemTexts } from './chat-conversation-of-messages.ts';
import { type FieldRules, isEmpty, isOneOf, refuseOthers } from './field-rules.ts';

const RULES: FieldRules = {
  carried: new Set([
    'model',
    'messages',
    'system',
    'max_tokens',
    'stream',
    'temperature',
    'top_p',
    'stop_sequences',
    'tools',
    'tool_choice',
    'output_config',
    'metadata',
    // OpenAI caches by itself.
    'cache_control',
  ]),
  empty: {
    thinking: (value) => isObject(value) && value.type === 'disabled',
    service_tier: isOneOf('auto'),
    speed: isOneOf('standard'),
    mcp_servers: isEmpty,
  },
};

const TOOL_FIELDS = new Set([
  'type',
  'name',
  'description',
  'input_schema',
  'strict',
  'cache_control',
  'eager_input_streaming',
]);

/** Writes the request. Throws `unsupported_parameter` for what OpenAI has nothing like. */
export function carryMessagesToChat(input: CarryInput): CarriedRequest {
  const fields = input.call.document.value;
  refuseOthers(fields, RULES);
  const overlay = input.overlay?.systemMessage ? [input.overlay.systemMessage] : [];
  const system = [...overlay, ...systemTexts(fields.system, 'system')];
  const request: Record<string, unknown> = {
    model: input.providerModelId,
    messages: carryMessages(system.length === 0 ? [] : [system.join('\n\n')], readMessages(fields)),
  };
  const limit = outputLimit(input);
  if (limit !== null) request[input.prefersMaxTokensField ? 'max_tokens' : 'max_completion_tokens'] = limit;
  if (input.call.stream) {
    request.stream = true;
    request.stream_options = { include_usage: true };
  }
  if (!isAbsent(fields.temperature)) request.temperature = fields.temperature;
  if (!isAbsent(fields.top_p)) request.top_p = fields.top_p;
  const stop = readList(fields, 'stop_sequences');
  if (stop.length > 0) request.stop = stop;
  addTools(request, fields);
  addOutputConfig(request, fields.output_config);
  // Weir's own id of a user goes only where a protocol has a place for it; what the caller says is passed on.
  const metadata = fields.metadata;
  if (isObject(metadata) && typeof metadata.user_id === 'string') request.user = metadata.user_id;
  for (const [name, value] of applicableDefaults(input)) if (!Object.hasOwn(request, name)) request[name] = value;
  return { path: '/chat/completions', body: Buffer.from(JSON.stringify(request)), headers: {} };
}

function addTools(request: Record<string, unknown>, fields: JsonObject): void {
  const tools = readList(fields, 'tools');
  if (tools.length === 0) return;
  request.tools = tools.map((tool, index) => carryTool(tool, `tools[${index}]`));
  const choice = fields.tool_choice;
  if (isAbsent(choice)) return;
  request.tool_choice = carryToolChoice(choice);
  if (isObject(choice) && choice.disable_parallel_tool_use === true) request.parallel_tool_calls = false;
}

function carryTool(tool: unknown, path: string): Record<string, unknown> {
  if (!isObject(tool)) throw invalidField(path, 'must be an object.');
  if (!isAbsent(tool.type) && tool.type !== 'custom') {
    throw unsupportedField(path, "the provider's own tools can't be carried to this model.");
  }
  refuseOthers(
    tool,
    { carried: TOOL_FIELDS, empty: { allowed_callers: isDirect, defer_loading: isOneOf(false) } },
    `${path}.`,
  );
  const named: Record<string, unknown> = { name: readText(tool.name, `${path}.name`) };
  if (!isAbsent(tool.description)) named.description = tool.description;
  named.parameters = tool.input_schema;
  if (tool.strict === true) named.strict = true;
  return { type: 'function', function: named };
}

function isDirect(callers: unknown): boolean {
  return Array.isArray(callers) && callers.length === 1 && callers[0] === 'direct';
}

function carryToolChoice(choice: unknown): unknown {
  const type = isObject(choice) ? choice.type : undefined;
  if (type === 'auto' || type === 'none') return type;
  if (type === 'any') return 'required';
  if (isObject(choice) && type === 'tool') {
    return { type: 'function', function: { name: readText(choice.name, 'tool_choice.name') } };
  }
  throw invalidField('tool_choice', 'must have type auto, any, tool or none.');
}

/** Effort and structured output have the same meaning at OpenAI; `strict` is what makes a schema binding there. */
function addOutputConfig(request: Record<string, unknown>, config: unknown): void {
  if (isAbsent(config)) return;
  if (!isObject(config)) throw invalidField('output_config', 'must be an object.');
  refuseOthers(config, { carried: new Set(['effort', 'format']) }, 'output_config.');
  if (!isAbsent(config.effort)) request.reasoning_effort = config.effort;
  const { format } = config;
  if (isAbsent(format)) return;
  if (!isObject(format) || format.type !== 'json_schema' || !isObject(format.schema)) {
    throw invalidField('output_config.format', 'must have type `json_schema` and a `schema`.');
  }
  request.response_format = {
    type: 'json_schema',
    json_schema: { name: 'output', strict: true, schema: format.schema },
  };
}
