// Owns: from the filters of a request to those of a query. Pure. Not: their SQL (usage-source.queries.ts).

import type { UsageFilter } from './usage-source.queries.ts';

/** Filters as the endpoints take them. */
export interface FilterQuery {
  readonly user?: readonly string[] | undefined;
  readonly model?: readonly string[] | undefined;
  readonly model_type?: readonly string[] | undefined;
  readonly provider?: readonly string[] | undefined;
  readonly template?: readonly string[] | undefined;
  readonly feature?: readonly string[] | undefined;
  readonly department?: readonly string[] | undefined;
  readonly key?: readonly string[] | undefined;
  readonly status?: readonly string[] | undefined;
  readonly environment?: readonly string[] | undefined;
}

/** `none` stands for calls that have none. */
const orNone = (values: readonly string[] | undefined): readonly (string | null)[] | undefined =>
  values?.map((value) => (value === 'none' ? null : value));

/** The filters of a request. */
export function toFilter(query: FilterQuery): Omit<UsageFilter, 'organizationId'> {
  return {
    users: orNone(query.user),
    models: query.model,
    modelTypes: query.model_type,
    providers: query.provider,
    templates: orNone(query.template),
    features: orNone(query.feature),
    departments: orNone(query.department),
    keys: orNone(query.key),
    statuses: query.status,
    environments: query.environment,
  };
}
