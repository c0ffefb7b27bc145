// Owns: which domains an organization may claim, and the refusals around claims. Not: whether a proof is there (src/network).

import { z } from 'zod';
import { invalidField } from '../../../contracts/problem.ts';
import { violatedConstraint } from '../../../database/failures.ts';
import { WeirError } from '../../../primitives/errors.ts';
import type { OrganizationDomain } from './domain.queries.ts';

/** Providers of mail for everybody: their domains say nothing of where somebody works. */
const MAIL_FOR_EVERYBODY = new Set([
  ...['gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'hotmail.co.uk', 'hotmail.de', 'hotmail.fr'],
  ...['live.com', 'live.co.uk', 'msn.com', 'yahoo.com', 'yahoo.co.uk', 'yahoo.co.jp', 'yahoo.de', 'yahoo.fr'],
  ...['ymail.com', 'rocketmail.com', 'icloud.com', 'me.com', 'mac.com', 'aol.com', 'proton.me', 'protonmail.com'],
  ...['pm.me', 'gmx.com', 'gmx.net', 'gmx.de', 'gmx.at', 'gmx.ch', 'web.de', 't-online.de', 'freenet.de', 'posteo.de'],
  ...['mailbox.org', 'tutanota.com', 'tuta.io', 'fastmail.com', 'fastmail.fm', 'zoho.com', 'zohomail.com', 'mail.com'],
  ...['hey.com', 'hushmail.com', 'yandex.com', 'yandex.ru', 'mail.ru', 'inbox.ru', 'list.ru', 'bk.ru', 'rambler.ru'],
  ...[
    'qq.com',
    '163.com',
    '126.com',
    'sina.com',
    'foxmail.com',
    'naver.com',
    'daum.net',
    'hanmail.net',
    'rediffmail.com',
  ],
  ...['orange.fr', 'free.fr', 'laposte.net', 'wanadoo.fr', 'sfr.fr', 'libero.it', 'virgilio.it', 'tiscali.it'],
  ...['comcast.net', 'verizon.net', 'att.net', 'sbcglobal.net', 'btinternet.com', 'sky.com', 'bigpond.com'],
  ...['uol.com.br', 'bol.com.br', 'terra.com.br', 'wp.pl', 'o2.pl', 'onet.pl', 'interia.pl', 'seznam.cz', 'abv.bg'],
  ...['mailinator.com', 'guerrillamail.com', '10minutemail.com', 'yopmail.com', 'duck.com'],
]);

/** Throws 400 naming `domain` for one whose addresses anybody can have. */
export function checkClaimable(domain: string): void {
  const labels = domain.split('.');
  const isForEverybody = labels.some((_label, index) => MAIL_FOR_EVERYBODY.has(labels.slice(index).join('.')));
  if (isForEverybody) throw invalidField('domain', 'gives addresses to everybody and belongs to no organization');
}

/** The domain of a stored address. */
export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1);

/** 409: another organization has proven it. */
export function verifiedElsewhere(): WeirError {
  return new WeirError('conflict', {
    message: 'The domain belongs to another organization. Ask its admins to give it up or to invite you.',
    param: 'domain',
    details: { reason: 'verified_elsewhere', errors: [{ path: 'domain', message: 'belongs to another organization' }] },
  });
}

/** 409: the proof is not there, with what was found instead. */
export function notProven(reason: string, message: string): WeirError {
  return new WeirError('conflict', { message, details: { reason } });
}

/** Runs the work and gives constraints that refused as the errors they stand for. */
export async function explainDomains<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'organization_domains_verified_once') throw verifiedElsewhere();
    if (constraint === 'organization_domains_organization_id_domain_key')
      throw new WeirError('conflict', {
        message: 'The organization has claimed this domain.',
        param: 'domain',
        details: { reason: 'claimed', errors: [{ path: 'domain', message: 'is claimed already' }] },
      });
    if (constraint === 'organization_domains_join_only_when_verified')
      throw new WeirError('conflict', {
        message: 'People join by a verified domain only. Verify it first.',
        param: 'auto_join',
        details: { reason: 'not_verified', errors: [{ path: 'auto_join', message: 'needs a verified domain' }] },
      });
    throw error;
  }
}

/** Where a list of domains goes on: after this domain and id. */
export const domainPlace = z.tuple([z.string(), z.uuid()]);

/** A domain as the audit log shows it. */
export function auditedDomain({ domain, method, autoJoin, verifiedAt }: OrganizationDomain): Record<string, unknown> {
  return { name: domain, method, auto_join: autoJoin, verified_at: verifiedAt };
}
