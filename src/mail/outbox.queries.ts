// Owns: the rows of mail on its way. Times are the database's: replicas' clocks may differ. Not: when a mail is given up (create-mail.ts).

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../database/pool.ts';
import type { MailMessage } from './mail-message.rules.ts';

/** How far a mail has come. */
export type MailStatus = 'pending' | 'sent' | 'failed' | 'kept';

/** A mail without what it says. */
export interface MailSummary {
  readonly id: string;
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly status: MailStatus;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
}

/** A whole mail. The text of one that was sent is gone: it may have held a link that signs in. */
export interface MailRecord extends MailSummary {
  readonly text: string;
  readonly html: string | null;
}

/** A mail that this process may try to deliver. */
export interface ClaimedMail {
  readonly id: string;
  readonly message: MailMessage;
  /** Tries so far, this one included. */
  readonly attempts: number;
}

const SUMMARY = [
  'id',
  'kind',
  'to_address',
  'subject',
  'status',
  'attempts',
  'last_error',
  'created_at',
  'sent_at',
] as const;

/** Writes a mail to be sent. Gives its id. */
export async function insertMail(
  tx: DatabaseTransaction,
  { kind, to, subject, text, html }: MailMessage,
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select weir.enqueue_mail(${kind}, ${to}, ${subject}, ${text}, ${html}) as id`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error('the outbox gave no id');
  return row.id;
}

/** Takes due mail, the longest waiting first, for `claimMs`; what another replica is taking is passed over. */
export async function claimDueMail(
  tx: DatabaseTransaction,
  { limit, claimMs }: { readonly limit: number; readonly claimMs: number },
): Promise<ClaimedMail[]> {
  const rows = await tx
    .updateTable('mail_outbox')
    .set({
      attempts: sql<number>`attempts + 1`,
      next_attempt_at: sql<Date>`now() + ${claimMs} * interval '1 millisecond'`,
    })
    .where('id', 'in', (query) =>
      query
        .selectFrom('mail_outbox')
        .select('id')
        .where('status', '=', 'pending')
        .where('next_attempt_at', '<=', sql<Date>`now()`)
        .orderBy('next_attempt_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'kind', 'to_address', 'subject', 'text_body', 'html_body', 'attempts'])
    .execute();
  return rows.map((row) => ({
    id: row.id,
    message: {
      ...{ kind: row.kind, to: row.to_address, subject: row.subject },
      ...{ text: row.text_body, html: row.html_body ?? '' },
    },
    attempts: row.attempts,
  }));
}

/** Marks a mail as sent and forgets what it said. */
export async function updateSentMail(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx
    .updateTable('mail_outbox')
    .set({ status: 'sent', sent_at: sql<Date>`now()`, last_error: null, text_body: '', html_body: null })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute();
}

/** Puts a mail off, at the latest to the moment it is given up; that moment over, or `isFinal`, gives it up. Gives the status then. */
export async function updateUndeliveredMail(
  tx: DatabaseTransaction,
  id: string,
  failure: {
    readonly error: string;
    readonly isFinal: boolean;
    readonly delayMs: number;
    readonly giveUpAfterMs: number;
  },
): Promise<MailStatus | undefined> {
  const lastMoment = sql<Date>`created_at + ${failure.giveUpAfterMs} * interval '1 millisecond'`;
  const row = await tx
    .updateTable('mail_outbox')
    .set({
      status: sql<MailStatus>`case when ${failure.isFinal} or ${lastMoment} <= now() then 'failed' else 'pending' end`,
      next_attempt_at: sql<Date>`least(now() + ${failure.delayMs} * interval '1 millisecond', greatest(${lastMoment}, now()))`,
      last_error: failure.error,
    })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .returning('status')
    .executeTakeFirst();
  return row?.status;
}

/** Where there is no mail server: mail that waits stays to be read. Gives how much. */
export async function updateKeptMail(tx: DatabaseTransaction, limit: number): Promise<number> {
  const result = await tx
    .updateTable('mail_outbox')
    .set({ status: 'kept' })
    .where('id', 'in', (query) =>
      query
        .selectFrom('mail_outbox')
        .select('id')
        .where('status', '=', 'pending')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Removes mail that has been over for so many days. Gives how much. */
export async function endOldMail(
  tx: DatabaseTransaction,
  { days, limit }: { readonly days: number; readonly limit: number },
): Promise<number> {
  const result = await tx
    .deleteFrom('mail_outbox')
    .where('id', 'in', (query) =>
      query
        .selectFrom('mail_outbox')
        .select('id')
        .where('status', '<>', 'pending')
        .where('created_at', '<', sql<Date>`now() - ${days} * interval '1 day'`)
        .limit(limit),
    )
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

/** The newest mail first; after the mail `after`, where one is named that is still there. */
export async function listMail(
  tx: DatabaseTransaction,
  { limit, status, after }: { readonly limit: number; readonly status?: MailStatus; readonly after?: string },
): Promise<MailSummary[]> {
  let query = tx.selectFrom('mail_outbox').select(SUMMARY);
  if (status !== undefined) query = query.where('status', '=', status);
  if (after !== undefined)
    query = query.where(
      sql<boolean>`(created_at, id) < (select m.created_at, m.id from weir.mail_outbox m where m.id = ${after})`,
    );
  const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(toSummary);
}

/** One mail; undefined when there is none or the door does not show it. */
export async function findMail(tx: DatabaseTransaction, id: string): Promise<MailRecord | undefined> {
  const row = await tx
    .selectFrom('mail_outbox')
    .select([...SUMMARY, 'text_body', 'html_body'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row && { ...toSummary(row), text: row.text_body, html: row.html_body };
}

function toSummary(row: {
  id: string;
  kind: string;
  to_address: string;
  subject: string;
  status: MailStatus;
  attempts: number;
  last_error: string | null;
  created_at: Date;
  sent_at: Date | null;
}): MailSummary {
  return {
    ...{ id: row.id, kind: row.kind, to: row.to_address, subject: row.subject, status: row.status },
    ...{ attempts: row.attempts, lastError: row.last_error, createdAt: row.created_at, sentAt: row.sent_at },
  };
}
