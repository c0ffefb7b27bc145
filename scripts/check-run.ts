// Owns: running the checks one after the other and telling which failed.
// Does not own: the list of steps (check-steps.ts).

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type CheckStep, checkSteps } from './check-steps.ts';

/**
 * Runs the checks and prints a summary.
 *
 * @returns the names of the steps that failed
 * @throws Error for a step that does not exist
 */
export async function runChecks({ root, only }: { root: string; only: readonly string[] }): Promise<string[]> {
  const unknown = only.filter((name) => !checkSteps.some((step) => step.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `No such check: ${unknown.join(', ')}. There are: ${checkSteps.map((step) => step.name).join(', ')}`,
    );
  }
  const failed: string[] = [];
  for (const step of checkSteps.filter(({ name }) => only.length === 0 || only.includes(name))) {
    const passed = await runStep(root, step);
    console.log(`${passed ? 'ok    ' : 'FAILED'} ${step.name} (${step.guards})`);
    if (!passed) failed.push(step.name);
  }
  return failed;
}

function runStep(root: string, { command: [script, ...args] }: CheckStep): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}
