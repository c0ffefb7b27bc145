// Owns: what an address, a subject and a sender may be, so that no text becomes a header of its own. Pure. Not: what mail says (mail-templates.ts).

import { WeirError } from '../primitives/errors.ts';
import { ADDRESS_CHARS_MAX, SUBJECT_CHARS_MAX } from './limits.ts';

/** What a mail says. `kind` names the template, for lists and logs. */
export interface MailContent {
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A mail to one person. */
export interface MailMessage extends MailContent {
  /** One address, without a name. */
  readonly to: string;
}

/** Who mail comes from. */
export interface MailSender {
  readonly name: string;
  readonly address: string;
}

/** One mailbox without quotes, comments, lists or groups: narrower than RFC 5322, as wide as what people have. */
const ADDRESS = /^[^\s@"(),:;<>[\\\]\p{C}]{1,64}@[^\s@"(),:;<>[\\\]\p{C}]{1,253}$/u;
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** Whether a text is one plain address. */
export function isMailAddress(text: string): boolean {
  return text.length <= ADDRESS_CHARS_MAX && ADDRESS.test(text) && !text.startsWith('-');
}

/** Throws a `WeirError` for an address or subject that could carry a header or a second recipient. */
export function checkMessage({ to, subject }: Pick<MailMessage, 'to' | 'subject'>): void {
  if (!isMailAddress(to))
    throw new WeirError('invalid_request', { message: 'This is not one e-mail address.', param: 'to' });
  if (subject.trim() === '' || subject.length > SUBJECT_CHARS_MAX || CONTROL.test(subject))
    throw new WeirError('invalid_request', { message: 'The subject is not one short line.', param: 'subject' });
}

/** `Weir <weir@example.com>` or the bare address; null for anything else. */
export function parseSender(text: string): MailSender | null {
  const parts = /^(?:"?([^"<>]*?)"?\s*<([^<>]+)>|([^<>\s]+))$/.exec(text.trim());
  const name = (parts?.[1] ?? '').trim();
  const address = (parts?.[2] ?? parts?.[3] ?? '').trim();
  return isMailAddress(address) && !CONTROL.test(name) ? { name, address } : null;
}
