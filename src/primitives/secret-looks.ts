// Owns: what a secret looks like in the middle of any text, for everything that is kept or logged. Not: secrets by the name of their field (whoever keeps
// fields knows its own names).

/** Keys and tokens of Weir and of vendors, signed tokens, passwords in addresses, private keys. A beginning in parentheses may stay readable. */
const LOOKS = [
  /\b(wr_[a-z]+_)[0-9A-Za-z]{6,}/g,
  /\b((?:sk|rk|pk|whsec|whsk|ghp|gho|ghs|github_pat|xox[abpr])[-_](?:ant-|proj-|live_|test_)?)[\w-]{6,}/g,
  /\b(AIza)[\w-]{6,}/g,
  /\b(eyJ)[\w-]{4,}\.[\w-]{4,}\.[\w-]*/g,
  /\b((?:Bearer|Basic)\s+)[\w.~+/=-]{6,}/gi,
  /(?<=(\w:\/\/[^\s/:@"\\]{0,200}:))[^\s/@"\\]+(?=@)/g,
  /(-----BEGIN [A-Z ]*PRIVATE KEY-----)[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** How they begin: a text without any of these, which is nearly every text, need not be searched further. */
const SIGNS = /wr_|[srp]k[-_]|whs|gh[pos]_|github_pat|xox|AIza|eyJ|earer|asic|EARER|ASIC|:\/\/|-----BEGIN/;

/** The text with `replacement` in the place of whatever looks like a secret. */
export function replaceSecrets(text: string, replacement: string): string {
  if (!SIGNS.test(text)) return text;
  let kept = text;
  for (const looks of LOOKS) kept = kept.replace(looks, replacement);
  return kept;
}

/** The same, with the beginning that says which kind it is left readable: `wr_live_[hidden]`. */
export function hideSecretsBehindTheirKind(text: string, replacement: string): string {
  if (!SIGNS.test(text)) return text;
  let kept = text;
  for (const looks of LOOKS)
    kept = kept.replace(looks, (found: string, kind: string) => `${found.startsWith(kind) ? kind : ''}${replacement}`);
  return kept;
}
