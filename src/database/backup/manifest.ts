// Owns: what a backup says of itself: the head before the rows, the foot after them. Not: where it is kept (backup-file.ts).

import { z } from 'zod';

const tableSchema = z.object({ name: z.string(), columns: z.array(z.string()) });

/** Known before the first row. */
export const headSchema = z.object({
  takenAt: z.iso.datetime(),
  postgres: z.string(),
  /** The public name of the key that stored secrets are sealed under; null where whoever wrote it had none. */
  masterKeyId: z.string().nullable(),
  /** Applied ones, in their order. */
  migrations: z.array(z.object({ name: z.string(), hash: z.string() })),
  /** In an order in which each can be loaded. */
  tables: z.array(tableSchema),
  /** Months of partitioned tables, by their first day. */
  partitions: z.array(z.object({ table: z.string(), month: z.iso.date() })),
});
export type BackupHead = z.infer<typeof headSchema>;

/** A table and its columns, in the order of the rows' fields. */
export type BackupTable = z.infer<typeof tableSchema>;

/** Behind a table's rows. */
export const endSchema = z.object({ rows: z.int() });

/** Known after the last row. */
export const footSchema = z.object({
  rows: z.record(z.string(), z.int()),
  /** `last` as text: a bigint. */
  sequences: z.array(z.object({ name: z.string(), last: z.string(), isCalled: z.boolean() })),
});
export type BackupFoot = z.infer<typeof footSchema>;
