// Owns: the one suite that every store of the ledger passes. A store's test file calls it with a harness of its own.

import { afterAll, beforeAll, describe } from 'vitest';
import { describeAdmission } from './admission-suite.ts';
import { type ConformanceContext, type CreateHarness, openContext } from './conformance-context.ts';
import { describeCredits } from './credit-suite.ts';
import { describeEndings } from './ending-suite.ts';
import type { LedgerHarness } from './ledger-harness.ts';
import { describeService } from './service-suite.ts';

/**
 * Registers the suite. The harness is made once; each test has an organization of its own, so what others left doesn't matter.
 */
export function describeLedgerStore(name: string, createHarness: CreateHarness): void {
  describe(`${name} ledger`, () => {
    let harness: LedgerHarness | undefined;
    beforeAll(async () => {
      harness = await createHarness();
    });
    afterAll(async () => {
      await harness?.close();
    });
    const open = async (): Promise<ConformanceContext> => {
      if (!harness) throw new Error('the harness was not made');
      return openContext(harness);
    };
    describeAdmission(open);
    describeEndings(open);
    describeCredits(open);
    describeService(open);
  });
}
