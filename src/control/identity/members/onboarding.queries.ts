// Owns: where a person is in the onboarding wizard, in their profile. Not: what the steps mean (contracts).

import { sql } from 'kysely';
import type { z } from 'zod';
import { onboardingState } from '../../../contracts/identity/onboarding.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/** The state as it is stored. */
export type OnboardingState = z.output<typeof onboardingState>;

/** What is stored; the beginning where nothing is, or nothing that can be read. With `isLocked` nobody else changes it until the transaction ends. */
export async function getOnboardingState(
  tx: DatabaseTransaction,
  userId: string,
  { isLocked }: { readonly isLocked: boolean },
): Promise<OnboardingState> {
  if (isLocked)
    await tx
      .insertInto('profiles')
      .values({ user_id: userId })
      .onConflict((conflict) => conflict.column('user_id').doNothing())
      .execute();
  const query = tx.selectFrom('profiles').select('onboarding_state as state').where('user_id', '=', userId);
  const row = await (isLocked ? query.forNoKeyUpdate() : query).executeTakeFirst();
  const stored = onboardingState.safeParse(row?.state ?? {});
  return stored.success ? stored.data : onboardingState.parse({});
}

/** Stores the state. The profile is there: it was locked. */
export async function updateOnboardingState(
  tx: DatabaseTransaction,
  userId: string,
  state: OnboardingState,
): Promise<void> {
  await tx
    .updateTable('profiles')
    .set({ onboarding_state: sql<never>`${JSON.stringify(state)}::jsonb` })
    .where('user_id', '=', userId)
    .execute();
}

/** Whether a person is a member of an organization, or of any. */
export async function isMember(
  tx: DatabaseTransaction,
  userId: string,
  organizationId: string | null,
): Promise<boolean> {
  let query = tx.selectFrom('members').select('id').where('user_id', '=', userId).limit(1);
  if (organizationId !== null) query = query.where('organization_id', '=', organizationId);
  return (await query.executeTakeFirst()) !== undefined;
}
