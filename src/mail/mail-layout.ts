// Owns: how a mail looks, as text and as HTML: the same sentences and links in both, all that comes from people escaped. Not: the sentences (mail-templates.ts).

import { NAME_CHARS_MAX, SUBJECT_CHARS_MAX } from './limits.ts';
import { isMailAddress, type MailContent } from './mail-message.rules.ts';

/** What a mail is made of. Paragraphs are plain text. */
export interface MailDraft {
  readonly kind: string;
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** The one thing to do. */
  readonly action?: { readonly label: string; readonly url: string };
  /** What stands below, in small letters: why this mail came, what to do if it was not meant. */
  readonly footnote: string;
}

/** A subject on one line, a text and an HTML part. Throws for an action that leads elsewhere than to http or https: a fault of ours. */
export function layOut({ kind, subject, paragraphs, action, footnote }: MailDraft): MailContent {
  const url = action === undefined ? null : linkOf(action.url);
  const link = action === undefined || url === null ? [] : [`${action.label}:\n${url}`];
  const button =
    action === undefined || url === null
      ? []
      : [
          `<p><a href="${escapeHtml(url)}" style="${BUTTON}">${escapeHtml(action.label)}</a></p>`,
          `<p style="${SMALL}">Or open this address:<br><a href="${escapeHtml(url)}">${escapeHtml(url)}</a></p>`,
        ];
  return {
    kind,
    subject: cut(oneLine(subject), SUBJECT_CHARS_MAX),
    text: `${[...paragraphs, ...link, `-- \n${footnote}`].join('\n\n')}\n`,
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(oneLine(subject))}</title></head><body style="${BODY}">${[
      ...paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
      ...button,
      `<p style="${SMALL}">${escapeHtml(footnote)}</p>`,
    ].join('\n')}</body></html>`,
  };
}

const BODY = 'font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;max-width:34rem;margin:2rem auto;padding:0 1rem';
const BUTTON =
  'display:inline-block;padding:.6rem 1.1rem;border-radius:.4rem;background:#0b5cad;color:#fff;text-decoration:none';
const SMALL = 'font-size:13px;color:#555;overflow-wrap:anywhere';

/**
 * A name that people chose, for use within a sentence: one line, cut, and not read as an address by mail programs. An organization called
 * "Prize! https://evil.example" is a way to send others one's own links.
 */
export function nameOf(text: string): string {
  if (isMailAddress(text)) return cut(text, NAME_CHARS_MAX);
  const plain = oneLine(text)
    .replace(/:\/\//g, ' ')
    .replace(/\bwww\./gi, 'www ')
    .replace(/(\w)\.(?=\p{L}{2})/gu, '$1. ');
  return cut(plain, NAME_CHARS_MAX);
}

/** A time that reads the same everywhere: `2026-03-01 14:05 UTC`. */
export function timeOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{C}\u2028\u2029]+/gu, ' ').trim();
}

function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  // Not in the middle of a character that is two units long.
  return `${text.slice(0, charsMax - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function linkOf(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new Error('a mail links to http and https alone');
  return url.href;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
