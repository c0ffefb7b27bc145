// Owns: a call as the sandbox answers it, whichever protocol it came by. Not: reading it from a body (openai-request.ts, anthropic-request.ts).

import type { WireProtocol } from '../protocol.ts';
import type { Directives } from './directives.ts';

/** A tool that the caller offers. */
export interface OfferedTool {
  readonly name: string;
  /** JSON schema of the arguments; null for a tool that takes plain text (OpenAI's `custom`). */
  readonly schema: unknown;
}

/** How tools may be used. `required` is also Anthropic's `any`; `names` leaves only those to call. */
export type ToolChoice =
  | { readonly kind: 'auto' | 'none' | 'required' }
  | { readonly kind: 'named'; readonly name: string };

/** What form the text must have. */
export type TextFormat = { readonly kind: 'text' | 'object' } | { readonly kind: 'schema'; readonly schema: unknown };

/** One call for an answer. */
export interface Conversation {
  readonly protocol: WireProtocol;
  /** The model's name without directives. */
  readonly model: string;
  readonly directives: Directives;
  /** The last user message, without directives. */
  readonly userText: string;
  /** Whether the last message brings results of tools, so that an answer in words is due. */
  readonly afterTools: boolean;
  readonly inputTokens: number;
  readonly maxTokens: number | null;
  readonly stop: readonly string[];
  readonly tools: readonly OfferedTool[];
  readonly toolChoice: ToolChoice;
  readonly parallelTools: boolean;
  readonly format: TextFormat;
  readonly choices: number;
  readonly stream: boolean;
  /** Tokens of reasoning before the answer; 0 for none. */
  readonly thinkingTokens: number;
  /** A number that the same request always has. */
  readonly seed: number;
}
