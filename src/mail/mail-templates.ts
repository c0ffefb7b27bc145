// Owns: what Weir's mails say. Plain functions from data to a mail. Not: how they look (mail-layout.ts), to whom and when they go.

import { layOut, nameOf, timeOf } from './mail-layout.ts';

/** Asks a person to show that an address is theirs. */
const verifyAddress = ({ url }: { readonly url: string }) =>
  layOut({
    kind: 'verify_address',
    subject: 'Confirm your e-mail address',
    paragraphs: ['Please confirm that this is your e-mail address. The link works once, and not for long.'],
    action: { label: 'Confirm the address', url },
    footnote:
      'Somebody signed up to Weir with this address. If it was not you, do nothing: without the link the account stays closed.',
  });

/** Lets a person set a new password. */
const resetPassword = ({ url }: { readonly url: string }) =>
  layOut({
    kind: 'reset_password',
    subject: 'Set a new password',
    paragraphs: ['A new password was asked for. The link works once, and not for long.'],
    action: { label: 'Set a new password', url },
    footnote: 'If you did not ask for it, do nothing: your password stays as it is.',
  });

/** Tells the owner of an account that somebody tried to sign up with its address; who tried learns nothing. */
const addressInUse = ({ signInUrl }: { readonly signInUrl: string }) =>
  layOut({
    kind: 'address_in_use',
    subject: 'You already have an account',
    paragraphs: [
      'Somebody tried to sign up to Weir with your e-mail address, which already has an account.',
      'If it was you, sign in; from there you can also set a new password.',
    ],
    action: { label: 'Sign in', url: signInUrl },
    footnote: 'If it was not you, do nothing: nobody got into your account.',
  });

/** Invites somebody into an organization. */
const invitation = (data: {
  readonly organizationName: string;
  readonly inviterName: string;
  readonly role: 'owner' | 'admin' | 'member';
  readonly url: string;
  readonly expiresAt: Date;
}) => {
  const organization = nameOf(data.organizationName);
  const roles = { owner: 'an owner', admin: 'an admin', member: 'a member' };
  return layOut({
    kind: 'invitation',
    subject: `You are invited to ${organization}`,
    paragraphs: [
      `${nameOf(data.inviterName)} invites you to ${organization} on Weir, as ${roles[data.role]}.`,
      `The invitation is for this e-mail address alone and ends on ${timeOf(data.expiresAt)}.`,
    ],
    action: { label: 'See the invitation', url: data.url },
    footnote: 'If you know nothing of this, do nothing: you join only by accepting.',
  });
};

/** Tells of a sign-in from where there was none before. */
const newSignIn = (data: {
  readonly at: Date;
  readonly ip: string;
  readonly userAgent: string;
  readonly securityUrl: string;
}) =>
  layOut({
    kind: 'new_sign_in',
    subject: 'New sign-in to your account',
    paragraphs: [
      `Your account was signed in to on ${timeOf(data.at)}, from the address ${nameOf(data.ip)}.`,
      `Browser or program: ${nameOf(data.userAgent)}`,
    ],
    action: { label: 'See your sessions', url: data.securityUrl },
    footnote: 'If it was not you, end that session and set a new password.',
  });

const TWO_FACTOR_CHANGES = {
  enabled: 'Two-factor sign-in was switched on for your account',
  disabled: 'Two-factor sign-in was switched off for your account',
  recovery_codes_renewed: 'New recovery codes were made for your account; the old ones are void',
} as const;

/** Tells of a change to how an account is protected. */
const twoFactorChanged = (data: {
  readonly change: keyof typeof TWO_FACTOR_CHANGES;
  readonly at: Date;
  readonly securityUrl: string;
}) =>
  layOut({
    kind: 'two_factor_changed',
    subject: 'Your two-factor sign-in has changed',
    paragraphs: [`${TWO_FACTOR_CHANGES[data.change]} on ${timeOf(data.at)}.`],
    action: { label: 'See your security settings', url: data.securityUrl },
    footnote: 'If it was not you, set a new password at once and tell an admin of your organization.',
  });

/** Tells a member that they are paused. */
const memberPaused = ({
  organizationName,
  reason,
}: {
  readonly organizationName: string;
  readonly reason?: string;
}) => {
  const organization = nameOf(organizationName);
  return layOut({
    kind: 'member_paused',
    subject: `You are paused in ${organization}`,
    paragraphs: [
      `An admin of ${organization} has paused you: your keys and models do not work there for now.`,
      ...(reason === undefined || reason.trim() === '' ? [] : [`The reason given: ${nameOf(reason)}`]),
    ],
    footnote: `Questions? Ask an admin of ${organization}.`,
  });
};

/** Tells a member that they may go on. */
const memberResumed = ({ organizationName, url }: { readonly organizationName: string; readonly url: string }) => {
  const organization = nameOf(organizationName);
  return layOut({
    kind: 'member_resumed',
    subject: `You can go on in ${organization}`,
    paragraphs: [`You are no longer paused in ${organization}: your keys and models work again.`],
    action: { label: 'Open Weir', url },
    footnote: `Questions? Ask an admin of ${organization}.`,
  });
};

/** Welcomes a person whom the platform gave an account, and lets them set their password. */
const userCreated = ({ url }: { readonly url: string }) =>
  layOut({
    kind: 'user_created',
    subject: 'Your account on Weir',
    paragraphs: [
      'An account was made for you on Weir. Set your password to begin. The link works once, and not for long.',
    ],
    action: { label: 'Set your password', url },
    footnote: 'If you know nothing of this, do nothing: without a password nobody can use the account.',
  });

/** Shows an operator that mail arrives. */
const test = () =>
  layOut({
    kind: 'test',
    subject: 'Mail from Weir arrives',
    paragraphs: ['This mail was sent to see whether mail from Weir arrives. It does.'],
    footnote: 'Sent by the operator of this Weir.',
  });

/** Every mail, by what it is for. */
export const mailTemplates = {
  verifyAddress,
  resetPassword,
  addressInUse,
  invitation,
  newSignIn,
  twoFactorChanged,
  memberPaused,
  memberResumed,
  userCreated,
  test,
};
