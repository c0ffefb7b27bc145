// Owns: what the demo world is to its readers, and its ids while it is being written. Not: writing it (seed-demo.ts).

import type { PlanSlug } from '../../../contracts/enumerations.ts';
import type { DemoUserName } from './demo-people.ts';

/** What `.weir/demo.json` holds besides the address of the server. The only copy of the passwords and keys in plain text. */
export interface DemoWorld {
  users: Record<DemoUserName, { email: string; password: string }>;
  organizations: Record<PlanSlug, { id: string; slug: string }>;
  keys: Record<PlanSlug, string>;
}

/** The ids that the parts of the demo world refer to each other by. */
export interface DemoIds {
  readonly users: Readonly<Record<DemoUserName, string>>;
  readonly organizations: Readonly<Record<PlanSlug, string>>;
  /** By `<plan>/<name>`. */
  readonly departments: ReadonlyMap<string, string>;
}
