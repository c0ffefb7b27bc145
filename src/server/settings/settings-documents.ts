// Owns: the documents made from the settings: docs/configuration.md and .env.example. Not: the settings (settings.ts), or writing the files
// (a test compares them, and writes them with `-u`).

import { factsOf } from './config.ts';
import { type SettingName, settingsSchema } from './settings.ts';

interface SettingRow {
  readonly name: SettingName;
  readonly group: string;
  readonly description: string;
  readonly isSecret: boolean;
  /** For reading. */
  readonly defaultText: string;
  /** The fixed default; undefined where there is none. */
  readonly defaultValue: string | undefined;
}

/** Groups in the order of their reading. */
const GROUPS = [
  'Running',
  'Listening',
  'Sign-in',
  'Database and secrets',
  'Providers',
  'Mail',
  'Reaching out',
  'Bounds',
];

/** docs/configuration.md. */
export function renderConfigurationDocument(): string {
  const parts = GROUPS.map((group) => {
    const rows = rowsOf(group).map(
      ({ name, description, defaultText, isSecret }) =>
        `| \`${name}\` | ${description}${isSecret ? ' *Secret.*' : ''} | ${defaultText} |`,
    );
    return `## ${group}\n\n| setting | does | default |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `# Configuration

Weir reads its settings from the environment, and from a \`.env\` and a \`weir.config.ts\`
(\`export default { PORT: 9000 }\`) where it is started; the environment wins, then \`.env\`. It checks all of them at once, and names every fault in one message. An empty
value counts as not set. Values of secrets are never printed. \`npm run weir -- start --check-config\` checks and does nothing else. Nothing has to be set to try Weir.

This page is made from \`src/server/settings/settings.ts\`; after a change there, run \`npm test -- src/server/settings/settings-documents.test.ts -u\`.

${parts.join('\n')}`;
}

/** .env.example: every setting, all commented out, with its default. */
export function renderEnvironmentExample(): string {
  const parts = GROUPS.map((group) => {
    const rows = rowsOf(group).map(({ name, description, defaultText, defaultValue }) => {
      const told = defaultValue === undefined && defaultText !== '' ? ` Default: ${defaultText}.` : '';
      return `# ${description.replaceAll('`', '')}${told.replaceAll('`', '')}\n#${name}=${defaultValue ?? ''}`;
    });
    return `## ${group}\n\n${rows.join('\n')}\n`;
  });
  return `# Settings of Weir; docs/configuration.md says more. Nothing has to be set to try it.\n# Copy it to .env and change what you need. Made from src/server/settings/settings.ts.\n\n${parts.join('\n')}`;
}

function rowsOf(group: string): SettingRow[] {
  return allRows().filter((row) => row.group === group);
}

function allRows(): SettingRow[] {
  const names = Object.keys(settingsSchema.shape) as SettingName[];
  return names.map((name) => {
    const facts = factsOf(name);
    if (!GROUPS.includes(facts.group)) throw new Error(`${name} is in no known group`);
    const defaultValue = defaultOf(name);
    return {
      name,
      group: facts.group,
      description: facts.description,
      isSecret: facts.secret === true,
      defaultText: facts.defaultText ?? (defaultValue === undefined ? '' : `\`${defaultValue}\``),
      defaultValue: facts.defaultText === undefined ? defaultValue : undefined,
    };
  });
}

function defaultOf(name: SettingName): string | undefined {
  const { def } = settingsSchema.shape[name] as { def: { type: string; defaultValue?: unknown } };
  return def.type === 'default' ? String(def.defaultValue) : undefined;
}
