// Owns: the row of a person's profile. Not: locking it and the preferences in it (model-preference.queries.ts).

import { sql } from 'kysely';
import type { Theme } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { ModelPreferences } from './model-preference.queries.ts';

/** What a person says of themselves. */
export interface ProfileFields {
  readonly displayName: string | null;
  readonly avatarUrl: string | null;
  readonly locale: string;
  readonly theme: Theme;
  readonly timeZone: string;
}

/** A person's profile as they see it. */
export interface Profile extends ProfileFields, ModelPreferences {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly updatedAt: Date;
  /** `updatedAt` in microseconds: what an `ETag` is made of. */
  readonly version: bigint;
}

/** What may be changed; left out stays. */
export type ProfileChange = { readonly [Field in keyof ProfileFields]?: ProfileFields[Field] | undefined };

/** A person and their profile; one that was never made has the defaults. */
export async function findProfile(
  tx: DatabaseTransaction,
  userId: string,
): Promise<Omit<Profile, keyof ModelPreferences> | undefined> {
  return tx
    .selectFrom('users as u')
    .leftJoin('profiles as p', 'p.user_id', 'u.id')
    .select(['u.id as userId', 'u.name', 'u.email', 'p.display_name as displayName', 'p.avatar_url as avatarUrl'])
    .select(sql<string>`coalesce(p.locale, 'en')`.as('locale'))
    .select(sql<Theme>`coalesce(p.theme, 'system')`.as('theme'))
    .select(sql<string>`coalesce(p.time_zone, 'UTC')`.as('timeZone'))
    .select(sql<Date>`coalesce(p.updated_at, u.updated_at)`.as('updatedAt'))
    .select(sql<bigint>`(extract(epoch from coalesce(p.updated_at, u.updated_at)) * 1000000)::bigint`.as('version'))
    .where('u.id', '=', userId)
    .executeTakeFirst();
}

/** Changes what is given. The profile is there: it was locked. */
export async function updateProfile(tx: DatabaseTransaction, userId: string, change: ProfileChange): Promise<void> {
  const { displayName, avatarUrl, locale, theme, timeZone } = change;
  await tx
    .updateTable('profiles')
    .set({
      // Set in any case, so that a change of nothing is no statement without columns.
      locale: locale ?? sql<string>`locale`,
      ...(displayName === undefined ? {} : { display_name: displayName }),
      ...(avatarUrl === undefined ? {} : { avatar_url: avatarUrl }),
      ...(theme === undefined ? {} : { theme }),
      ...(timeZone === undefined ? {} : { time_zone: timeZone }),
    })
    .where('user_id', '=', userId)
    .execute();
}
