// Owns: what signing in needs of mail. Not: how mail is written, kept or sent (src/mail).

/** What a mail says. */
export interface MailText {
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Mail that signing in sends. */
export interface AuthMail {
  /** Resolves when the mail is written, not when it is delivered. */
  send(message: MailText & { readonly to: string }): Promise<unknown>;
  readonly templates: {
    verifyAddress(data: { readonly url: string }): MailText;
    resetPassword(data: { readonly url: string }): MailText;
    addressInUse(data: { readonly signInUrl: string }): MailText;
    twoFactorChanged(data: {
      readonly change: 'enabled' | 'disabled' | 'recovery_codes_renewed';
      readonly at: Date;
      readonly securityUrl: string;
    }): MailText;
  };
}
