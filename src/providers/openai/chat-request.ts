// Owns: an OpenAI chat request as it goes to an OpenAI-compatible server: the caller's bytes but for the model's name, the output's
// bound, the usage report and a template's part. Does not own: translation.

import { editJsonDocument } from '../json-document.ts';
import type { CarriedRequest, CarryInput } from '../protocol.ts';
import { isObject } from '../wire/body-fields.ts';
import { addDefaults, type DocumentChanges, outputLimit, prependElement, setModel } from '../wire/request-overlay.ts';

/** Writes the upstream's request. */
export function carryChatNatively(input: CarryInput): CarriedRequest {
  const changes: DocumentChanges = new Map();
  setModel(changes, input);
  setOutputLimit(changes, input);
  if (input.call.stream) askForUsage(changes, input);
  const systemMessage = input.overlay?.systemMessage;
  if (systemMessage) {
    const message = { role: 'system', content: systemMessage };
    changes.set('messages', prependElement(input.call.document, 'messages', message));
  }
  addDefaults(changes, input);
  const text = editJsonDocument(input.call.document, changes);
  return { path: '/chat/completions', body: Buffer.from(text), headers: {} };
}

/** Writes an embeddings request: the caller's bytes but for the model's name and a template's parameters. */
export function carryEmbeddings(input: CarryInput): CarriedRequest {
  const changes: DocumentChanges = new Map();
  setModel(changes, input);
  addDefaults(changes, input);
  const text = editJsonDocument(input.call.document, changes);
  return { path: '/embeddings', body: Buffer.from(text), headers: {} };
}

/** The bound goes where the caller put it (both fields, if both are given); else into the one this server takes. */
function setOutputLimit(changes: DocumentChanges, input: CarryInput): void {
  const limit = outputLimit(input);
  if (limit === null) return;
  const fields = input.call.document.value;
  let isSet = false;
  for (const name of ['max_completion_tokens', 'max_tokens']) {
    const value = fields[name];
    if (typeof value !== 'number') continue;
    isSet = true;
    if (value > limit) changes.set(name, String(limit));
  }
  if (isSet) return;
  changes.set(input.prefersMaxTokensField ? 'max_tokens' : 'max_completion_tokens', String(limit));
}

/** Streams report their usage always, for exact settling; the relay keeps it from a caller who didn't ask. */
function askForUsage(changes: DocumentChanges, input: CarryInput): void {
  if (input.call.includeUsage) return;
  const options = input.call.document.value.stream_options;
  const asked = isObject(options) ? { ...options, include_usage: true } : { include_usage: true };
  changes.set('stream_options', JSON.stringify(asked));
}
