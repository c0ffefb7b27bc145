// Owns: reading Anthropic message requests. Not: answering them.

import type { Conversation, OfferedTool, TextFormat, ToolChoice } from './conversation.ts';
import { readDirectives } from './directives.ts';
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
  tallyText,
} from './request-reading.ts';

/** Longest train of thought; a real budget of thousands would only be noise here. */
const THINKING_TOKENS_MAX = 64;

/** Blocks whose bytes are not text. */
const OPAQUE_BLOCKS: ReadonlySet<unknown> = new Set(['image', 'document', 'container_upload']);

/** Reads the body of `POST /v1/messages`. Throws a `SandboxError` (400) that names the field. */
export function readMessagesRequest(body: Fields): Conversation {
  const maxTokens = readWhole(body, 'max_tokens', { min: 1 });
  if (maxTokens === null) throw invalid('max_tokens', 'Field required');
  return { ...readConversation(body), maxTokens };
}

/** Reads the body of `POST /v1/messages/count_tokens`, which needs no `max_tokens`. */
export function readCountRequest(body: Fields): Conversation {
  return readConversation(body);
}

function readConversation(body: Fields): Conversation {
  const messages = readMessageList(body);
  const tally = createTally(0);
  readContent(body.system, tally);
  let lastUserText = '';
  for (const message of messages) {
    tallyMessage(tally);
    const text = readContent(message.content, tally);
    // A user message that only brings results of tools says nothing itself.
    if (message.role === 'user' && text !== '') lastUserText = text;
  }
  const tools = readTools(body, tally);
  const format = readFormat(body, tally);
  const { model, text, directives } = readDirectives(readModelName(body), lastUserText);
  const choice = isFields(body.tool_choice) ? body.tool_choice : {};
  return {
    protocol: 'anthropic',
    model,
    directives,
    userText: text,
    afterTools: readItems(messages.at(-1)?.content).some((block) => isFields(block) && block.type === 'tool_result'),
    inputTokens: tally.tokens,
    maxTokens: null,
    stop: readTexts(body.stop_sequences),
    tools,
    toolChoice: readToolChoice(choice, tools),
    parallelTools: choice.disable_parallel_tool_use !== true,
    format,
    choices: 1,
    stream: body.stream === true,
    thinkingTokens: readThinking(body.thinking),
    seed: tally.seed,
  };
}

/** Adds a content to the tally and gives the text that was written in it. */
function readContent(content: unknown, tally: InputTally): string {
  if (typeof content === 'string') {
    tallyText(tally, content);
    return content;
  }
  let text = '';
  for (const block of readItems(content)) {
    if (!isFields(block)) continue;
    if (OPAQUE_BLOCKS.has(block.type)) tallyImage(tally);
    else if (block.type === 'tool_use') tallyJson(tally, block.input);
    else if (block.type === 'tool_result') readContent(block.content, tally);
    else {
      const blockText = block.text ?? block.thinking;
      if (typeof blockText !== 'string') continue;
      tallyText(tally, blockText);
      if (block.type === 'text') text += text === '' ? blockText : `\n${blockText}`;
    }
  }
  return text;
}

/** Tools with a schema; those that the vendor runs itself (`web_search_…`) are counted and never called. */
function readTools(body: Fields, tally: InputTally): readonly OfferedTool[] {
  const given = readItems(body.tools);
  if (given.length > 0) tallyJson(tally, given);
  return given.flatMap((tool, index) => {
    if (!isFields(tool) || typeof tool.name !== 'string') throw invalid(`tools.${index}.name`, 'Field required');
    return tool.input_schema === undefined ? [] : [{ name: tool.name, schema: tool.input_schema }];
  });
}

function readToolChoice(choice: Fields, tools: readonly OfferedTool[]): ToolChoice {
  switch (choice.type) {
    case 'none':
      return { kind: 'none' };
    case 'any':
      return { kind: 'required' };
    case 'tool':
      return chooseNamed(choice.name, tools, 'tool_choice.name');
    default:
      return { kind: 'auto' };
  }
}

/** Structured output, by its present name (`output_config.format`) and its former (`output_format`). */
function readFormat(body: Fields, tally: InputTally): TextFormat {
  const config = body.output_config;
  const format = (isFields(config) ? config.format : undefined) ?? body.output_format;
  if (!isFields(format) || format.type !== 'json_schema') return { kind: 'text' };
  tallyJson(tally, format.schema);
  return { kind: 'schema', schema: format.schema ?? {} };
}

function readThinking(thinking: unknown): number {
  if (!isFields(thinking)) return 0;
  if (thinking.type === 'adaptive') return 16;
  if (thinking.type !== 'enabled') return 0;
  const budget = readWhole(thinking, 'budget_tokens', { min: 1 });
  return Math.min(budget ?? THINKING_TOKENS_MAX, THINKING_TOKENS_MAX);
}
