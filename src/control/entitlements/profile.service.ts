// Owns: reading and changing one's own profile. Not: the models in it (model-preference.service.ts), name and address (the auth library's).

import type { MemberCaller } from '../../contracts/caller.ts';
import { checkFresh } from '../../contracts/entity-tag.ts';
import { invalidField } from '../../contracts/problem.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import { WeirError } from '../../primitives/errors.ts';
import type { Audit } from '../audit/index.ts';
import { findPreferences, lockProfile } from './model-preference.queries.ts';
import { ownUserId } from './person.ts';
import { findProfile, type Profile, type ProfileChange, updateProfile } from './profile.queries.ts';

/** The acts, on the caller's own profile. 403 for a token of the organization, which has none. */
export interface ProfileService {
  get(caller: MemberCaller): Promise<Profile>;
  /** 400 naming `timeZone` when there is no such zone; 412 `stale` when `ifMatch` names an older version. */
  update(caller: MemberCaller, change: ProfileChange, ifMatch: string | null): Promise<Profile>;
}

/** Over the given database. */
export function createProfileService(options: { readonly database: Database; readonly audit: Audit }): ProfileService {
  const { database, audit } = options;
  return {
    get(caller) {
      const userId = ownUserId(caller);
      return withPrincipal(database, caller, (tx) => getProfile(tx, caller, userId));
    },

    update(caller, change, ifMatch) {
      const userId = ownUserId(caller);
      if (change.timeZone !== undefined && !isTimeZone(change.timeZone))
        throw invalidField('timeZone', 'is not a time zone');
      return withPrincipal(database, caller, async (tx) => {
        const asRead = await getProfile(tx, caller, userId);
        const isNew = await lockProfile(tx, userId);
        const before = await getProfile(tx, caller, userId);
        // Of a profile that is made only now, nobody can have read another version than the one without it.
        checkFresh(ifMatch, isNew ? asRead.version : before.version);
        await updateProfile(tx, userId, change);
        const after = await getProfile(tx, caller, userId);
        if (caller.impersonatorId !== null)
          await audit.record(tx, caller, {
            ...{
              action: 'profile.update',
              targetType: 'user',
              targetId: userId,
              before: told(before),
              after: told(after),
            },
          });
        return after;
      });
    },
  };
}

async function getProfile(tx: DatabaseTransaction, caller: MemberCaller, userId: string): Promise<Profile> {
  const profile = await findProfile(tx, userId);
  if (profile === undefined) throw new WeirError('unauthenticated', { message: 'Nobody is signed in.' });
  return { ...profile, ...(await findPreferences(tx, { organizationId: caller.organizationId, userId })) };
}

function told({ displayName, avatarUrl, locale, theme, timeZone }: Profile): Record<string, unknown> {
  return { display_name: displayName, avatar_url: avatarUrl, locale, theme, time_zone: timeZone };
}

/** Whether this Node knows the zone: its ICU has the whole IANA data base. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
