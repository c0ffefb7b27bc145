// Owns: what groups of use are called. Not: the groups.

import { sql } from 'kysely';
import type { UsageGroup } from '../../contracts/analytics/usage-words.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** Where names are kept, by group; the other groups are called by their keys. */
const NAMES = {
  user: sql`select u.id::text as key, u.name as label from weir.users u where u.id = any`,
  department: sql`select d.id::text as key, d.name as label from weir.departments d where d.id = any`,
  key: sql`select k.id::text as key, k.name as label from weir.virtual_keys k where k.id = any`,
  model: sql`select m.id as key, m.display_name as label from weir.models m where m.id = any`,
  provider: sql`select p.slug as key, p.name as label from weir.providers p where p.slug = any`,
} as const;
const UUID_KEYS: readonly UsageGroup[] = ['user', 'department', 'key'];

/** A slug may be of oneself, the organization or the platform: the nearest is meant, as it is in a call. */
const templateNames = (organizationId: string) => sql`select t.key, t.label from (
    select distinct on (slug) slug as key, name as label from weir.templates
     where organization_id = ${organizationId}::uuid or organization_id is null
     order by slug, owner_user_id nulls last, organization_id nulls last) t where t.key = any`;

/** Names by key, as far as the reader may see what they are of. Who is gone has none. */
export async function findLabels(
  tx: DatabaseTransaction,
  { group, organizationId }: { readonly group: UsageGroup; readonly organizationId: string },
  keys: readonly (string | null)[],
): Promise<Map<string, string>> {
  const source = group === 'template' ? templateNames(organizationId) : NAMES[group as keyof typeof NAMES];
  const wanted = keys.filter((key) => key !== null);
  if (source === undefined || wanted.length === 0) return new Map();
  const list = UUID_KEYS.includes(group) ? sql`(${wanted}::uuid[])` : sql`(${wanted}::text[])`;
  const { rows } = await sql<{ key: string; label: string }>`${source} ${list}`.execute(tx);
  return new Map(rows.map(({ key, label }) => [key, label]));
}
