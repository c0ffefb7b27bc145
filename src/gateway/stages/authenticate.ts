// Owns: from a request's headers to the caller: key, organization, person. Not: what the caller may do (rules/).

import type { IncomingHttpHeaders } from 'node:http';
import { WeirError } from '../../primitives/errors.ts';
import { isUuid } from '../../primitives/ids.ts';
import { hashVirtualKey, isWellFormedVirtualKey } from '../../primitives/virtual-key.ts';
import type { Caller } from '../call.ts';
import type { KeyFacts } from '../snapshot/facts.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

/**
 * Finds the caller. A key with a wrong form or checksum is refused with no query. Answers from memory; a promise only where facts must be loaded.
 * @throws {WeirError} `unauthenticated`, `invalid_key`, `forbidden` (acting for a member without the right to), `not_found` (no such member)
 */
export async function authenticate(headers: IncomingHttpHeaders, snapshot: Snapshot): Promise<Caller> {
  const secret = readKey(headers);
  if (!isWellFormedVirtualKey(secret)) throw new WeirError('invalid_key');
  const found = snapshot.key(hashVirtualKey(secret));
  const key = found instanceof Promise ? await found : found;
  if (!key) throw new WeirError('invalid_key');
  return loadCaller(key, headers, snapshot);
}

async function loadCaller(key: KeyFacts, headers: IncomingHttpHeaders, snapshot: Snapshot): Promise<Caller> {
  const platformFacts = snapshot.platform();
  const platform = platformFacts instanceof Promise ? await platformFacts : platformFacts;
  const organizationFacts = snapshot.organization(key.organizationId);
  const organization = organizationFacts instanceof Promise ? await organizationFacts : organizationFacts;
  if (!organization) throw new WeirError('invalid_key');
  const userId = actingFor(key, headers);
  if (userId === null) return { key, platform, organization, member: null };
  const memberFacts = snapshot.member(key.organizationId, userId);
  const member = memberFacts instanceof Promise ? await memberFacts : memberFacts;
  if (!member) throw unknownMember(key, userId);
  return { key, platform, organization, member };
}

/** Whose call it is: the member named in `x-weir-user`, else the key's owner. */
function actingFor(key: KeyFacts, headers: IncomingHttpHeaders): string | null {
  const wanted = headers['x-weir-user'];
  if (typeof wanted !== 'string' || wanted === '' || wanted === key.userId) return key.userId;
  if (!key.canActForMembers) {
    throw new WeirError('forbidden', {
      message: 'This key may not act for members. Leave out x-weir-user or use a key that may.',
      param: 'x-weir-user',
    });
  }
  if (!isUuid(wanted)) throw unknownMember(key, wanted);
  return wanted;
}

function unknownMember(key: KeyFacts, userId: string): WeirError {
  // The owner of a key who has left takes the key's rights along.
  if (userId === key.userId)
    return new WeirError('revoked_key', { internal: 'the owner of the key is no member any more' });
  return new WeirError('not_found', {
    message: 'x-weir-user names no member of this organization. Send the id of a member.',
    param: 'x-weir-user',
  });
}

function readKey(headers: IncomingHttpHeaders): string {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const apiKey = headers['x-api-key'];
  if (bearer !== undefined && typeof apiKey === 'string' && apiKey !== bearer) {
    throw new WeirError('invalid_key', {
      message: 'Two different keys were sent. Send one of `Authorization: Bearer` and `x-api-key`.',
    });
  }
  const key = bearer ?? (typeof apiKey === 'string' ? apiKey : undefined);
  if (key === undefined || key === '') throw new WeirError('unauthenticated');
  return key;
}
