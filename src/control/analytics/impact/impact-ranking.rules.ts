// Owns: who is shown first of those that a change concerns. Pure. Not: counting them (impact-report.rules.ts).

import type { ImpactPerson, ImpactSums } from './impact-report.rules.ts';

/** Blocked people, those with most blocked calls first; of equals who was blocked first. */
export function mostBlocked(people: ReadonlyMap<string, ImpactPerson>, most: number): ImpactPerson[] {
  return [...people.values()]
    .filter(({ blockedCalls }) => blockedCalls > 0)
    .sort((a, b) => b.blockedCalls - a.blockedCalls || (a.firstBlockedMs ?? 0) - (b.firstBlockedMs ?? 0))
    .slice(0, most);
}

/** Organizations with blocked calls first, then those whose cost changes most. */
export function mostAffected(
  organizations: ReadonlyMap<string, ImpactSums>,
  most: number,
): (readonly [string, ImpactSums])[] {
  return [...organizations]
    .sort(([, a], [, b]) => b.blockedCalls - a.blockedCalls || Number(changeOf(b) - changeOf(a)))
    .slice(0, most);
}

function changeOf({ asWasNanoUsd, wouldBeNanoUsd }: ImpactSums): bigint {
  return wouldBeNanoUsd > asWasNanoUsd ? wouldBeNanoUsd - asWasNanoUsd : asWasNanoUsd - wouldBeNanoUsd;
}
