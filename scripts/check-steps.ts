// Owns: the list of checks that stand between a change and the main line, and how each is called.
// Does not own: what the checks demand (biome.json, tsconfig.json, import-rules.ts, knip.json).

export interface CheckStep {
  readonly name: string;
  /** What it looks after, for the printed summary. */
  readonly guards: string;
  /** Script, from the root, then its arguments; run with the Node that runs the checks. */
  readonly command: readonly [script: string, ...args: string[]];
}

/** Every step runs even when an earlier one failed, so that one run shows all there is to mend. */
export const checkSteps: readonly CheckStep[] = [
  {
    name: 'lint',
    guards: 'format and lint',
    command: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  },
  { name: 'types', guards: 'types', command: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.'] },
  {
    name: 'imports',
    guards: 'import rules and cycles',
    command: ['scripts/check-imports.ts'],
  },
  { name: 'dead-code', guards: 'unused files, exports and dependencies', command: ['node_modules/knip/bin/knip.js'] },
];
