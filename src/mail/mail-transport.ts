// Owns: handing one mail to an SMTP server, and telling a refusal for good from one for now. Not: when it is tried again (create-mail.ts).

import { createTransport } from 'nodemailer';
import { CONNECTIONS_MAX, DELIVERY_MS, FAILURE_CHARS_MAX, SILENCE_MS } from './limits.ts';
import type { MailMessage, MailSender } from './mail-message.rules.ts';

/** The mail server of an operator. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps:`). */
  readonly isSecure: boolean;
  /** `?tls=off`: no STARTTLS, even where the server offers it. */
  readonly isPlain: boolean;
  /** Holds the password. */
  readonly login: { readonly user: string; readonly pass: string } | null;
}

/** A failed delivery. `message` is fit for an operator: no password, no text of the mail. */
export class MailDeliveryError extends Error {
  override readonly name = 'MailDeliveryError';
  /** The server will never take this mail for this address. */
  readonly isFinal: boolean;

  constructor(message: string, isFinal: boolean) {
    super(message);
    this.isFinal = isFinal;
  }
}

/** The way to a mail server. */
export interface MailTransport {
  /** Hands a mail over. The id is part of the Message-ID, so that a mail sent twice is known as one. Rejects with a `MailDeliveryError`. */
  deliver(id: string, message: Omit<MailMessage, 'kind'>): Promise<void>;
  /** Closes idle connections. */
  close(): void;
}

const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };

/** `smtp://user:password@mail.example.com:587` or `smtps://…`, with `?tls=off` at most. Null for anything else. */
export function parseSmtpUrl(text: string): SmtpServer | null {
  const url = URL.parse(text);
  const usualPort = PORTS[url?.protocol ?? ''];
  if (url === null || usualPort === undefined || url.hostname === '' || !/^\/?$/.test(url.pathname)) return null;
  const isSecure = url.protocol === 'smtps:';
  if (url.hash !== '' || !['', '?tls=off'].includes(url.search) || (isSecure && url.search !== '')) return null;
  const [user, pass] = [decode(url.username), decode(url.password)];
  if (user === null || pass === null) return null;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? usualPort : Number(url.port),
    isSecure,
    isPlain: url.search !== '',
    login: user === '' ? null : { user, pass },
  };
}

/** Opens nothing before the first mail. A password goes to another machine over TLS alone. */
export function createSmtpTransport({
  server,
  from,
}: {
  readonly server: SmtpServer;
  readonly from: MailSender;
}): MailTransport {
  const { host, port, isSecure, isPlain, login } = server;
  const isHere = /^(localhost|127\..*|::1)$/.test(host);
  const mailer = createTransport({
    pool: true,
    maxConnections: CONNECTIONS_MAX,
    // Trying again is ours to do: another replica may.
    maxRequeues: 0,
    ...{ host, port, secure: isSecure },
    ...(login === null ? {} : { auth: login }),
    requireTLS: !isSecure && !isPlain && login !== null && !isHere,
    ignoreTLS: isPlain,
    connectionTimeout: SILENCE_MS,
    greetingTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
    dnsTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  return {
    async deliver(id, { to, subject, text, html }) {
      try {
        await mailer.sendMail({
          from: { name: from.name, address: from.address },
          // As an object it is not read as a list of addresses.
          to: { name: '', address: to },
          ...{ subject, text, html },
          messageId: `<${id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal: AbortSignal.timeout(DELIVERY_MS),
        });
      } catch (error) {
        throw describeFailure(error);
      }
    },
    close: () => mailer.close(),
  };
}

/** What nodemailer adds to its errors. */
interface SmtpFault extends NodeJS.ErrnoException {
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

/** A refusal of the login or of the sender is the operator's to mend; only one of the recipient or the text is final. */
function describeFailure(error: unknown): MailDeliveryError {
  if (!(error instanceof Error)) return new MailDeliveryError('the mail could not be sent', false);
  const { code, command = '', response, responseCode = 0, message } = error as SmtpFault;
  const isAboutMail = /^(RCPT|DATA)/.test(command);
  // 503 speaks of the order of commands, not of the mail.
  const isFinal = isAboutMail && responseCode >= 500 && responseCode < 600 && responseCode !== 503;
  const told = [code, command, response ?? message].filter((part) => part !== undefined && part !== '').join(' ');
  return new MailDeliveryError(told.replace(/[\s\p{C}]+/gu, ' ').slice(0, FAILURE_CHARS_MAX), isFinal);
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
