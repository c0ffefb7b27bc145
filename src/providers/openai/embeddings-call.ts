// Owns: reading a client's POST /v1/embeddings body. Does not own: fields that Weir has no rule for; they pass natively.

import { parseJsonDocument } from '../json-document.ts';
import type { ParsedCall } from '../protocol.ts';
import { invalidField, readModel } from '../wire/body-fields.ts';
import { MESSAGE_TOKENS, textTokensBound } from '../wire/token-bound.ts';

/** Most inputs of one call, OpenAI's own bound. */
const INPUTS_MAX = 2_048;

const INPUT_HINT = 'must be a text, a list of texts, a list of tokens or a list of lists of tokens.';

/** Reads an embeddings request. Throws `invalid_request` naming the field. */
export function parseEmbeddings(body: Buffer): ParsedCall {
  const document = parseJsonDocument(body);
  return {
    route: 'embeddings',
    protocol: 'openai',
    document,
    model: readModel(document.value),
    stream: false,
    maxOutputTokens: null,
    choices: 1,
    includeUsage: false,
    inputTokensBound: inputBound(document.value.input),
    images: { low: 0, high: 0 },
    needs: ['embeddings'],
  };
}

function inputBound(input: unknown): number {
  if (typeof input === 'string') return textBound(input, 'input');
  if (!Array.isArray(input) || input.length === 0) throw invalidField('input', INPUT_HINT);
  if (typeof input[0] === 'number') return tokensBound(input, 'input');
  if (input.length > INPUTS_MAX) throw invalidField('input', `at most ${INPUTS_MAX} inputs in one call.`);
  let tokens = 0;
  for (let index = 0; index < input.length; index += 1) {
    const one: unknown = input[index];
    tokens += typeof one === 'string' ? textBound(one, `input[${index}]`) : tokensBound(one, `input[${index}]`);
  }
  return tokens;
}

/** An embedding model's tokenizer frames each text with up to two tokens of its own. */
function textBound(text: string, path: string): number {
  if (text.length === 0) throw invalidField(path, 'must not be empty.');
  return MESSAGE_TOKENS + textTokensBound(text);
}

function tokensBound(tokens: unknown, path: string): number {
  if (!Array.isArray(tokens) || tokens.length === 0) throw invalidField(path, INPUT_HINT);
  for (const token of tokens) {
    if (!Number.isInteger(token) || token < 0) throw invalidField(path, INPUT_HINT);
  }
  return MESSAGE_TOKENS + tokens.length;
}
