// Proves: every mail says the same in text and HTML, carries its link in both, and nothing that people wrote becomes markup, a header or a link.

import { expect, test } from 'vitest';
import type { MailContent } from './mail-message.rules.ts';
import { checkMessage } from './mail-message.rules.ts';
import { mailTemplates } from './mail-templates.ts';

const url = 'https://weir.example.com/en/accept?token=abc&next=%2Fhome';
const at = new Date('2026-03-01T14:05:09Z');
const hostile =
  '<script>alert("x")</script>\r\nBcc: eve@example.com https://evil.example www.evil.example evil.example';

/** Every template with a hostile text wherever one of people's can stand. */
const all: Record<keyof typeof mailTemplates, { mail: MailContent; hasLink: boolean }> = {
  verifyAddress: { mail: mailTemplates.verifyAddress({ url }), hasLink: true },
  resetPassword: { mail: mailTemplates.resetPassword({ url }), hasLink: true },
  addressInUse: { mail: mailTemplates.addressInUse({ signInUrl: url }), hasLink: true },
  invitation: {
    mail: mailTemplates.invitation({
      ...{ organizationName: hostile, inviterName: hostile, role: 'admin', url, expiresAt: at },
    }),
    hasLink: true,
  },
  newSignIn: {
    mail: mailTemplates.newSignIn({ at, ip: '203.0.113.9', userAgent: hostile, securityUrl: url }),
    hasLink: true,
  },
  twoFactorChanged: {
    mail: mailTemplates.twoFactorChanged({ change: 'disabled', at, securityUrl: url }),
    hasLink: true,
  },
  memberPaused: { mail: mailTemplates.memberPaused({ organizationName: hostile, reason: hostile }), hasLink: false },
  memberResumed: { mail: mailTemplates.memberResumed({ organizationName: hostile, url }), hasLink: true },
  userCreated: { mail: mailTemplates.userCreated({ url }), hasLink: true },
  test: { mail: mailTemplates.test(), hasLink: false },
};

test.each(Object.entries(all))('%s', (_name, { mail, hasLink }) => {
  checkMessage({ to: 'ada@example.com', subject: mail.subject });
  const escaped = url.replaceAll('&', '&amp;');
  expect(mail.text.includes(url)).toBe(hasLink);
  expect(mail.html.includes(`href="${escaped}"`)).toBe(hasLink);
  // No link but ours, in neither part.
  expect(mail.text.match(/https?:\/\/\S+|www\.\S+/g) ?? []).toEqual(hasLink ? [url] : []);
  expect(mail.html.match(/(?:href|src)="[^"]*"/g) ?? []).toEqual(
    hasLink ? [`href="${escaped}"`, `href="${escaped}"`] : [],
  );
  expect(mail.text + mail.subject).not.toMatch(/evil\.example/);
  expect(mail.html).not.toMatch(/<(script|img|iframe|form)/i);
  expect(mail.subject).not.toMatch(/[\r\n]/);
});

test('each mail has a kind of its own', () => {
  const kinds = Object.values(all).map(({ mail }) => mail.kind);
  expect(new Set(kinds).size).toBe(kinds.length);
});

test('names stay names: cut, and with their dots where they are no address', () => {
  const subjectFor = (organizationName: string): string =>
    mailTemplates.memberPaused({ organizationName }).subject.replace('You are paused in ', '');
  expect(subjectFor('Smith & Sons, Ltd. (v2.0)')).toBe('Smith & Sons, Ltd. (v2.0)');
  expect(subjectFor('ada@example.com')).toBe('ada@example.com');
  expect(subjectFor('Müller 🏔️')).toBe('Müller 🏔️');
  expect(subjectFor('x'.repeat(500))).toHaveLength(80);
  expect(subjectFor('🏔'.repeat(60)).isWellFormed()).toBe(true);
});

test('a link that is not http is a fault of ours and no mail', () => {
  for (const bad of ['javascript:alert(1)', 'data:text/html,x', '/relative', ''])
    expect(() => mailTemplates.verifyAddress({ url: bad })).toThrow('http');
});
