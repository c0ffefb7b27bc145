// Owns: proof that the in-memory ledger keeps the promises of every store.

import { describeLedgerStore } from './conformance/ledger-conformance.ts';
import { createMemoryHarness } from './conformance/memory-harness.ts';

describeLedgerStore('in-memory', async () => createMemoryHarness());
