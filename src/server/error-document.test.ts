// Proves: docs/errors.md is what the catalogue says.

import { expect, test } from 'vitest';
import { ERROR_CATALOGUE } from '../primitives/errors.ts';
import { renderErrorDocument } from './error-document.ts';

test('docs/errors.md is equal to the catalogue of error codes', async () => {
  const document = renderErrorDocument();
  for (const code of Object.keys(ERROR_CATALOGUE)) expect(document).toContain(`\`${code}\``);
  await expect(document).toMatchFileSnapshot('../../docs/errors.md');
});
