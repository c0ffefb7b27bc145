// Owns: which tests run, how many at once, and the coverage that must hold.
// Does not own: the test database (src/database/testing/global-setup.ts).

import { defineConfig } from 'vitest/config';
import { testSupportFolders } from './scripts/import-table.ts';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts', 'scripts/**/*.test.ts', 'sdk/**/*.test.ts'],
    globalSetup: ['src/database/testing/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Generous on purpose: a test never measures time, and a busy CI machine must not make one fail.
    testTimeout: 30_000,
    hookTimeout: 60_000,
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
