// Owns: starting those who answer calls, each a process of its own before the same mock. Not: calling them.

import type { Bench } from '../bench.ts';
import { type LoadTarget, loadTarget } from '../load/bench-call.ts';
import { startRole } from '../processes/child-process.ts';
import { startPortkey } from '../processes/portkey.ts';
import { startWeirServer } from '../processes/weir-server.ts';

/** Who is compared. Each is called with the key of the hot organization. */
export interface Contestants {
  /** `http://127.0.0.1:<port>` of the mock. */
  readonly upstream: string;
  readonly bare: LoadTarget;
  readonly weir: LoadTarget;
}

/** Starts the mock, the bare proxy and Weir. */
export async function startContestants(bench: Bench, stops: AsyncDisposableStack): Promise<Contestants> {
  const { world } = bench;
  const { directory } = world;
  const hot = world.organizations.slice(0, 1);
  const { url: upstream } = await startRole('mock-upstream', '', { directory, stops });
  const bare = await startRole('bare-proxy', upstream, { directory, stops });
  const weir = await startWeirServer({ directory, stops, database: world.postgres, upstream });
  return { upstream, bare: loadTarget(bare, hot, upstream), weir: loadTarget(weir, hot, upstream) };
}

/** Starts Portkey before the same mock. */
export async function startPortkeyTarget(
  { world }: Bench,
  upstream: string,
  stops: AsyncDisposableStack,
): Promise<LoadTarget> {
  const server = await startPortkey({ directory: world.directory, stops });
  return loadTarget(server, world.organizations.slice(0, 1), upstream);
}
