// Owns: `weir doctor`: looks at the whole installation and says what to do. Not: the single looks (doctor-checks.ts).

import type { CommandContext } from './command-context.ts';
import { withCommandDatabase } from './command-database.ts';
import { checkFolder, checkNode, checkServing, type Finding } from './doctor-checks.ts';
import { checkDatabase } from './doctor-database.ts';

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' };

/** Prints a line a finding; gives whether nothing failed. Warnings don't count. */
export async function doctor(context: CommandContext): Promise<boolean> {
  const { config, print } = context;
  const findings: Finding[] = [];
  const tell = (found: readonly Finding[]): void => {
    for (const finding of found) {
      findings.push(finding);
      const remedy = finding.remedy === undefined ? '' : `\n              → ${finding.remedy}`;
      print(`${MARKS[finding.state]}  ${finding.subject.padEnd(12)} ${finding.detail}${remedy}`);
    }
  };

  tell(settingsFindings(context));
  tell([checkNode(process.versions.node)]);
  tell(await checkFolder(config.directory));
  try {
    await withCommandDatabase(context, async (database) => tell(await checkDatabase(context, database)));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    tell([{ subject: 'database', state: 'fail', detail, remedy: 'start it, or correct DATABASE_URL' }]);
  }
  tell([await checkServing(config)]);

  const failed = findings.filter(({ state }) => state === 'fail').length;
  const warned = findings.filter(({ state }) => state === 'warn').length;
  print(`${failed} failed, ${warned} to look at, ${findings.length - failed - warned} right`);
  return failed === 0;
}

/** Settings that don't fit never come so far: the command ends with all of their faults. */
function settingsFindings({ config }: CommandContext): Finding[] {
  const unknown = config.unknown.map(
    (name): Finding => ({
      subject: 'settings',
      state: 'warn',
      detail: `there is no setting ${name}`,
      remedy: 'correct the name (docs/configuration.md) or remove it',
    }),
  );
  return [{ subject: 'settings', state: 'ok', detail: `are right, for ${config.mode}` }, ...unknown];
}
