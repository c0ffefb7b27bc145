// Owns: reading the text out of an answer of ours in OpenAI's stream. Not: sending it on, or what it cost (the call's report).

import { createEventReader } from '../../providers/wire/event-reader.ts';

/** What is known of an answer besides its text. */
export interface ChatText {
  /** Given out so far. */
  text: string;
  finishReason: string | null;
  /** Why Weir ended it. */
  noticeCode: string | null;
}

interface Chunk {
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string | null; readonly refusal?: string | null };
    readonly finish_reason?: string | null;
  }[];
  readonly weir?: { readonly code?: string };
}

/** The text piece by piece; `seen` grows with it. */
export async function* readChatText(bytes: AsyncIterable<Buffer>, seen: ChatText): AsyncGenerator<string> {
  const reader = createEventReader();
  for await (const chunk of bytes) {
    for (const { data } of reader.push(chunk)) {
      const piece = data === null || data === '[DONE]' ? '' : readChunk(data, seen);
      if (piece !== '') yield piece;
    }
  }
}

function readChunk(data: string, seen: ChatText): string {
  const chunk = parse(data);
  seen.noticeCode ??= chunk.weir?.code ?? null;
  const [choice] = chunk.choices ?? [];
  seen.finishReason ??= choice?.finish_reason ?? null;
  const piece = choice?.delta?.content ?? choice?.delta?.refusal ?? '';
  seen.text += piece;
  return piece;
}

/** A provider may send what is no chunk; it is passed on to callers over HTTP as it is, and has no text. */
function parse(data: string): Chunk {
  try {
    return JSON.parse(data) as Chunk;
  } catch {
    return {};
  }
}
