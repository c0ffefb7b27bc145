// Owns: docs/errors.md, made from the catalogue of error codes. Not: the catalogue (primitives), or the vendors' shapes (providers).

import { ERROR_CATALOGUE } from '../primitives/errors.ts';

/** docs/errors.md: a row a code, by status. */
export function renderErrorDocument(): string {
  const rows = Object.entries(ERROR_CATALOGUE)
    .map(([code, entry]) => ({ code, ...entry }))
    .sort((a, b) => a.status - b.status || a.code.localeCompare(b.code))
    .map(
      ({ code, status, message, remedy, retryable }) =>
        `| ${status} | \`${code}\` | ${message} | ${remedy} | ${retryable ? 'yes' : 'no'} |`,
    );
  return `# Errors

On \`/v1\` an error has the shape of the vendor whose route was called (OpenAI's or Anthropic's), with Weir's own part beside it:
\`weir: { code, request_id, … }\`. Everywhere else it is \`application/problem+json\` (RFC 9457), whose \`type\` is \`/problems/<code>\`. Give the
request id (\`x-request-id\`) when you ask the operator. "Retry" says whether the same call may succeed within seconds.

This page is made from \`src/primitives/errors.ts\`; after a change there, run \`npm test -- src/server/error-document.test.ts -u\`.

| status | code | means | what to do | retry |
|---|---|---|---|---|
${rows.join('\n')}
`;
}
