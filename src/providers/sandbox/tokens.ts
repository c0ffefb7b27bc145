// Owns: the sandbox's own tokenizer. The sandbox is its own vendor, so this is exact for it: usage, `max_tokens` and the chunks of a
// stream all follow it. Not: other vendors' tokenizers (counting/).

const WORD = 1;
const BLANK = 2;

/** Class of each ASCII character: part of a word, blank, or (0) a token by itself. */
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  if (/\w/.test(String.fromCharCode(code))) return WORD;
  return code <= 32 ? BLANK : 0;
});

/** Longest part of a word that is one token. */
const WORD_LENGTH = 8;
const SPACE = 32;

/** Where the token that starts at `start` ends: a word (with the space before it) up to eight characters, blanks, or one character. */
function endOfToken(text: string, start: number): number {
  const first = text.charCodeAt(start);
  let end = start;
  if (first === SPACE && isClass(text.charCodeAt(start + 1), WORD)) end += 1;
  if (isClass(text.charCodeAt(end), WORD)) {
    const limit = end + WORD_LENGTH;
    while (end < limit && isClass(text.charCodeAt(end), WORD)) end += 1;
    return end;
  }
  if (isClass(first, BLANK)) {
    while (isClass(text.charCodeAt(end), BLANK)) end += 1;
    // The last space belongs to the word that follows.
    const joins = end - start > 1 && text.charCodeAt(end - 1) === SPACE && isClass(text.charCodeAt(end), WORD);
    return joins ? end - 1 : end;
  }
  return start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
}

function isClass(code: number, wanted: number): boolean {
  // NaN beyond the end: no class.
  return CLASSES[code] === wanted;
}

/** How many tokens a text is. Never more than its UTF-8 bytes. */
export function countSandboxTokens(text: string): number {
  let count = 0;
  for (let start = 0; start < text.length; start = endOfToken(text, start)) count += 1;
  return count;
}

/** A text's tokens, which join to the text again. */
export function splitSandboxTokens(text: string): string[] {
  const tokens: string[] = [];
  let start = 0;
  while (start < text.length) {
    const end = endOfToken(text, start);
    tokens.push(text.slice(start, end));
    start = end;
  }
  return tokens;
}
