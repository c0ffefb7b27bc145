// Owns: what the sandbox answers, token by token, before any protocol's shape. Deterministic. Not: usage's form, streams, faults.

import { createSeededRandom, type Random } from '../../primitives/random.ts';
import type { Conversation, OfferedTool } from './conversation.ts';
import { fingerprint, hexDigits } from './fingerprint.ts';
import { composeSchemaValue } from './schema-value.ts';
import { composeProse, composeThinking } from './sentences.ts';
import { countSandboxTokens, splitSandboxTokens } from './tokens.ts';

/** A tool that is called. */
export interface ToolCall {
  /** Unique within the answer; each protocol sets its own prefix before it. */
  readonly id: string;
  readonly name: string;
  /** Whether the input is plain text instead of JSON arguments. */
  readonly plain: boolean;
  /** The arguments (or the plain input), token by token. */
  readonly tokens: readonly string[];
}

/** Why an answer ends. */
export type Finish = 'stop' | 'length' | 'tool_calls';

/** One answer. Tokens join to texts. */
export interface Reply {
  readonly thinking: readonly string[];
  readonly text: readonly string[];
  readonly calls: readonly ToolCall[];
  readonly finish: Finish;
  /** The stop sequence that ended the text. */
  readonly stopSequence: string | null;
  /** All tokens, thinking included. */
  readonly outputTokens: number;
}

/** Characters of the user's message that fill texts in JSON values. */
const WORD_LENGTH = 40;

/** Composes an answer. `choice` is its place among `n`; each place answers in other words. */
export function composeReply(conversation: Conversation, choice: number): Reply {
  const random = createSeededRandom(fingerprint('', conversation.seed + choice));
  const allowed = conversation.directives.flags.has('ignore-max-tokens') ? null : conversation.maxTokens;
  let left = allowed ?? Number.POSITIVE_INFINITY;
  const thinking = composeThinking(random, Math.min(conversation.thinkingTokens, Math.floor(left / 2)));
  left -= thinking.length;
  const tools = toolsToCall(conversation);
  if (tools.length > 0) return replyWithCalls(conversation, { tools, thinking, left });
  const whole = composeText(conversation, random);
  const { tokens: stopped, stopSequence } = applyStop(whole, conversation.stop);
  const text = stopped.length > left ? stopped.slice(0, left) : stopped;
  const isCut = text.length < stopped.length;
  return {
    thinking,
    text,
    calls: [],
    finish: isCut ? 'length' : 'stop',
    stopSequence: isCut ? null : stopSequence,
    outputTokens: thinking.length + text.length,
  };
}

function composeText(conversation: Conversation, random: Random): string[] {
  const { format, userText, directives } = conversation;
  if (format.kind === 'schema') {
    return splitSandboxTokens(JSON.stringify(composeSchemaValue(format.schema, wordOf(userText))));
  }
  if (format.kind === 'object')
    return splitSandboxTokens(JSON.stringify({ sandbox: true, you_said: wordOf(userText) }));
  return composeProse({
    userText,
    random,
    tokens: directives.numbers.tokens ?? null,
    wide: directives.flags.has('split-utf8'),
  });
}

/**
 * Which tools an answer calls. Offered tools are called on a user's turn: those whose name the user wrote, else the first. Once results
 * came back the answer is in words, so that an agent's loop ends; a forced tool is called in any case, as the vendors do.
 */
function toolsToCall({ tools, toolChoice, parallelTools, userText, afterTools }: Conversation): readonly OfferedTool[] {
  if (toolChoice.kind === 'none' || tools.length === 0) return [];
  if (toolChoice.kind === 'named') return tools.filter((tool) => tool.name === toolChoice.name).slice(0, 1);
  if (toolChoice.kind === 'auto' && afterTools) return [];
  const mentioned = tools.filter((tool) => tool.name !== '' && userText.includes(tool.name));
  const called = mentioned.length > 0 ? mentioned : tools;
  return called.slice(0, parallelTools && mentioned.length > 0 ? called.length : 1);
}

interface CallsToWrite {
  readonly tools: readonly OfferedTool[];
  readonly thinking: readonly string[];
  /** Tokens that the calls may take. */
  readonly left: number;
}

function replyWithCalls(conversation: Conversation, { tools, thinking, left: allowed }: CallsToWrite): Reply {
  let left = allowed;
  let isCut = false;
  const calls: ToolCall[] = [];
  for (const tool of tools) {
    const nameTokens = countSandboxTokens(tool.name);
    // A call whose name no longer fits isn't begun.
    if (nameTokens > left) isCut = true;
    if (isCut) break;
    left -= nameTokens;
    const plain = tool.schema === null;
    const input = plain ? conversation.userText : JSON.stringify(composeArguments(tool, conversation.userText));
    const tokens = splitSandboxTokens(input);
    isCut = tokens.length > left;
    const kept = isCut ? tokens.slice(0, left) : tokens;
    left -= kept.length;
    const id = hexDigits(fingerprint(tool.name, conversation.seed)) + hexDigits(fingerprint(input, calls.length));
    calls.push({ id, name: tool.name, plain, tokens: kept });
  }
  const callTokens = calls.reduce((sum, call) => sum + countSandboxTokens(call.name) + call.tokens.length, 0);
  return {
    thinking,
    text: [],
    calls,
    finish: isCut ? 'length' : 'tool_calls',
    stopSequence: null,
    outputTokens: thinking.length + callTokens,
  };
}

/** Arguments are an object even where the schema says nothing. */
function composeArguments(tool: OfferedTool, userText: string): object {
  const value = composeSchemaValue(tool.schema, wordOf(userText));
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function applyStop(tokens: string[], stop: readonly string[]): { tokens: string[]; stopSequence: string | null } {
  if (stop.length === 0) return { tokens, stopSequence: null };
  const text = tokens.join('');
  let end = -1;
  let stopSequence: string | null = null;
  for (const sequence of stop) {
    const index = sequence === '' ? -1 : text.indexOf(sequence);
    if (index !== -1 && (end === -1 || index < end)) {
      end = index;
      stopSequence = sequence;
    }
  }
  return end === -1 ? { tokens, stopSequence } : { tokens: splitSandboxTokens(text.slice(0, end)), stopSequence };
}

/** The start of the user's message as one line, to be shown in a JSON value. */
function wordOf(userText: string): string {
  const line = userText.slice(0, WORD_LENGTH).replaceAll(/\s+/g, ' ').trim();
  // Half of a surrogate pair at the cut is no character.
  return line.isWellFormed() ? line : line.slice(0, -1);
}
