// Owns: percentiles estimated from counts by bucket. Pure. Not: the counts.

/**
 * The value below which a share of all measurements lies, in whole units of `bounds`; within a bucket they are taken to lie evenly. Beyond the last bound nothing is
 * known but that: the last bound is given. Null: nothing was measured.
 */
export function percentile(counts: readonly bigint[], bounds: readonly number[], share: number): number | null {
  const all = counts.reduce((sum, count) => sum + count, 0n);
  if (all <= 0n) return null;
  const wanted = Number(all) * share;
  let seen = 0;
  for (const [index, count] of counts.entries()) {
    const here = Number(count);
    if (here > 0 && seen + here >= wanted) {
      const [low, high] = [bounds[index - 1] ?? 0, bounds[index]];
      if (high === undefined) return low;
      return Math.round(low + ((high - low) * (wanted - seen)) / here);
    }
    seen += here;
  }
  return bounds.at(-1) ?? null;
}
