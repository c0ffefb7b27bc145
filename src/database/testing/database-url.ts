/** Owns: the same server's URL with another database. Does not own: which databases there are. */

/** `postgresql://…/one?x` becomes `postgresql://…/other?x`. */
export function withDatabaseName(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
