// Owns: reading the JSON object that a whole answer is, and the errors of one that is none. Does not own: what a vendor's answer holds.

import { WeirError } from '../../primitives/errors.ts';
import { isObject, type JsonObject } from './body-fields.ts';
import { tryParseJson } from './json-text.ts';
import { errorOfFailure, failureOfEvent, readVendorError } from './upstream-failure.ts';

/**
 * The object of an answer with status 200. Throws `provider_error` when the body is none, and what the vendor's error means where
 * `isError` finds one in it: some servers answer an error with status 200.
 */
export function readAnswerObject(body: Buffer, isError: (answer: JsonObject) => boolean): JsonObject {
  const value = tryParseJson(body.toString('utf8'));
  if (value === undefined) throw brokenBody('The provider sent an answer that is not JSON.');
  if (!isObject(value)) throw brokenBody('The provider sent an answer that is not a JSON object.');
  if (isError(value)) throw errorOfFailure(failureOfEvent(readVendorError(value)));
  return value;
}

/** The error for an answer that is not what the protocol says. */
export function brokenBody(message: string): WeirError {
  return new WeirError('provider_error', { message });
}
