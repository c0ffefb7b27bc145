// Owns: what platform administration needs of mail. Not: how mail is written, kept or sent (src/mail).

import type { MailStatus } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** What a mail says. */
interface MailText {
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

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

/** A whole mail. */
export interface MailRecord extends MailSummary {
  readonly text: string;
  readonly html: string | null;
}

/** Mail, for platform administration. */
export interface PlatformMail {
  /** In the transaction of what it speaks of. */
  enqueue(tx: DatabaseTransaction, message: MailText & { readonly to: string }): Promise<string>;
  /** The newest first, after the mail `after` where one is named. */
  list(
    tx: DatabaseTransaction,
    page: { readonly limit: number; readonly status?: MailStatus; readonly after?: string },
  ): Promise<MailSummary[]>;
  find(tx: DatabaseTransaction, id: string): Promise<MailRecord | undefined>;
  readonly templates: { userCreated(data: { readonly url: string }): MailText };
  /** Whether there is a mail server. */
  readonly isSending: boolean;
}
