// Proves: the documents of the settings are what the schema says.

import { expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { settingsSchema } from './settings.ts';
import { renderConfigurationDocument, renderEnvironmentExample } from './settings-documents.ts';

test('docs/configuration.md names every setting, its default and what it does', async () => {
  const document = renderConfigurationDocument();
  for (const name of Object.keys(settingsSchema.shape)) expect(document).toContain(`| \`${name}\` |`);
  await expect(document).toMatchFileSnapshot('../../../docs/configuration.md');
});

test('.env.example names every setting, and its defaults are the defaults', async () => {
  const example = renderEnvironmentExample();
  const given = Object.fromEntries(
    [...example.matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
  expect(Object.keys(given).sort()).toEqual(Object.keys(settingsSchema.shape).sort());
  expect(readConfig(given)).toEqual(readConfig({}));
  await expect(example).toMatchFileSnapshot('../../../.env.example');
});
