// Owns: which tests run, how many at once, and the coverage that must hold.
// Does not own: the test database (src/database/testing/global-setup.ts).

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { testSupportFolders } from './scripts/import-table.ts';

/** Files that take minutes or most of one. Begun last, one of them would run alone at the end. */
const LONG_FILES = [
  'src/ledger/store/simulator/simulator-postgres.test.ts',
  'src/database/embedded/embedded-postgres.test.ts',
  'tests/isolation/quality-rows-inputs.test.ts',
];

const isLong = ({ moduleId }: TestSpecification): boolean => LONG_FILES.some((file) => moduleId.endsWith(file));

/** Vitest's own order, the long files first. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts', 'scripts/**/*.test.ts', 'sdk/**/*.test.ts'],
    globalSetup: ['src/database/testing/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    // Generous on purpose: a test never measures time, and a busy CI machine must not make one fail.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    retry: 0,
    allowOnly: false,
    coverage: {
      provider: 'v8',
      reporter: ['text', 'json', 'html'],
      reportsDirectory: 'coverage',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.test.ts', 'src/**/*.generated.ts', ...testSupportFolders.map((name) => `src/**/${name}/**`)],
      thresholds: {
        'src/control/**': { lines: 90 },
        'src/ledger/**': { lines: 90 },
        'src/providers/**': { lines: 90 },
      },
    },
  },
});
