// Owns: times and days as callers write them, no wider than what the database can hold. Not: times in answers, which are ours.

import { z } from 'zod';

/** Offsets from UTC reach from -12:00 to +14:00 on Earth; PostgreSQL takes none beyond 15:59. */
const OFFSET_MAX = '15:59';

/** A moment, ISO 8601 with its offset. PostgreSQL knows no year 0. */
export const instant = z.iso
  .datetime({ offset: true })
  .max(40)
  .refine((time) => !time.startsWith('0000'), 'is before the year 1')
  .refine((time) => (/[+-](\d{2}:?\d{2})$/.exec(time.slice(10))?.[1] ?? '') <= OFFSET_MAX, 'has an offset of no place');

/** A day in UTC, with room before and after it to count periods from. */
export const day = z.iso.date().refine((text) => text >= '1970' && text < '9000', 'is not between 1970 and 8999');
