// Owns: parsing JSON text of which it is not known that it is JSON. Does not own: clients' bodies (json-document.ts).

/** The value of a JSON text; undefined when it is none. */
export function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
