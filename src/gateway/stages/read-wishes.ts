// Owns: Weir's own request headers, read once and bounded. Not: the body (the route's parser).

import type { IncomingHttpHeaders } from 'node:http';
import { WeirError } from '../../primitives/errors.ts';
import type { CallWishes } from '../call.ts';
import { NAME_HEADER_MAX, TAG_LENGTH_MAX, TAGS_MAX } from '../limits.ts';

const ENVIRONMENTS: ReadonlySet<string> = new Set(['development', 'staging', 'production']);

/**
 * Reads `x-weir-feature`, `x-weir-persona`, `x-weir-environment` and `x-weir-tags` (`name=value, name=value`).
 * @throws {WeirError} `invalid_request` naming the header
 */
export function readWishes(headers: IncomingHttpHeaders): CallWishes {
  const environment = readName(headers, 'x-weir-environment') ?? 'production';
  if (!ENVIRONMENTS.has(environment)) {
    throw invalid('x-weir-environment', 'must be development, staging or production');
  }
  return {
    feature: readName(headers, 'x-weir-feature'),
    persona: readName(headers, 'x-weir-persona'),
    environment,
    tags: readTags(headers['x-weir-tags']),
  };
}

function readName(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  if (typeof value !== 'string' || value === '') return null;
  if (value.length > NAME_HEADER_MAX) throw invalid(name, `must be at most ${NAME_HEADER_MAX} characters`);
  return value;
}

function readTags(value: string | string[] | undefined): Record<string, string> | null {
  if (value === undefined || value.length === 0) return null;
  const entries = String(value)
    .split(',')
    .map((part) => part.trim().split('='));
  if (entries.length > TAGS_MAX) throw invalid('x-weir-tags', `must have at most ${TAGS_MAX} tags`);
  for (const [name = '', tag = '', ...rest] of entries) {
    const fits = name !== '' && rest.length === 0 && name.length <= TAG_LENGTH_MAX && tag.length <= TAG_LENGTH_MAX;
    if (!fits)
      throw invalid(
        'x-weir-tags',
        `must be name=value pairs of at most ${TAG_LENGTH_MAX} characters each, separated by commas`,
      );
  }
  return Object.fromEntries(entries.map(([name, tag]) => [name, tag ?? '']));
}

function invalid(header: string, rule: string): WeirError {
  return new WeirError('invalid_request', { message: `The header ${header} ${rule}.`, param: header });
}
