// Owns: writing what the demo organizations may use: templates, personas, the feature, entitlements, credits, a budget. Not: the people.

import type { PlanSlug } from '../../../contracts/enumerations.ts';
import { NANO_USD_PER_USD } from '../../../primitives/amounts.ts';
import { insertMissing, type SeedClient } from '../seed-client.ts';
import type { SeedTools } from '../seed-tools.ts';
import { demoEnabledTemplates, demoPersonas, demoSystemTemplates } from './demo-templates.ts';
import type { DemoIds } from './demo-world.ts';

const DAY_MS = 86_400_000;
/** Serves everything of the demo: free, and answered by the sandbox when no vendor key is there. */
const DEMO_MODEL = 'gpt-4o-mini';

/** System templates with each organization's switches, and one template of the other two scopes. */
export async function seedTemplates(client: SeedClient, tools: SeedTools, ids: DemoIds): Promise<void> {
  await insertMissing(
    client,
    'templates',
    demoSystemTemplates.map((template, index) => ({
      scope: 'system',
      ...template,
      model_id: DEMO_MODEL,
      max_tokens: 2000,
      temperature: 0.7,
      sort_order: (index + 1) * 10,
      created_by: ids.users.superadmin,
    })),
  );
  const { rows } = await client.query<{ slug: string; id: string }>(
    "select slug, id::text from weir.templates where scope = 'system'",
  );
  const templateIds = new Map(rows.map((row) => [row.slug, row.id]));
  const plans = Object.keys(demoEnabledTemplates) as PlanSlug[];
  await insertMissing(
    client,
    'org_system_model_config',
    plans.flatMap((plan) =>
      demoEnabledTemplates[plan].map(([slug, limit]) => ({
        id: tools.newId(),
        organization_id: ids.organizations[plan],
        template_id: templateIds.get(slug),
        is_enabled_for_users: true,
        token_limit_per_user: limit,
        updated_by: ids.users[`${plan}Admin`],
      })),
    ),
  );
  const own = {
    organization_id: ids.organizations.pro,
    model_id: DEMO_MODEL,
    description: '',
    max_tokens: 1000,
    business_types: [],
    required_plan: 'free',
  };
  await insertMissing(client, 'templates', [
    {
      ...own,
      scope: 'organization',
      owner_user_id: null,
      name: 'Release notes',
      slug: 'release-notes',
      role: 'Technical writer',
      system_message:
        'You write release notes from a list of changes, one line a change, for people who use the product.',
      created_by: ids.users.proAdmin,
    },
    {
      ...own,
      scope: 'user',
      owner_user_id: ids.users.proMember,
      name: 'My meeting notes',
      slug: 'my-meeting-notes',
      role: 'Secretary',
      system_message: 'You turn rough notes into decisions and tasks, each with a name and a date.',
      created_by: ids.users.proMember,
    },
  ]);
}

/** Platform personas; the first with a model of its own. */
export async function seedPersonas(client: SeedClient, tools: SeedTools): Promise<void> {
  await insertMissing(
    client,
    'personas',
    demoPersonas.map((persona, index) => ({
      id: tools.newId(),
      ...persona,
      scope: 'platform',
      default_model_id: index === 0 ? DEMO_MODEL : null,
      sort_order: (index + 1) * 10,
    })),
  );
}

/** `goal_generation`, 3 credits an action, with an approved prompt, deployed everywhere. */
export async function seedFeature(client: SeedClient, tools: SeedTools, ids: DemoIds): Promise<void> {
  const featureId = tools.newId();
  const promptId = tools.newId();
  const versionId = tools.newId();
  await insertMissing(client, 'features', [
    {
      id: featureId,
      name: 'goal_generation',
      display_name: 'Goal generation',
      description: 'Makes a quest with goals from what a person wants to reach.',
      credit_type: 'goal_generation',
      credits_per_action: 3,
    },
  ]);
  await insertMissing(client, 'prompts', [
    {
      id: promptId,
      name: 'goal_generation',
      feature_id: featureId,
      description: 'Goals of a quest.',
      created_by: ids.users.platformAdmin,
    },
  ]);
  await insertMissing(client, 'prompt_versions', [
    {
      id: versionId,
      prompt_id: promptId,
      version: 1,
      content: [
        {
          role: 'system',
          content: 'You turn a wish into a quest with three goals. Each goal can be measured and has a date.',
        },
      ],
      status: 'approved',
      created_by: ids.users.platformAdmin,
      reviewed_by: ids.users.superadmin,
      reviewed_at: new Date(tools.nowMs),
    },
  ]);
  await insertMissing(client, 'prompt_labels', [
    { prompt_id: promptId, label: 'production', prompt_version_id: versionId },
  ]);
  await insertMissing(
    client,
    'deployments',
    ['development', 'staging', 'production'].map((environment) => ({
      id: tools.newId(),
      feature_id: featureId,
      environment,
      model_id: DEMO_MODEL,
      prompt_version_id: versionId,
      assigned_by: ids.users.platformAdmin,
      note: 'First deployment',
    })),
  );
}

/**
 * Rights to premium models so that each case can be tried: bought by a person (pro member, gpt-4o), granted to an
 * organization (pro, claude-3-5-sonnet), given with a plan (enterprise, claude-3-opus), run out (free admin, gpt-4o).
 * Whoever has none has the trial of two messages.
 */
export async function seedEntitlements(client: SeedClient, tools: SeedTools, ids: DemoIds): Promise<void> {
  const productId = tools.newId();
  const purchaseId = tools.newId();
  await insertMissing(client, 'products', [
    { id: productId, type: 'model', name: 'GPT-4o', model_id: 'gpt-4o', price_cents: 299 },
  ]);
  await insertMissing(client, 'purchases', [
    {
      id: purchaseId,
      user_id: ids.users.proMember,
      organization_id: ids.organizations.pro,
      product_id: productId,
      product_name: 'GPT-4o',
      amount_cents: 299,
      status: 'completed',
      completed_at: new Date(tools.nowMs),
    },
  ]);
  const none = {
    user_id: null,
    organization_id: null,
    purchase_id: null,
    granted_by: null,
    notes: '',
    expires_at: null,
  };
  const grantedAt = new Date(tools.nowMs - 30 * DAY_MS);
  await insertMissing(
    client,
    'entitlements',
    [
      { ...none, user_id: ids.users.proMember, model_id: 'gpt-4o', source: 'purchase', purchase_id: purchaseId },
      {
        ...none,
        organization_id: ids.organizations.pro,
        model_id: 'claude-3-5-sonnet',
        source: 'admin_grant',
        granted_by: ids.users.superadmin,
        notes: 'Pilot',
      },
      { ...none, organization_id: ids.organizations.enterprise, model_id: 'claude-3-opus', source: 'plan' },
      {
        ...none,
        user_id: ids.users.freeAdmin,
        model_id: 'gpt-4o',
        source: 'trial',
        expires_at: new Date(tools.nowMs - DAY_MS),
      },
    ].map((row) => ({ id: tools.newId(), granted_at: grantedAt, ...row })),
  );
}

/** This period's credits of the plans, and the pro organization's budget, whose id it gives. */
export async function seedCreditsAndBudgets(client: SeedClient, tools: SeedTools, ids: DemoIds): Promise<string> {
  for (const organizationId of Object.values(ids.organizations)) {
    await client.query('select weir.ensure_plan_credits($1, $2)', [organizationId, new Date(tools.nowMs)]);
  }
  const budgetId = tools.newId();
  await insertMissing(client, 'budgets', [
    {
      id: budgetId,
      organization_id: ids.organizations.pro,
      name: 'Monthly spend',
      scope: 'organization',
      period: 'monthly',
      amount_nano_usd: 2n * NANO_USD_PER_USD,
      alert_thresholds: ['0.8', '1'],
      enforcement: 'soft',
      created_by: ids.users.proAdmin,
    },
  ]);
  return budgetId;
}
