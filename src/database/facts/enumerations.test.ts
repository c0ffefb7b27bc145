// Owns: the proof that the tables' CHECKs and the contracts' enumerations hold the same values. Not: what the values mean.

import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as enumerations from '../../contracts/enumerations.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';

/** Column to the enumeration it holds. */
const enumeratedColumns: Readonly<Record<string, { readonly options: readonly string[] }>> = {
  'alerts.scope': enumerations.budgetScopes,
  'api_tokens.role': enumerations.apiTokenRoles,
  'audit_logs.actor_type': enumerations.auditActorTypes,
  'budgets.enforcement': enumerations.budgetEnforcements,
  'budgets.period': enumerations.budgetPeriods,
  'budgets.scope': enumerations.budgetScopes,
  'closed_windows.act': enumerations.windowActs,
  'closed_windows.period': enumerations.tokenLimitPeriods,
  'credit_grants.source': enumerations.creditGrantSources,
  'credit_ledger.kind': enumerations.creditLedgerKinds,
  'credit_use.kind': enumerations.creditUseKinds,
  'deployments.environment': enumerations.environments,
  'entitlements.source': enumerations.entitlementSources,
  'features.status': enumerations.featureStatuses,
  'idempotency_keys.state': enumerations.idempotencyStates,
  'invitations.role': enumerations.memberRoles,
  'invitations.status': enumerations.invitationStatuses,
  'job_runs.cause': enumerations.jobCauses,
  'job_runs.status': enumerations.jobRunStatuses,
  'limit_overrides.kind': enumerations.limitKinds,
  'limit_requests.kind': enumerations.limitKinds,
  'limit_requests.status': enumerations.limitRequestStatuses,
  'mail_outbox.status': enumerations.mailStatuses,
  'members.role': enumerations.memberRoles,
  'members.status': enumerations.memberStatuses,
  'messages.role': enumerations.messageRoles,
  'messages.status': enumerations.messageStatuses,
  'model_prices.source': enumerations.priceSources,
  'models.model_type': enumerations.modelTypes,
  'models.status': enumerations.modelStatuses,
  'models.tier': enumerations.modelTiers,
  'notification_deliveries.channel': enumerations.notificationChannels,
  'notification_deliveries.status': enumerations.deliveryStatuses,
  'notification_preferences.channel': enumerations.notificationChannels,
  'organization_domains.method': enumerations.domainVerificationMethods,
  'organizations.status': enumerations.organizationStatuses,
  'personas.scope': enumerations.personaScopes,
  'plans.slug': enumerations.planSlugs,
  'products.type': enumerations.productTypes,
  'profiles.theme': enumerations.themes,
  'prompt_versions.content_type': enumerations.promptContentTypes,
  'prompt_versions.status': enumerations.promptVersionStatuses,
  'provider_credentials.status': enumerations.credentialStatuses,
  'providers.status': enumerations.providerStatuses,
  'providers.type': enumerations.providerTypes,
  'purchases.status': enumerations.purchaseStatuses,
  'request_idempotency.state': enumerations.idempotencyStates,
  'templates.scope': enumerations.templateScopes,
  'templates.token_limit_period': enumerations.tokenLimitPeriods,
  'users.platform_role': enumerations.platformRoles,
  'virtual_keys.environment': enumerations.keyEnvironments,
  'virtual_keys.owner_type': enumerations.keyOwnerTypes,
};

/** The ledger's own rows; their values belong to src/ledger. */
const ledgerTables = /^(counters|holds|usage_events)/;

let database: TestDatabase;
let checks: Map<string, string[]>;

beforeAll(async () => {
  database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  checks = await readEnumeratedColumns(client);
  await client.end();
});

afterAll(() => database.drop());

/** `CHECK ((column = ANY (ARRAY['a'::text, …])))`, as Postgres writes it back. */
async function readEnumeratedColumns(client: pg.Client): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ table: string; definition: string }>(
    `select c.conrelid::regclass::text as table, pg_get_constraintdef(c.oid) as definition
     from pg_constraint c where c.contype = 'c' and c.conrelid <> 0 and c.connamespace = 'weir'::regnamespace`,
  );
  const found = new Map<string, string[]>();
  for (const row of rows) {
    const table = row.table.replace(/^weir\./, '');
    const match = /^CHECK \(\((\w+) = ANY \(ARRAY\[([^\]]*)\]\)\)\)$/.exec(row.definition);
    if (!match?.[1] || !match[2] || ledgerTables.test(table)) continue;
    found.set(
      `${table}.${match[1]}`,
      [...match[2].matchAll(/'([^']*)'/g)].map((value) => value[1] ?? ''),
    );
  }
  return found;
}

test('every enumerated column holds exactly the values of its enumeration in the contracts', () => {
  const wanted = Object.entries(enumeratedColumns).map(([column, { options }]) => [column, [...options].sort()]);
  const present = [...checks].map(([column, values]) => [column, [...values].sort()]);
  expect(Object.fromEntries(present)).toEqual(Object.fromEntries(wanted));
});

test('every enumeration of the contracts is held by some column', () => {
  const used = new Set(Object.values(enumeratedColumns).map(({ options }) => options.join()));
  const unused = Object.entries(enumerations).filter(([, enumeration]) => !used.has(enumeration.options.join()));
  expect(unused.map(([name]) => name)).toEqual([]);
});
