// Owns: what acts on people need of mail. Not: how mail is written, kept or sent (src/mail).

import type { DatabaseTransaction } from '../../../database/pool.ts';
import type { MailText } from '../sign-in/auth-mail.ts';

/** Mail that acts on people leave in their own transaction. */
export interface MemberMail {
  enqueue(tx: DatabaseTransaction, message: MailText & { readonly to: string }): Promise<unknown>;
  readonly templates: {
    invitation(data: {
      readonly organizationName: string;
      readonly inviterName: string;
      readonly role: 'owner' | 'admin' | 'member';
      readonly url: string;
      readonly expiresAt: Date;
    }): MailText;
    memberPaused(data: { readonly organizationName: string; readonly reason?: string }): MailText;
    memberResumed(data: { readonly organizationName: string; readonly url: string }): MailText;
  };
}
