// Owns: what policy and a template change in a request that else passes natively: defaults, and the most output tokens.
// Does not own: which fields a protocol has.

import type { JsonDocument } from '../json-document.ts';
import type { CallOverlay, CarryInput } from '../protocol.ts';
import { isAbsent } from './body-fields.ts';

/** Changes to a document: a member's new JSON text, or null to remove it. */
export type DocumentChanges = Map<string, string | null>;

/** Fields that a template's defaults never set: the call itself, and what Weir steers. */
const STEERED = new Set([
  'model',
  'messages',
  'input',
  'stream',
  'stream_options',
  'n',
  'system',
  'metadata',
  '__proto__',
]);

/** Names of the field that bounds the output, in both protocols. */
const OUTPUT_LIMITS = new Set(['max_tokens', 'max_completion_tokens']);

/** A template's parameters that apply: not steered, not given by the caller, in order. */
export function applicableDefaults(input: CarryInput): [string, unknown][] {
  const defaults = input.overlay?.defaults;
  if (defaults === undefined) return [];
  const fields = input.call.document.value;
  return Object.entries(defaults).filter(
    ([name, value]) =>
      !isAbsent(value) &&
      !STEERED.has(name) &&
      !OUTPUT_LIMITS.has(name) &&
      !(Object.hasOwn(fields, name) && !isAbsent(fields[name])),
  );
}

/** Parameters that both protocols have by one name and meaning, besides the output's limits. */
const COMMON = new Set(['temperature', 'top_p']);
/** Anthropic's largest; OpenAI's is 2. */
const TEMPERATURE_MAX = 1;

/** What a template adds where its call goes to a model of the other protocol: its parameters were chosen for its own model. */
export function inBothProtocols(overlay: CallOverlay): CallOverlay {
  const kept = Object.entries(overlay.defaults).filter(
    ([name, value]) =>
      OUTPUT_LIMITS.has(name) ||
      (COMMON.has(name) && !(name === 'temperature' && typeof value === 'number' && value > TEMPERATURE_MAX)),
  );
  return { ...overlay, defaults: Object.fromEntries(kept) };
}

/** Sets a template's parameters where the caller gave none. */
export function addDefaults(changes: DocumentChanges, input: CarryInput): void {
  for (const [name, value] of applicableDefaults(input)) changes.set(name, JSON.stringify(value));
}

/**
 * The most output tokens to ask for: the caller's wish, else the template's, lowered to what policy allows; null when nobody sets a
 * bound. Never more than any of them.
 */
export function outputLimit(input: CarryInput): number | null {
  const wish = input.call.maxOutputTokens ?? templateLimit(input);
  if (wish === null || input.outputCap === null) return wish ?? input.outputCap;
  return Math.min(wish, input.outputCap);
}

function templateLimit(input: CarryInput): number | null {
  const defaults = input.overlay?.defaults ?? {};
  for (const name of OUTPUT_LIMITS) {
    const value = Object.hasOwn(defaults, name) ? defaults[name] : undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  }
  return null;
}

/** Names the provider's model, when it differs from what the caller wrote. */
export function setModel(changes: DocumentChanges, input: CarryInput): void {
  if (input.call.model !== input.providerModelId) changes.set('model', JSON.stringify(input.providerModelId));
}

/** A list member's text with a new first element. The list is not empty. */
export function prependElement(document: JsonDocument, name: string, element: unknown): string {
  const span = document.spans.get(name);
  const text = span === undefined ? '[]' : document.text.slice(span.start, span.end);
  return `[${JSON.stringify(element)},${text.slice(1)}`;
}
