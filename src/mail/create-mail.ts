// Owns: mail from the moment somebody asks for it until a mail server has it: written first, then sent, tried again, given up. Not: SMTP (mail-transport.ts),
// what mails say (mail-templates.ts), or when a round of deliveries begins (the server).

import type { DatabaseLog } from '../database/log.ts';
import type { Database, DatabaseTransaction } from '../database/pool.ts';
import { withPlatform } from '../database/principal.ts';
import type { Random } from '../primitives/random.ts';
import { CLAIM_MS, GIVE_UP_AFTER_MS, KEPT_DAYS } from './limits.ts';
import { checkMessage, type MailMessage } from './mail-message.rules.ts';
import { mailTemplates } from './mail-templates.ts';
import { MailDeliveryError, type MailTransport } from './mail-transport.ts';
import {
  type ClaimedMail,
  claimDueMail,
  endOldMail,
  findMail,
  insertMail,
  listMail,
  updateKeptMail,
  updateSentMail,
  updateUndeliveredMail,
} from './outbox.queries.ts';
import { retryDelayMs } from './retry.rules.ts';

/** Mail, for whoever has something to tell. */
export interface Mail {
  /** Writes a mail in the caller's transaction: it goes out when that commits, and only then. Gives its id. Throws a `WeirError` for an unfit address or subject. */
  enqueue(tx: DatabaseTransaction, message: MailMessage): Promise<string>;
  /** Writes a mail in a transaction of its own. Resolves when it is written, not when it is delivered. */
  send(message: MailMessage): Promise<string>;
  /** Tries up to so many due mails; without a mail server it puts them aside. Gives how many. Any replica may, at any time. */
  deliverDue(limit: number): Promise<number>;
  /** Removes up to so many mails that have long been over. Gives how many. */
  removeOld(limit: number): Promise<number>;
  /** The newest first, through whichever door `tx` came: people see it as superadmins alone. */
  readonly list: typeof listMail;
  readonly find: typeof findMail;
  readonly templates: typeof mailTemplates;
  /** Whether there is a mail server. */
  readonly isSending: boolean;
}

/** What mail is made of. */
export interface MailOptions {
  /** A pool as `weir_service`. */
  readonly database: Database;
  /** Null: mail is kept in the database. */
  readonly transport: MailTransport | null;
  readonly random: Random;
  readonly log: DatabaseLog;
  /** Called after `send`, so that nobody waits for the next round. */
  readonly onSend?: () => void;
}

/** Makes it; nothing is opened before the first mail. */
export function createMail(options: MailOptions): Mail {
  const { database, transport } = options;
  const enqueue = async (tx: DatabaseTransaction, message: MailMessage): Promise<string> => {
    checkMessage(message);
    return insertMail(tx, message);
  };
  return {
    enqueue,
    async send(message) {
      const id = await withPlatform(database, 'write a mail', (tx) => enqueue(tx, message));
      options.onSend?.();
      return id;
    },
    async deliverDue(limit) {
      if (transport === null)
        return withPlatform(database, 'keep mail, there is no mail server', (tx) => updateKeptMail(tx, limit));
      const claimed = await withPlatform(database, 'take mail to deliver', (tx) =>
        claimDueMail(tx, { limit, claimMs: CLAIM_MS }),
      );
      // Each to its end, so that who waits for the round waits for all of it.
      const outcomes = await Promise.allSettled(claimed.map((mail) => deliver(options, transport, mail)));
      const fault = outcomes.find((outcome) => outcome.status === 'rejected');
      if (fault !== undefined) throw fault.reason;
      return claimed.length;
    },
    removeOld: (limit) => withPlatform(database, 'remove old mail', (tx) => endOldMail(tx, { days: KEPT_DAYS, limit })),
    list: listMail,
    find: findMail,
    templates: mailTemplates,
    isSending: transport !== null,
  };
}

/** One try. Outside any transaction: a mail server may take its time. */
async function deliver(
  { database, random, log }: MailOptions,
  transport: MailTransport,
  mail: ClaimedMail,
): Promise<void> {
  const { id, message, attempts } = mail;
  try {
    await transport.deliver(id, message);
  } catch (error) {
    if (!(error instanceof MailDeliveryError)) throw error;
    const failure = { error: error.message, isFinal: error.isFinal, giveUpAfterMs: GIVE_UP_AFTER_MS };
    const delayMs = retryDelayMs(attempts, random);
    const status = await withPlatform(database, 'put off a mail', (tx) =>
      updateUndeliveredMail(tx, id, { ...failure, delayMs }),
    );
    const fields = { mail: id, kind: message.kind, attempts, reason: error.message };
    if (status === 'failed') log.error(fields, 'a mail was given up; see "weir mail list"');
    else log.warn(fields, 'a mail could not be delivered yet');
    return;
  }
  await withPlatform(database, 'mark a mail as sent', (tx) => updateSentMail(tx, id));
}
