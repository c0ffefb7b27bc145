// Owns: what the control plane asks of the gateway's pipeline for a signed-in person, as types: it imports no gateway. Not: the pipeline (src/gateway/in-process).

/** On whose behalf a model is called: a member, whose session has been checked. */
export interface ChatPerson {
  readonly organizationId: string;
  readonly userId: string;
  /** Where they ask from; null where that isn't known. */
  readonly ip: string | null;
}

/** One turn of a conversation. */
export interface ChatTurn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** What is asked. */
export interface ChatRequest {
  /** Oldest first, the person's question last. Those that the model has no room for are left out, the oldest first. */
  readonly turns: readonly ChatTurn[];
  /** A model's id; null: the template's, else what the person prefers. */
  readonly modelId: string | null;
  readonly personaId: string | null;
  readonly templateId: number | null;
  /** Aborted when nobody wants the answer any more: the call is cancelled and what came is settled. */
  readonly signal: AbortSignal;
}

/** An answer under way: the model has begun. */
export interface ChatAnswer {
  /** Id of the call and of its usage event. */
  readonly requestId: string;
  readonly modelId: string;
  /** Why another model than the preferred one answers; null: the preferred one does. */
  readonly fallback: string | null;
  /** Trial messages of this model that are left after this one; null: it is no trial. */
  readonly trialRemaining: number | null;
  /** The text as it comes; asked for no faster than it is taken. */
  readonly pieces: AsyncIterable<string>;
  /** Kept when the call is over and booked, whether or not the pieces were read to their end. Never rejects. */
  readonly ended: Promise<ChatEnd>;
}

/** How an answer ended. */
export interface ChatEnd {
  /** All text that was given out. */
  readonly text: string;
  readonly status: 'success' | 'error' | 'timeout' | 'cancelled';
  /** Why the model stopped: `stop`, `length`, `content_filter`; null when it was not it that did. */
  readonly finishReason: string | null;
  /** What failed, or which limit cut the answer; null when it is whole. */
  readonly errorCode: string | null;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  /** Null: the model's price is not known. */
  readonly costNanoUsd: bigint | null;
}

/** The second way into the one pipeline. */
export interface ChatPipeline {
  /** Kept when the answer begins. Rejects with the pipeline's refusal (`WeirError`), and with `request_cancelled` when the signal came first. */
  ask(person: ChatPerson, request: ChatRequest): Promise<ChatAnswer>;
}
