// Owns: what the core hands to the server: status, headers and the steps of an answer. Not: carrying them out (sandbox-server.ts).

/** One step of an answer. */
export type AnswerStep =
  | { readonly kind: 'write'; readonly bytes: string | Buffer }
  /** The same bytes again and again, written as fast as the reader takes them. */
  | { readonly kind: 'repeat'; readonly bytes: Buffer; readonly times: number }
  | { readonly kind: 'wait'; readonly ms: number }
  /** Nothing more comes, and the connection stays open. */
  | { readonly kind: 'stall' }
  /** The connection is destroyed. */
  | { readonly kind: 'reset' };

/** An answer. Steps before the first write happen before the status line is sent. Ends by itself unless a step says otherwise. */
export interface AnswerPlan {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly steps: readonly AnswerStep[];
}

/** One event of a stream. */
export interface StreamFrame {
  readonly text: string;
  /** Whether it brings content: what `cut=`, `stall=` and `stream-error=` count. */
  readonly isContent: boolean;
  /** Whether it is the mark of the end (`[DONE]`, `message_stop`). */
  readonly isEnd: boolean;
}

/** A frame with a piece of content. */
export function contentFrame(text: string): StreamFrame {
  return { text, isContent: true, isEnd: false };
}

/** A frame around the content. */
export function framingFrame(text: string): StreamFrame {
  return { text, isContent: false, isEnd: false };
}

/** The frame that marks the end. */
export function endFrame(text: string): StreamFrame {
  return { text, isContent: false, isEnd: true };
}
