/** Owns: Vitest's global set-up: one PostgreSQL for the run. Does not own: how it is made (`test-cluster.ts`). */
import type { TestProject } from 'vitest/node';
import { startTestCluster, type TestCluster } from './test-cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    testCluster: TestCluster;
  }
}

/** Starts the cluster, or uses DATABASE_URL (a login that may create databases and roles); returns the tear-down. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { cluster, close } = await startTestCluster(process.env.DATABASE_URL || undefined);
  project.provide('testCluster', cluster);
  return close;
}
