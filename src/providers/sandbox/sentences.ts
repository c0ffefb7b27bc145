// Owns: the words the sandbox answers with. Not: how many (reply.ts).

import type { Random } from '../../primitives/random.ts';
import { splitSandboxTokens } from './tokens.ts';

/** Longest part of the user's message that is said again. */
const ECHO_LENGTH = 160;

const SENTENCES = [
  'A weir holds a river back and measures it at the same time.',
  'Every word here was made up from a fixed list, so the same question gives the same answer.',
  'No model was called and nothing was spent at a vendor.',
  'You can ask for an error, a delay or a cut stream with a directive.',
  'The numbers in the usage field are counted, not guessed.',
  'Small steps, measured well, carry further than one large leap.',
  'Three things matter here: what was asked, what was held and what was settled.',
  'The first draft is a question; the second one starts to answer it.',
  'If a limit is near, the answer may end sooner than you expect.',
  'A clear goal, a date and one person in charge make a plan likely to work.',
  'Water finds its level, and so does a budget that is watched every day.',
  'Try the same call with streaming on to see each piece arrive.',
  'Tools are called when you offer them, with arguments that fit their schema.',
  'Good notes name the reason, not only the decision.',
  'Once a provider key is set, the same request goes to a real model.',
  'Start with the smallest part that can be checked, then grow it.',
] as const;

/** Text with characters of two, three and four bytes of UTF-8, for `split-utf8`. */
const WIDE_TEXT = 'Naïve café, 東京 — 👩‍💻 Ω. ';

/** Tokens of each sentence, cut once. Each but the first of an answer starts with a space. */
const SENTENCE_TOKENS = SENTENCES.map((sentence) => splitSandboxTokens(` ${sentence}`));

/** What an answer is made of. */
export interface ProseInput {
  /** The last thing the user said. */
  readonly userText: string;
  readonly random: Random;
  /** Exactly this many tokens; null for a length of a few sentences. */
  readonly tokens: number | null;
  readonly wide: boolean;
}

/** Tokens of a prose answer that says again what the user said. They join to the text. */
export function composeProse({ userText, random, tokens, wide }: ProseInput): string[] {
  const said = userText.length > ECHO_LENGTH ? `${cutText(userText, ECHO_LENGTH)}…` : userText;
  const opening = said === '' ? 'The sandbox is here.' : `You said: "${said}". This is the sandbox answering.`;
  const prose = splitSandboxTokens(wide ? WIDE_TEXT + opening : opening);
  const sentences = tokens === null ? 1 + random.below(3) : Number.POSITIVE_INFINITY;
  for (let count = 0; count < sentences && (tokens === null || prose.length < tokens); count += 1) {
    for (const token of SENTENCE_TOKENS[random.below(SENTENCE_TOKENS.length)] ?? []) prose.push(token);
  }
  if (tokens !== null) prose.length = Math.min(prose.length, tokens);
  return prose;
}

/** Tokens of a train of thought of a given length. */
export function composeThinking(random: Random, tokens: number): string[] {
  const thinking = splitSandboxTokens('Let me think about what was asked.');
  while (thinking.length < tokens) {
    for (const token of SENTENCE_TOKENS[random.below(SENTENCE_TOKENS.length)] ?? []) thinking.push(token);
  }
  thinking.length = Math.min(thinking.length, tokens);
  return thinking;
}

/** The first characters of a text, never half of a surrogate pair. */
function cutText(text: string, length: number): string {
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code < 0xdc00 ? length - 1 : length);
}
