// Owns: a real SMTP server on loopback that keeps what it is given and lets a test wait for the next mail to an address. Not: sending.

import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A mail as it arrived. */
export interface ReceivedMail {
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Links in the text, in order. */
  readonly links: readonly string[];
  readonly messageId: string;
  /** All headers with lower-case names, as they came. */
  readonly headers: readonly { readonly key: string; readonly value: string }[];
}

/** How the server answers a recipient: null takes the mail; else an SMTP code and text. */
export type Judgement = (address: string) => { readonly code: number; readonly text: string } | null;

/** A mail server. */
export interface TestMailServer {
  /** As `WEIR_SMTP_URL` takes it. */
  readonly url: string;
  /** Everything that arrived, in order. */
  readonly received: readonly ReceivedMail[];
  /** The next mail to an address that nobody has waited for yet; one that arrived before counts. The test's own timeout bounds the wait. */
  next(address: string): Promise<ReceivedMail>;
  /** From now on recipients are judged so. */
  judge(judgement: Judgement): void;
  close(): Promise<void>;
}

/** Starts one on a free port. With `login`, only who knows it may send. */
export async function startMailServer(
  options: { readonly login?: { readonly user: string; readonly pass: string } } = {},
): Promise<TestMailServer> {
  const { login } = options;
  const received: ReceivedMail[] = [];
  const taken = new Set<ReceivedMail>();
  const waiting: { readonly address: string; readonly resolve: (mail: ReceivedMail) => void }[] = [];
  let judgement: Judgement = () => null;

  const keep = (mail: ReceivedMail): void => {
    received.push(mail);
    const place = waiting.findIndex(({ address }) => mail.to.includes(address));
    if (place === -1) return;
    taken.add(mail);
    waiting.splice(place, 1)[0]?.resolve(mail);
  };
  const server = new SMTPServer({
    disabledCommands: login === undefined ? ['STARTTLS', 'AUTH'] : ['STARTTLS'],
    // Idle connections of a client's pool are cut then.
    closeTimeout: 50,
    authOptional: login === undefined,
    onAuth: ({ username, password }, _session, done) => {
      if (username === login?.user && password === login?.pass) done(null, { user: username });
      else done(Object.assign(new Error('Wrong user or password'), { responseCode: 535 }));
    },
    onRcptTo: ({ address }, _session, done) => {
      const refusal = judgement(address);
      done(refusal === null ? null : Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        PostalMime.parse(Buffer.concat(chunks)).then((email) => {
          keep(
            toReceived(
              email,
              envelope.rcptTo.map(({ address }) => address),
            ),
          );
          done();
        }, done);
      });
    },
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.server.address() as AddressInfo;
  const credentials = login === undefined ? '' : `${encodeURIComponent(login.user)}:${encodeURIComponent(login.pass)}@`;
  return {
    url: `smtp://${credentials}127.0.0.1:${port}`,
    received,
    next(address) {
      const mail = received.find((each) => !taken.has(each) && each.to.includes(address));
      if (mail === undefined) return new Promise((found) => void waiting.push({ address, resolve: found }));
      taken.add(mail);
      return Promise.resolve(mail);
    },
    judge: (next) => {
      judgement = next;
    },
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

function toReceived(email: Email, recipients: readonly string[]): ReceivedMail {
  const text = email.text ?? '';
  return {
    to: recipients,
    from: email.from?.address ?? '',
    subject: email.subject ?? '',
    text,
    html: email.html ?? '',
    links: text.match(/https?:\/\/\S+/g) ?? [],
    messageId: email.messageId ?? '',
    headers: email.headers.map(({ key, value }) => ({ key, value })),
  };
}
