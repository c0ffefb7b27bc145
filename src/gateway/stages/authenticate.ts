// Owns: from a request's headers to the caller: key, organization, person. Not: what the caller may do (rules/).

import type { IncomingHttpHeaders } from 'node:http';
import { WeirError } from '../../primitives/errors.ts';
import { isUuid } from '../../primitives/ids.ts';
import { hashVirtualKey, isWellFormedVirtualKey } from '../../primitives/virtual-key.ts';
import type { AskingPerson, Caller, IncomingCall } from '../call.ts';
import type { KeyFacts } from '../snapshot/facts.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

/** How often the facts of a call are asked for until they are of one moment. */
const COHERENT_ROUNDS_MAX = 5;

/** What says who calls: a key in the headers, or the person themselves. */
export type Asking = Pick<IncomingCall, 'headers' | 'person'>;

/**
 * Finds the caller. A key with a wrong form or checksum is refused with no query. Answers from memory; a promise only where facts must be loaded.
 * @throws {WeirError} `unauthenticated`, `invalid_key`, `forbidden` (acting for a member without the right to), `not_found` (no such member)
 */
export function authenticate({ headers, person }: Asking, snapshot: Snapshot): Caller | Promise<Caller> {
  if (person !== undefined) return coherent(() => loadPerson(person, snapshot));
  const secret = readKey(headers);
  if (!isWellFormedVirtualKey(secret)) throw new WeirError('invalid_key');
  const hash = hashVirtualKey(secret);
  return rememberedCaller(hash, headers, snapshot) ?? coherent(() => loadCaller(hash, headers, snapshot));
}

/** The caller, where all facts are in memory. */
function rememberedCaller(hash: Buffer, headers: IncomingHttpHeaders, snapshot: Snapshot): Caller | null {
  const key = inMemory(snapshot.key(hash));
  const platform = inMemory(snapshot.platform());
  if (!key || !platform) return null;
  const organization = inMemory(snapshot.organization(key.organizationId));
  if (!organization) return null;
  const userId = actingFor(key, headers);
  if (userId === null) return { key, platform, organization, member: null };
  const member = inMemory(snapshot.member(key.organizationId, userId));
  if (!member) return null;
  if (key.userId === null || key.userId === userId) return { key, platform, organization, member };
  const keyOwner = inMemory(snapshot.member(key.organizationId, key.userId));
  return keyOwner ? { key, platform, organization, member, keyOwner } : null;
}

function inMemory<Facts>(facts: Facts | Promise<Facts>): Facts | null {
  if (!(facts instanceof Promise)) return facts;
  // It is asked for again at once, and a failure is told there.
  facts.catch(() => undefined);
  return null;
}

/** A caller, and whether all facts of them were in memory. */
interface LoadedCaller {
  readonly caller: Caller;
  readonly isOfOneMoment: boolean;
}

async function coherent(load: () => Promise<LoadedCaller>): Promise<Caller> {
  for (let round = 0; round < COHERENT_ROUNDS_MAX; round += 1) {
    const { caller, isOfOneMoment } = await load();
    if (isOfOneMoment) return caller;
  }
  throw new WeirError('overloaded', { retryAfterSeconds: 1, internal: 'facts change faster than they are read' });
}

/**
 * Asks for all facts of the call. Answers that are all given at once are of one moment; where one had to be loaded, another may have changed
 * meanwhile (a key read before its revocation beside an organization read after it), and all are asked again.
 */
async function loadCaller(hash: Buffer, headers: IncomingHttpHeaders, snapshot: Snapshot): Promise<LoadedCaller> {
  let isOfOneMoment = true;
  const loaded = <Facts>(facts: Promise<Facts>): Promise<Facts> => {
    isOfOneMoment = false;
    return facts;
  };
  const keyFacts = snapshot.key(hash);
  const key = keyFacts instanceof Promise ? await loaded(keyFacts) : keyFacts;
  if (!key) throw new WeirError('invalid_key');
  const platformFacts = snapshot.platform();
  const platform = platformFacts instanceof Promise ? await loaded(platformFacts) : platformFacts;
  const organizationFacts = snapshot.organization(key.organizationId);
  const organization = organizationFacts instanceof Promise ? await loaded(organizationFacts) : organizationFacts;
  if (!organization) throw new WeirError('invalid_key');
  const userId = actingFor(key, headers);
  if (userId === null) return { caller: { key, platform, organization, member: null }, isOfOneMoment };
  const memberFacts = snapshot.member(key.organizationId, userId);
  const member = memberFacts instanceof Promise ? await loaded(memberFacts) : memberFacts;
  if (!member) throw unknownMember(key, userId);
  if (key.userId === null || key.userId === userId)
    return { caller: { key, platform, organization, member }, isOfOneMoment };
  const ownerFacts = snapshot.member(key.organizationId, key.userId);
  const keyOwner = ownerFacts instanceof Promise ? await loaded(ownerFacts) : ownerFacts;
  if (!keyOwner) throw unknownMember(key, key.userId);
  return { caller: { key, platform, organization, member, keyOwner }, isOfOneMoment };
}

/** The same for a person without a key. Who is no member any more has lost the right since they were let in. */
async function loadPerson({ organizationId, userId }: AskingPerson, snapshot: Snapshot): Promise<LoadedCaller> {
  const facts = [
    snapshot.platform(),
    snapshot.organization(organizationId),
    snapshot.member(organizationId, userId),
  ] as const;
  const isOfOneMoment = facts.every((each) => !(each instanceof Promise));
  const [platform, organization, member] = await Promise.all(facts);
  if (!organization || !member) throw new WeirError('not_found');
  return { caller: { key: null, platform, organization, member }, isOfOneMoment };
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
