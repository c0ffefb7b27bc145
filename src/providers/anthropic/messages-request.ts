// Owns: an Anthropic request as it goes to Anthropic: the caller's bytes but for the model's name, the output's bound, `metadata` and a
// template's part. Does not own: translation.

import { editJsonDocument, type JsonDocument } from '../json-document.ts';
import type { CarriedRequest, CarryInput } from '../protocol.ts';
import { invalidField, isAbsent, isObject } from '../wire/body-fields.ts';
import { addDefaults, type DocumentChanges, outputLimit, prependElement, setModel } from '../wire/request-overlay.ts';

/** The version of the API that Weir speaks (API reference, "Versions"). */
const ANTHROPIC_VERSION = '2023-06-01';

/** The smallest `thinking.budget_tokens` that Anthropic takes; it must also be below `max_tokens`. */
const THINKING_BUDGET_MIN = 1_024;

/** Writes the upstream's request for POST /messages. */
export function carryMessagesNatively(input: CarryInput): CarriedRequest {
  const { document } = input.call;
  const changes: DocumentChanges = new Map();
  setModel(changes, input);
  setOutputLimit(changes, input);
  setMetadata(changes, document, input.endUserId);
  setSystem(changes, document, input.overlay?.systemMessage ?? null);
  addDefaults(changes, input);
  return carried('/messages', editJsonDocument(document, changes), input);
}

/** Writes the upstream's request for POST /messages/count_tokens, which generates nothing and so has no bound and no metadata. */
export function carryCountTokens(input: CarryInput): CarriedRequest {
  const { document } = input.call;
  const changes: DocumentChanges = new Map();
  setModel(changes, input);
  if (document.spans.has('metadata')) changes.set('metadata', null);
  setSystem(changes, document, input.overlay?.systemMessage ?? null);
  return carried('/messages/count_tokens', editJsonDocument(document, changes), input);
}

/** Headers that Anthropic's protocol needs beside credentials. */
export function anthropicHeaders(anthropicBeta: string | null | undefined): Record<string, string> {
  const headers: Record<string, string> = { 'anthropic-version': ANTHROPIC_VERSION };
  // A list of names; anything else would let a caller write headers of their own.
  if (anthropicBeta && /^[\w.,: -]{1,1000}$/.test(anthropicBeta)) headers['anthropic-beta'] = anthropicBeta;
  return headers;
}

function carried(path: string, text: string, input: CarryInput): CarriedRequest {
  return { path, body: Buffer.from(text), headers: anthropicHeaders(input.anthropicBeta) };
}

/** Anthropic demands `max_tokens`; without a wish or a cap it is the model's own most. */
function setOutputLimit(changes: DocumentChanges, input: CarryInput): void {
  const limit = outputLimit(input) ?? input.modelMaxOutputTokens;
  if (input.call.maxOutputTokens === limit) return;
  changes.set('max_tokens', String(limit));
  const thinking = input.call.document.value.thinking;
  const budget = isObject(thinking) ? thinking.budget_tokens : undefined;
  if (!isObject(thinking) || typeof budget !== 'number' || budget < limit) return;
  if (limit <= THINKING_BUDGET_MIN) {
    throw invalidField(
      'thinking.budget_tokens',
      `only ${limit} output tokens are left for this call. Send it without \`thinking\`.`,
    );
  }
  changes.set('thinking', JSON.stringify({ ...thinking, budget_tokens: limit - 1 }));
}

/** Only `metadata.user_id` goes to Anthropic: the caller's own, else the one of Weir's user. */
function setMetadata(changes: DocumentChanges, document: JsonDocument, endUserId: string | null): void {
  const metadata = document.value.metadata;
  const own = isObject(metadata) && typeof metadata.user_id === 'string' ? metadata.user_id : null;
  const isKept = own !== null && isObject(metadata) && Object.keys(metadata).length === 1;
  if (isKept) return;
  const userId = own ?? endUserId;
  if (userId !== null) changes.set('metadata', JSON.stringify({ user_id: userId }));
  else if (document.spans.has('metadata')) changes.set('metadata', null);
}

/** The template's system message stands before the caller's. */
function setSystem(changes: DocumentChanges, document: JsonDocument, systemMessage: string | null): void {
  if (!systemMessage) return;
  const own = document.value.system;
  if (isAbsent(own) || (Array.isArray(own) && own.length === 0)) changes.set('system', JSON.stringify(systemMessage));
  else if (typeof own === 'string') changes.set('system', JSON.stringify(`${systemMessage}\n\n${own}`));
  else changes.set('system', prependElement(document, 'system', { type: 'text', text: systemMessage }));
}
