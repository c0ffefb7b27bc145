// Owns: the capabilities that a chat needs of its model, by what its body holds. Does not own: finding it there.

/** What a body holds. */
export interface ChatTraits {
  readonly stream: boolean;
  readonly tools: boolean;
  readonly images: boolean;
  readonly jsonSchema: boolean;
}

/** The `needs` of a chat call, whichever route it came by. */
export function chatNeeds({ stream, tools, images, jsonSchema }: ChatTraits): readonly string[] {
  const needs = ['chat'];
  if (stream) needs.push('streaming');
  if (tools) needs.push('tools');
  if (images) needs.push('vision');
  if (jsonSchema) needs.push('json_schema');
  return needs;
}
