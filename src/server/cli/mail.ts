// Owns: `weir mail list`, `show` and `test`. Not: mail itself (src/mail).

import { createDatabase } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import { createMail, type Mail } from '../../mail/create-mail.ts';
import { isMailAddress } from '../../mail/mail-message.rules.ts';
import { mailTemplates } from '../../mail/mail-templates.ts';
import { createSmtpTransport, MailDeliveryError } from '../../mail/mail-transport.ts';
import type { MailStatus, MailSummary } from '../../mail/outbox.queries.ts';
import { createUuidV7, isUuid } from '../../primitives/ids.ts';
import { type CommandContext, CommandError } from './command-context.ts';
import { withCommandDatabase } from './command-database.ts';

type Tx = Parameters<Mail['list']>[0];

const STATUSES: readonly MailStatus[] = ['pending', 'sent', 'failed', 'kept'];
const SHOWN_MAX = 50;

/** Prints the newest mail, a line each: id, time, status, address, subject. */
export async function mailList(context: CommandContext, options: { readonly status?: string }): Promise<void> {
  const status = STATUSES.find((each) => each === options.status);
  if (options.status !== undefined && status === undefined)
    throw new CommandError(`--status is one of ${STATUSES.join(', ')}`);
  const rows = await readMail(context, (mail, tx) =>
    mail.list(tx, { limit: SHOWN_MAX, ...(status === undefined ? {} : { status }) }),
  );
  for (const row of rows) context.print(describe(row));
  if (rows.length === 0) context.tell('There is no such mail.');
  if (rows.length === SHOWN_MAX) context.tell(`Only the newest ${SHOWN_MAX} are shown.`);
}

/** Prints one mail: what is known of it, then its text. */
export async function mailShow(context: CommandContext, id: string): Promise<void> {
  const found = isUuid(id) ? await readMail(context, (mail, tx) => mail.find(tx, id)) : undefined;
  if (found === undefined) throw new CommandError(`there is no mail ${id}; see "weir mail list"`);
  context.print(`to       ${found.to}`);
  context.print(`subject  ${found.subject}`);
  context.print(`status   ${found.status}, written ${found.createdAt.toISOString()}, tried ${found.attempts} times`);
  if (found.lastError !== null) context.print(`failed   ${found.lastError}`);
  context.print('');
  context.print(found.status === 'sent' ? '(The text of mail that was sent is not kept.)' : found.text);
}

/** Sends a mail at once, past the outbox, and says what the mail server said. */
export async function mailTest({ config, clock, random, print }: CommandContext, to: string): Promise<void> {
  if (config.mail === null) throw new CommandError('there is no mail server: set WEIR_SMTP_URL and WEIR_MAIL_FROM');
  if (!isMailAddress(to)) throw new CommandError(`${to} is not one e-mail address`);
  const transport = createSmtpTransport(config.mail);
  try {
    await transport.deliver(createUuidV7(clock.nowMs(), random), { to, ...mailTemplates.test() });
    print(`${config.mail.server.host} took a mail to ${to}`);
  } catch (error) {
    if (error instanceof MailDeliveryError) throw new CommandError(`the mail was not taken: ${error.message}`);
    throw error;
  } finally {
    transport.close();
  }
}

function readMail<T>(context: CommandContext, work: (mail: Mail, tx: Tx) => Promise<T>): Promise<T> {
  return withCommandDatabase(context, async ({ url }) => {
    const database = createDatabase({
      ...{ url, role: 'weir_service', max: 1, applicationName: 'weir mail', statementTimeoutMs: 0 },
    });
    const mail = createMail({ database, transport: null, random: context.random, log: context.log });
    try {
      return await withPlatform(database, 'an operator reads mail', (tx) => work(mail, tx));
    } finally {
      await database.close();
    }
  });
}

function describe({ id, createdAt, status, to, subject, lastError }: MailSummary): string {
  const failure = lastError === null ? '' : `  (${lastError})`;
  return `${id}  ${createdAt.toISOString()}  ${status.padEnd(7)}  ${to}  ${subject}${failure}`;
}
