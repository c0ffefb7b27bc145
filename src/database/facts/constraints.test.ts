// Owns: the proof that the tables refuse what must not be. Not: who may write (access.test.ts).

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDemoDatabase, type DemoDatabase } from './testing/demo-database.ts';

let demo: DemoDatabase;

beforeAll(async () => {
  demo = await createDemoDatabase();
});

afterAll(() => demo.close());

/** Name of the violated constraint, or of the error; 'accepted' when all statements and the commit-time checks pass. Rolled back. */
async function outcomeOf(statements: string): Promise<string> {
  await demo.owner.query('begin');
  try {
    await demo.owner.query(
      statements
        .replaceAll('$pro', `'${demo.world.organizations.pro.id}'`)
        .replaceAll('$free', `'${demo.world.organizations.free.id}'`)
        .replaceAll('$user', `'${demo.userIds.proMember}'`)
        .replaceAll('$owner', `'${demo.userIds.proAdmin}'`),
    );
    await demo.owner.query('set constraints all immediate');
    return 'accepted';
  } catch (error) {
    const violation = error as { constraint?: string; code?: string };
    return violation.constraint ?? violation.code ?? String(error);
  } finally {
    await demo.owner.query('rollback');
  }
}

const template = (columns: string, values: string): string =>
  `insert into weir.templates (name, slug, ${columns}) values ('T', 't', ${values})`;
const model = (columns: string, values: string): string =>
  `insert into weir.models (id, provider_id, provider_model_id, display_name, model_type, ${columns})
   select 'm', id, 'm', 'M', 'llm', ${values} from weir.providers where slug = 'openai'`;
const lot = (values: string): string =>
  `insert into weir.credit_grants (id, organization_id, credit_type, source, initial, remaining, held, consumed)
   values (gen_random_uuid(), $pro, 'lead_generation', 'admin', ${values})`;
const entitlement = (columns: string, values: string, source = 'admin_grant'): string =>
  `insert into weir.entitlements (id, source, ${columns}) values (gen_random_uuid(), '${source}', ${values})`;
const right = (source: string): string => entitlement('organization_id, model_id', "$pro, 'gpt-4o'", source);
const budget = (columns: string, values: string): string =>
  `insert into weir.budgets (id, name, period, amount_nano_usd, ${columns}) values (gen_random_uuid(), 'B', 'daily', 1, ${values})`;
const member = (values: string): string =>
  `insert into weir.members (id, organization_id, user_id, role) values (gen_random_uuid(), ${values})`;

describe.each<[group: string, rules: [guarantee: string, statements: string, outcome: string][]]>([
  [
    'templates',
    [
      [
        'a limit has a period and an amount',
        template('scope, token_limit_period, token_limit_amount', "'system', 'daily', 5"),
        'accepted',
      ],
      [
        'a period needs an amount',
        template('scope, token_limit_period', "'system', 'daily'"),
        'templates_limit_comes_together',
      ],
      [
        'an amount needs a period',
        template('scope, token_limit_amount', "'system', 5"),
        'templates_limit_comes_together',
      ],
      [
        'an amount is positive',
        template('scope, token_limit_period, token_limit_amount', "'system', 'daily', 0"),
        'templates_token_limit_amount_check',
      ],
      [
        'trial days need a trial',
        template('scope, trial_expires_days', "'system', 7"),
        'templates_trial_days_only_with_trial',
      ],
      [
        'trial days are positive',
        template('scope, is_trial, trial_expires_days', "'system', true, 0"),
        'templates_trial_expires_days_check',
      ],
      ['a trial may do without days', template('scope, is_trial', "'system', true"), 'accepted'],
      [
        'a system template has no organization',
        template('scope, organization_id', "'system', $pro"),
        'templates_scope_names_its_owner',
      ],
      ["an organization's has one", template('scope', "'organization'"), 'templates_scope_names_its_owner'],
      ["a person's has both", template('scope, owner_user_id', "'user', $user"), 'templates_scope_names_its_owner'],
      [
        'a slug is once a scope',
        template('scope', "'system'").replace("'t'", "'quick-summary'"),
        'templates_slug_once',
      ],
      [
        'the same slug lives in two organizations',
        `${template('scope, organization_id', "'organization', $pro")};
      ${template('scope, organization_id', "'organization', $free")}`,
        'accepted',
      ],
      ['a slug is lower case', template('scope', "'system'").replace("'t'", "'No Slug'"), 'templates_slug_check'],
    ],
  ],
  [
    'org_system_model_config',
    [
      [
        "a limit may not exceed the organization's quota",
        `update weir.org_system_model_config set token_limit_per_user = 99000000
      where organization_id = $pro`,
        'org_system_model_config_limit_within_quota',
      ],
      [
        'only system templates are switched',
        `insert into weir.org_system_model_config (id, organization_id, template_id)
      select gen_random_uuid(), $pro, id from weir.templates where scope = 'organization'`,
        'org_system_model_config_system_templates_only',
      ],
      [
        'once a template',
        `insert into weir.org_system_model_config (id, organization_id, template_id)
      select gen_random_uuid(), organization_id, template_id from weir.org_system_model_config where organization_id = $pro`,
        'org_system_model_config_organization_id_template_id_key',
      ],
    ],
  ],
  [
    'models and prices',
    [
      ['an enabled model has a price', model('enabled', 'true'), 'models_enabled_has_price'],
      ['a disabled one may wait for it', model('enabled', 'false'), 'accepted'],
      [
        'free use is an explicit price of 0',
        `${model('enabled', 'true')}; insert into weir.model_prices (id, model_id, effective_from,
      input_nano_usd_per_million, output_nano_usd_per_million) values (gen_random_uuid(), 'm', now(), 0, 0)`,
        'accepted',
      ],
      [
        'no price is negative',
        `insert into weir.model_prices (id, model_id, effective_from, input_nano_usd_per_million, output_nano_usd_per_million)
      values (gen_random_uuid(), 'gpt-4o', now(), -1, 0)`,
        'model_prices_input_nano_usd_per_million_check',
      ],
      ['a price never changes', 'update weir.model_prices set input_nano_usd_per_million = 0', '23001'],
      ['a price is not deleted', 'delete from weir.model_prices', '23001'],
      ['prices go along with their model', "delete from weir.models where id = 'gpt-4.1'", 'accepted'],
      [
        'only premium models have a price in cents',
        model('tier, price_cents', "'free', 100"),
        'models_price_only_for_premium',
      ],
      ['badges are 1 to 5', model('metadata', `'{"speed": 6}'`), 'models_badges_from_1_to_5'],
      ['an id is no keyword', model('tier', "'free'").replace("'m', id", "'auto', id"), 'models_id_check'],
      [
        'one system default',
        "update weir.models set is_system_default = true where id = 'gpt-4o'",
        'models_one_system_default',
      ],
      [
        'provider, model and version are unique',
        model('tier', "'free'").replace("id, 'm', 'M'", "id, 'gpt-4o', 'M'"),
        'models_provider_id_provider_model_id_version_key',
      ],
      [
        'a deployed model is not deleted',
        "delete from weir.models where id = 'gpt-4o-mini'",
        'deployments_model_id_fkey',
      ],
      [
        'an entitled model is not deleted',
        "delete from weir.models where id = 'claude-3-opus'",
        'entitlements_model_id_fkey',
      ],
      [
        'a provider of an entitled model is not deleted',
        "delete from weir.providers where slug = 'openai'",
        'entitlements_model_id_fkey',
      ],
      ['another provider takes its models along', "delete from weir.providers where slug = 'google'", 'accepted'],
    ],
  ],
  [
    'entitlements',
    [
      [
        'unique of one source while active',
        `${entitlement('user_id, model_id', "$user, 'gpt-4o'")}; ${entitlement('user_id, model_id', "$user, 'gpt-4o'")}`,
        'entitlements_unique_while_active',
      ],
      ['a grant beside a purchase', entitlement('user_id, model_id', "$user, 'gpt-4o'"), 'accepted'],
      [
        'a plan’s rights end with it',
        `update weir.organizations set pricing_plan = 'enterprise' where id = $pro;
      ${right('plan')}; update weir.organizations set pricing_plan = 'pro' where id = $pro; ${right('plan')}`,
        'accepted',
      ],
      [
        'a higher plan ends none of a lower one',
        `${right('plan')}; update weir.organizations set pricing_plan = 'enterprise' where id = $pro; ${right('plan')}`,
        'entitlements_unique_while_active',
      ],
      [
        'other rights outlast a plan',
        `${right('admin_grant')}; update weir.organizations set pricing_plan = 'free' where id = $pro; ${right('admin_grant')}`,
        'entitlements_unique_while_active',
      ],
      [
        'again after the revocation',
        `update weir.entitlements set revoked_at = now() where user_id = $user;
      ${entitlement('user_id, model_id', "$user, 'gpt-4o'")}`,
        'accepted',
      ],
      [
        'again after the expiry',
        `update weir.entitlements set expires_at = now() - interval '1 day' where user_id = $user;
      ${entitlement('user_id, model_id', "$user, 'gpt-4o'")}`,
        'accepted',
      ],
      [
        'one holder',
        entitlement('user_id, organization_id, model_id', "$user, $pro, 'gpt-4o'"),
        'entitlements_one_holder',
      ],
      ['some holder', entitlement('model_id', "'gpt-4o'"), 'entitlements_one_holder'],
      ['some object', entitlement('user_id', '$user'), 'entitlements_one_object'],
      [
        'they end after they start',
        entitlement('user_id, model_id, expires_at', "$owner, 'gpt-4o', now() - interval '1 s'"),
        'entitlements_end_after_start',
      ],
    ],
  ],
  [
    'credits',
    [
      ['the parts sum to the whole', lot('10, 5, 3, 2'), 'accepted'],
      ['no credit is lost', lot('10, 5, 3, 1'), 'credit_grants_parts_sum_to_initial'],
      ['no part is negative', lot('10, 11, 0, -1'), 'credit_grants_consumed_check'],
      ['a lot holds something', lot('0, 0, 0, 0'), 'credit_grants_initial_check'],
      ['a lot is granted once', `${lot('1, 1, 0, 0')}; ${lot('1, 1, 0, 0')}`, 'credit_grants_granted_once'],
      ['the ledger is not changed', 'update weir.credit_ledger set amount = 1', '23001'],
      ['the ledger is not shortened', 'delete from weir.credit_ledger', '23001'],
      ['an organization takes its ledger along', 'delete from weir.organizations where id = $pro', 'accepted'],
    ],
  ],
  [
    'organizations and people',
    [
      ['the last owner stays', 'delete from weir.members where user_id = $owner', 'organizations_have_an_owner'],
      [
        'the last owner stays owner',
        "update weir.members set role = 'admin' where user_id = $owner",
        'organizations_have_an_owner',
      ],
      [
        'an owner may hand over',
        `update weir.members set role = 'owner' where user_id = $user;
      delete from weir.members where user_id = $owner`,
        'accepted',
      ],
      ['the last owner is not deleted', 'delete from weir.users where id = $owner', 'organizations_have_an_owner'],
      [
        'a new organization has an owner',
        `insert into weir.organizations (id, name, slug, business_type)
      values (gen_random_uuid(), 'X', 'x', 'retail')`,
        'organizations_have_an_owner',
      ],
      ['a person is a member once', member("$pro, $user, 'member'"), 'members_organization_id_user_id_key'],
      [
        "a department is of the member's organization",
        `update weir.members set department_id =
      (select id from weir.departments where organization_id <> $pro limit 1) where user_id = $user`,
        'members_department_of_same_organization',
      ],
      [
        'a department that goes leaves its people',
        'delete from weir.departments where organization_id = $pro',
        'accepted',
      ],
      [
        'a pause has its reason only while it lasts',
        "update weir.members set pause_reason = 'x' where user_id = $user",
        'members_pause_only_while_paused',
      ],
      ['an address is lower case', "update weir.users set email = 'A@b.example' where id = $user", 'users_email_check'],
      ['a person takes keys and entitlements along', 'delete from weir.users where id = $user', 'accepted'],
      ['a slug has no edges', "update weir.organizations set slug = '-a' where id = $pro", 'organizations_slug_check'],
    ],
  ],
  [
    'platform',
    [
      [
        'one active deployment an environment',
        `insert into weir.deployments (id, feature_id, environment, model_id)
      select gen_random_uuid(), feature_id, environment, model_id from weir.deployments`,
        'deployments_one_active',
      ],
      [
        'history is kept beside it',
        `insert into weir.deployments (id, feature_id, environment, model_id, is_active)
      select gen_random_uuid(), feature_id, environment, model_id, false from weir.deployments`,
        'accepted',
      ],
      [
        'credits of a feature have a type',
        'update weir.features set credit_type = null',
        'features_credits_come_together',
      ],
      [
        'an approved prompt is immutable',
        "update weir.prompt_versions set content = '[]'",
        'prompt_versions_approved_immutable',
      ],
      ['an approved prompt may be archived', "update weir.prompt_versions set status = 'archived'", 'accepted'],
      ['a feature takes its deployments along', 'delete from weir.features', 'accepted'],
    ],
  ],
  [
    'budgets and keys',
    [
      [
        'the scope names its reference',
        budget('scope, organization_id', "'user', $pro"),
        'budgets_scope_names_its_reference',
      ],
      [
        'an organization budget names nothing else',
        budget('scope, organization_id, user_id', "'organization', $pro, $user"),
        'budgets_scope_names_its_reference',
      ],
      [
        'a platform budget is of no organization',
        budget('scope, organization_id', "'platform', $pro"),
        'budgets_scope_names_its_reference',
      ],
      ['a platform budget', budget('scope', "'platform'"), 'accepted'],
      [
        'several thresholds',
        budget('scope, organization_id, alert_thresholds', "'organization', $pro, '{0.5, 0.8, 1}'"),
        'accepted',
      ],
      [
        'no threshold above 1',
        budget('scope, organization_id, alert_thresholds', "'organization', $pro, '{1.2}'"),
        'budgets_alert_thresholds_check',
      ],
      [
        'amounts are positive',
        budget('scope, organization_id', "'organization', $pro").replace("'daily', 1", "'daily', 0"),
        'budgets_amount_nano_usd_check',
      ],
      [
        "a service key is nobody's",
        "update weir.virtual_keys set owner_type = 'service'",
        'virtual_keys_owner_fits_type',
      ],
      [
        'a hash is once',
        `insert into weir.virtual_keys (id, organization_id, owner_type, name, environment, key_hash, prefix, last_four)
      select gen_random_uuid(), organization_id, 'service', 'K', 'test', key_hash, prefix, last_four from weir.virtual_keys`,
        'virtual_keys_key_hash_key',
      ],
      [
        "a key's person is a member",
        'update weir.virtual_keys set user_id = $user where organization_id = $free',
        'virtual_keys_owner_is_member',
      ],
      [
        'the audit log is not changed',
        `insert into weir.audit_logs (id, action, target_type) values (gen_random_uuid(), 'a', 't');
      update weir.audit_logs set action = 'b'`,
        '23001',
      ],
      ['the audit log is not emptied', 'truncate weir.audit_logs', '23001'],
    ],
  ],
])('%s', (_, rules) => {
  test.each(rules)('%s', async (_guarantee, statements, outcome) => {
    expect(await outcomeOf(statements)).toBe(outcome);
  });
});

test('two owners who leave at the same moment do not both get away', async () => {
  const pro = demo.world.organizations.pro.id;
  const { proAdmin, proMember } = demo.userIds;
  await demo.owner.query("update weir.members set role = 'owner' where user_id = $1", [proMember]);
  const leave = (userId: string): Promise<unknown> =>
    demo.runtime.kysely.transaction().execute((tx) => tx.deleteFrom('members').where('user_id', '=', userId).execute());
  const outcomes = await Promise.allSettled([leave(proAdmin), leave(proMember)]);
  expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
  const { rows } = await demo.owner.query(
    "select count(*)::int as owners from weir.members where organization_id = $1 and role = 'owner'",
    [pro],
  );
  expect(rows).toEqual([{ owners: 1 }]);
});
