// Owns: embeddings of the sandbox: unit vectors drawn from a text's words, so that texts with words in common lie near each other.
// Not: meaning; no model is asked.

import { createSeededRandom } from '../../primitives/random.ts';
import { type Directives, readDirectives } from './directives.ts';
import { fingerprint } from './fingerprint.ts';
import { EMBEDDING_DIMENSIONS_MAX, EMBEDDING_INPUTS_MAX } from './limits.ts';
import { type Fields, invalid, readModelName, readWhole } from './request-reading.ts';
import { countSandboxTokens } from './tokens.ts';
import { embeddingUsage } from './usage-report.ts';

const DIMENSIONS_DEFAULT = 1536;

/** Coordinates that a word sets. Few, so that vectors of different words are nearly at right angles. */
const COORDINATES_PER_WORD = 16;

/** Words of a text that count; the rest of a very long text changes nothing. */
const WORDS_MAX = 1000;

/** An embeddings call. */
export interface EmbeddingsRequest {
  readonly model: string;
  readonly directives: Directives;
  /** Texts; a list of token ids stands as their text. */
  readonly texts: readonly string[];
  readonly dimensions: number;
  readonly base64: boolean;
  readonly inputTokens: number;
  readonly seed: number;
}

/** Reads the body of `POST /v1/embeddings`. Throws a `SandboxError` (400) that names the field. */
export function readEmbeddingsRequest(body: Fields): EmbeddingsRequest {
  const inputs = readInputs(body.input);
  if (inputs.length === 0 || inputs.length > EMBEDDING_INPUTS_MAX) {
    throw invalid('input', `expected one to ${EMBEDDING_INPUTS_MAX} texts.`);
  }
  const format = body.encoding_format ?? 'float';
  if (format !== 'float' && format !== 'base64') throw invalid('encoding_format', 'expected float or base64.');
  const { model, text: first, directives } = readDirectives(readModelName(body), inputs[0]?.text ?? '');
  return {
    model,
    directives,
    texts: inputs.map(({ text }, index) => (index === 0 ? first : text)),
    dimensions: readWhole(body, 'dimensions', { min: 1, max: EMBEDDING_DIMENSIONS_MAX }) ?? DIMENSIONS_DEFAULT,
    base64: format === 'base64',
    inputTokens: inputs.reduce((sum, { tokens }) => sum + tokens, 0),
    seed: inputs.reduce((seed, { text }) => fingerprint(text, seed), 0),
  };
}

/** The list of embeddings in OpenAI's shape. */
export function embeddingsAnswer(request: EmbeddingsRequest): object {
  return {
    object: 'list',
    data: request.texts.map((text, index) => {
      const vector = embed(text, request.dimensions);
      return { object: 'embedding', index, embedding: request.base64 ? toBase64(vector) : Array.from(vector) };
    }),
    model: request.model,
    usage: embeddingUsage(request.inputTokens, request.directives),
  };
}

/** A vector of length 1 that the same text always has. */
function embed(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const add = (seed: number, weight: number): void => {
    const random = createSeededRandom(seed);
    for (let step = 0; step < COORDINATES_PER_WORD; step += 1) {
      const place = random.below(dimensions);
      vector[place] = (vector[place] ?? 0) + (random.below(2) === 0 ? weight : -weight);
    }
  };
  for (const word of words.slice(0, WORDS_MAX)) add(fingerprint(word, 1), 1);
  // A little of the text as a whole, so that two texts of the same words are not one.
  add(fingerprint(text, 2), 0.25);
  return normalise(vector);
}

function normalise(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length === 0) {
    // All coordinates cancelled out, as happens in one dimension.
    vector[0] = 1;
    return vector;
  }
  return vector.map((value) => value / length);
}

/** Little-endian 32-bit floats, as OpenAI encodes them. */
function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => {
    bytes.writeFloatLE(value, index * 4);
  });
  return bytes.toString('base64');
}

interface EmbeddingInput {
  readonly text: string;
  readonly tokens: number;
}

function readInputs(input: unknown): readonly EmbeddingInput[] {
  if (isTokenList(input) && input.length > 0) return [fromTokens(input)];
  const items = Array.isArray(input) ? input : [input];
  return items.map((item, index) => {
    if (typeof item === 'string' && item !== '') return { text: item, tokens: countSandboxTokens(item) };
    if (isTokenList(item) && item.length > 0) return fromTokens(item);
    throw invalid(
      Array.isArray(input) ? `input[${index}]` : 'input',
      'expected a text or a list of tokens, not empty.',
    );
  });
}

function isTokenList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number' && Number.isInteger(item) && item >= 0);
}

function fromTokens(tokens: readonly number[]): EmbeddingInput {
  return { text: tokens.join(' '), tokens: tokens.length };
}
