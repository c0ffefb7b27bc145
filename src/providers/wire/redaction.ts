// Owns: what of an upstream's text may be shown. Does not own: which failures are shown with the upstream's text at all.

/** Longest upstream text that is passed on. */
const TEXT_LENGTH_MAX = 1_000;

// Secrets as vendors print them back, masked or not, and the names of our accounts there.
const SECRETS: readonly RegExp[] = [
  // OpenAI, Anthropic, Stripe-like, Groq, xAI, Weir: `sk-proj-…`, `sk-ant-…`, `gsk_…`, with masks of `*`, `…` or dots.
  /\b(?:sk|pk|rk|gsk|xai|tgp|hf|wr|whsec|r8|pplx|fw|nvapi)[-_][\w*.…-]{4,}/gi,
  // Google.
  /\bAIza[\w*.…-]{6,}/g,
  // JSON web tokens and any bearer.
  /\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g,
  /\bbearer\s+\S+/gi,
  // Our accounts: organizations, projects, workspaces, users.
  /\b(?:org|proj|wrkspc|acct)[-_][\w-]{6,}/gi,
  /\buser[-_](?=[\w-]{0,64}\d)[\w-]{6,}/gi,
  // Anything else that looks like key material: 40 characters and more without a space.
  /\b[\w+/=-]{40,}/g,
  // Where it was sent: custom servers tell addresses and paths of the inside.
  /\bhttps?:\/\/[^\s"'<>)]+/gi,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g,
  /[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}/g,
];

/** An upstream's text with secrets, accounts and addresses taken out, in one line, cut to a bounded length. */
export function redactText(text: string): string {
  let result = text.slice(0, TEXT_LENGTH_MAX * 4);
  for (const secret of SECRETS) result = result.replace(secret, '[redacted]');
  return result
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, TEXT_LENGTH_MAX);
}
