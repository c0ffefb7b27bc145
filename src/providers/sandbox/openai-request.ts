// Owns: reading OpenAI chat requests. Not: answering them.

import type { Conversation, OfferedTool, TextFormat, ToolChoice } from './conversation.ts';
import { readDirectives } from './directives.ts';
import { CHOICES_MAX } from './limits.ts';
import {
  chooseNamed,
  createTally,
  type Fields,
  type InputTally,
  invalid,
  isFields,
  readItems,
  readMessageList,
  readModelName,
  readTexts,
  readWhole,
  tallyImage,
  tallyJson,
  tallyMessage,
  tallyName,
  tallyText,
} from './request-reading.ts';

/** An OpenAI call: what all protocols have, and what only its answers show. */
export interface ChatRequest {
  readonly conversation: Conversation;
  readonly includeUsage: boolean;
  readonly logprobs: boolean;
  readonly topLogprobs: number;
}

/** Reasoning tokens of each effort; real models vary. Unnamed efforts count as `medium`. */
const EFFORT_TOKENS: Readonly<Record<string, number>> = {
  none: 0,
  minimal: 0,
  low: 16,
  medium: 32,
  high: 64,
  xhigh: 128,
};

/** Reads the body of `POST /v1/chat/completions`. Throws a `SandboxError` (400) that names the field. */
export function readChatRequest(body: Fields): ChatRequest {
  const messages = readMessageList(body);
  const tally = createTally(readWhole(body, 'seed', {}) ?? 0);
  let lastUserText = '';
  for (const message of messages) {
    const text = readMessage(message, tally);
    if (message.role === 'user') lastUserText = text;
  }
  const tools = readTools(body, tally);
  const format = readFormat(body, tally);
  const { model, text, directives } = readDirectives(readModelName(body), lastUserText);
  const options = body.stream_options;
  return {
    conversation: {
      protocol: 'openai',
      model,
      directives,
      userText: text,
      afterTools: messages.at(-1)?.role === 'tool',
      inputTokens: tally.tokens,
      maxTokens: readWhole(body, 'max_completion_tokens', { min: 1 }) ?? readWhole(body, 'max_tokens', { min: 1 }),
      stop: readTexts(body.stop),
      tools,
      toolChoice: readToolChoice(body.tool_choice, tools),
      parallelTools: body.parallel_tool_calls !== false,
      format,
      choices: readWhole(body, 'n', { min: 1, max: CHOICES_MAX }) ?? 1,
      stream: body.stream === true,
      thinkingTokens: readEffort(body.reasoning_effort),
      seed: tally.seed,
    },
    includeUsage: isFields(options) && options.include_usage === true,
    logprobs: body.logprobs === true,
    topLogprobs: readWhole(body, 'top_logprobs', { min: 0, max: 20 }) ?? 0,
  };
}

/** Adds a message to the tally and gives its text. */
function readMessage(message: Fields, tally: InputTally): string {
  tallyMessage(tally);
  tallyText(tally, String(message.role));
  if (typeof message.name === 'string') tallyName(tally, message.name);
  tallyJson(tally, message.tool_calls);
  const content = message.content;
  if (typeof content === 'string') {
    tallyText(tally, content);
    return content;
  }
  let text = '';
  for (const part of readItems(content)) {
    if (!isFields(part)) continue;
    const partText = part.text ?? part.refusal;
    if (typeof partText === 'string') {
      tallyText(tally, partText);
      text += text === '' ? partText : `\n${partText}`;
    } else tallyImage(tally);
  }
  return text;
}

function readTools(body: Fields, tally: InputTally): readonly OfferedTool[] {
  const given = readItems(body.tools);
  if (given.length > 0) tallyJson(tally, given);
  return given.map((tool, index) => {
    const type = isFields(tool) ? tool.type : undefined;
    const inner = isFields(tool) && typeof type === 'string' ? tool[type] : undefined;
    if (!isFields(inner) || typeof inner.name !== 'string')
      throw invalid(`tools[${index}]`, 'expected a function or a custom tool with a name.');
    return { name: inner.name, schema: type === 'custom' ? null : (inner.parameters ?? { type: 'object' }) };
  });
}

function readToolChoice(choice: unknown, tools: readonly OfferedTool[]): ToolChoice {
  if (choice === 'none' || choice === 'required') return { kind: choice };
  if (!isFields(choice)) return { kind: 'auto' };
  const allowed = choice.allowed_tools;
  if (isFields(allowed)) return { kind: allowed.mode === 'required' ? 'required' : 'auto' };
  const named = choice[String(choice.type)];
  return chooseNamed(isFields(named) ? named.name : undefined, tools, 'tool_choice');
}

function readFormat(body: Fields, tally: InputTally): TextFormat {
  const format = body.response_format;
  if (!isFields(format)) return { kind: 'text' };
  if (format.type === 'json_object') return { kind: 'object' };
  if (format.type !== 'json_schema') return { kind: 'text' };
  const inner = format.json_schema;
  if (!isFields(inner) || typeof inner.name !== 'string')
    throw invalid('response_format.json_schema', 'expected a name and a schema.');
  tallyJson(tally, inner.schema);
  return { kind: 'schema', schema: inner.schema ?? {} };
}

function readEffort(effort: unknown): number {
  if (typeof effort !== 'string') return 0;
  return Object.hasOwn(EFFORT_TOKENS, effort) ? (EFFORT_TOKENS[effort] ?? 0) : 32;
}
