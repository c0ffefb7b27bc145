// Owns: upper bounds of input tokens that hold without the model's tokenizer, and where each constant comes from.
// Does not own: exact counting (`counting/`), output.

import type { ImageCount, ParsedCall } from '../protocol.ts';

/**
 * Tokens that a model's chat template adds to a call by itself. The longest known is gpt-oss's harmony system message with its tool
 * line, about 110; Llama 3.1 adds a date header of about 30; OpenAI 3 (its cookbook, "How to count tokens").
 */
export const TEMPLATE_TOKENS = 128;

/**
 * Tokens around one message, tool call or tool result: OpenAI 3, and 1 for a name (same source); Llama 3 headers 5;
 * Anthropic about 4, up to 12 around a tool result. Also the one prefix token that SentencePiece adds to a text.
 */
export const MESSAGE_TOKENS = 16;

/** The system prompt that tools bring with them: Anthropic's table ("Tool use: pricing") goes up to 530; OpenAI's preamble is about 20. */
export const TOOL_PROMPT_TOKENS = 1_000;

/** The definition of a tool that the vendor defines: Anthropic's text editor 700, computer use 735 (same table). */
export const VENDOR_TOOL_TOKENS = 4_000;

/**
 * A schema is rendered again by the vendor (with spaces, as a type, with `\uXXXX` escapes), so it may grow; the worst of these
 * makes three bytes (a two-byte character) six.
 */
const SCHEMA_GROWTH = 3;

/**
 * A file that is only referred to (an id, an address) can't be measured. The context window bounds it: that of the vendors' common models
 * is 200,000; a gateway that knows the model's own takes the smaller.
 */
const REFERRED_FILE_TOKENS = 200_000;

/** What a page or a picture within a file costs beside its bytes: one Anthropic image. */
const INLINE_FILE_TOKENS = 5_000;

/**
 * Bytes of audio to a token. OpenAI counts one input token per 100 ms; the sparsest MP3 has 8 kbit/s, hence 100 bytes in that time.
 * Halved, for variable rates.
 */
const AUDIO_BYTES_PER_TOKEN = 50;

interface ImageRate {
  readonly low: number;
  readonly high: number;
}

/**
 * The most tokens of one image, by model family. OpenAI, "Images and vision": an image is fitted into 2,048 × 2,048, then its short side
 * to 768, hence at most 4 × 2 tiles of 512 pixels.
 */
const IMAGE_RATES: readonly (readonly [RegExp, ImageRate])[] = [
  // 2,833 and 5,667 a tile: 2,833 + 8 × 5,667.
  [/^gpt-4o-mini/, { low: 2_833, high: 48_169 }],
  // 85 and 170 a tile: 85 + 8 × 170.
  [/^(gpt-4o|chatgpt-4o|gpt-4\.5|gpt-4-|gpt-4\.1(-\d|$))/, { low: 85, high: 1_445 }],
  // Models that count patches of 32 pixels: up to 10,000 patches ("original"), times up to 2.46; low: 512 × 512 is 256 patches.
  [/^(gpt-|o\d|codex|computer-use)/, { low: 630, high: 24_600 }],
  // Patches of 28 pixels, 4,784 at most on the models that read the most pixels (Anthropic, "Vision"); no detail to choose.
  [/^claude-/, { low: INLINE_FILE_TOKENS, high: INLINE_FILE_TOKENS }],
];

/** For a model of unknown family: the dearest known. (Qwen-VL counts up to 16,384.) */
const DEAREST_IMAGE: ImageRate = { low: 48_169, high: 48_169 };

/**
 * Upper bound of a text's tokens: its UTF-8 bytes. Byte-level BPE and SentencePiece with byte fallback never make more than one token of a
 * byte. Claude's older tokenizer first normalises to NFKC, which can lengthen a text, so the longer of both counts.
 */
export function textTokensBound(text: string): number {
  const bytes = Buffer.byteLength(text);
  return bytes === text.length ? bytes : Math.max(bytes, normalBytesBound(text));
}

/**
 * Characters that are normalised in one go. Putting combining marks into order takes time in the square of their run: 200,000 of them, a body of
 * 400 kB, took 10 s.
 */
const NORMALISED_LENGTH = 256;

/** What may join the characters before it when a text is normalised: marks, letters that become marks, parts of Korean syllables. */
const JOINS = /^[\p{M}\p{Lm}\u1160-\u11ff\uffa0-\uffdf]/u;

/** The most bytes by which a text cut before such a character can be shorter in its pieces: joined, a letter and its marks lose at most 6. */
const SEAM_BYTES = 8;

/** Upper bound of the UTF-8 bytes of a text in NFKC. */
function normalBytesBound(text: string): number {
  let bytes = 0;
  for (let start = 0; start < text.length; start += NORMALISED_LENGTH) {
    const piece = text.slice(start, start + NORMALISED_LENGTH);
    bytes += Buffer.byteLength(piece.normalize('NFKC'));
    if (start > 0 && JOINS.test(piece)) bytes += SEAM_BYTES;
  }
  return bytes;
}

/** Upper bound for a schema or another structure that the vendor renders as text, from its JSON text. */
export function schemaTokensBound(json: string): number {
  const bytes = Buffer.byteLength(json);
  return bytes === json.length ? bytes * 2 : bytes * SCHEMA_GROWTH;
}

/** Upper bound for a file: given inline as text or base64, or (`data` is no string) only referred to. */
export function fileTokensBound(data: unknown): number {
  return typeof data === 'string' ? INLINE_FILE_TOKENS + Buffer.byteLength(data) : REFERRED_FILE_TOKENS;
}

/** Upper bound for audio given inline as base64. */
export function audioTokensBound(base64: string): number {
  return MESSAGE_TOKENS + Math.ceil((base64.length * 3) / 4 / AUDIO_BYTES_PER_TOKEN);
}

/** Upper bound for images, whatever the model. */
export function imageTokensBound(images: ImageCount): number {
  return images.low * DEAREST_IMAGE.low + images.high * DEAREST_IMAGE.high;
}

/** The bound of a call's input tokens for a known provider model: the general one, with images at that family's rate. */
export function inputTokensBoundFor(call: ParsedCall, providerModelId: string): number {
  const { low, high } = call.images;
  if (low + high === 0) return call.inputTokensBound;
  // Hosts name models with a path before them: `openai/gpt-4o`.
  const name = providerModelId.slice(providerModelId.lastIndexOf('/') + 1);
  const rate = IMAGE_RATES.find(([family]) => family.test(name))?.[1] ?? DEAREST_IMAGE;
  return call.inputTokensBound - imageTokensBound(call.images) + low * rate.low + high * rate.high;
}
