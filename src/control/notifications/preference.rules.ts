// Owns: whether a person is told of a type by a channel: what they chose, else the default. Not: where choices are kept.

import type { NotificationChannel } from '../../contracts/enumerations.ts';
import type { Preference } from './notification.queries.ts';

/** The channels that deliver today, in the order in which they are shown. */
export const AVAILABLE_CHANNELS = ['in_app'] as const satisfies readonly NotificationChannel[];

/** In the application everybody is told of everything until they say otherwise; by other ways of nothing until they ask for it. */
export function isChosen(chosen: readonly Preference[], type: string, channel: NotificationChannel): boolean {
  const choice = chosen.find((each) => each.type === type && each.channel === channel);
  return choice?.isEnabled ?? channel === 'in_app';
}
