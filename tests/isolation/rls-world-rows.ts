// Owns: the rows of tables that the usual columns don't say enough about. Not: the usual ones (rls-world.ts makes them by itself).

import { ORGANIZATIONS, type OrganizationName, PEOPLE, type PersonName } from './rls-identities.ts';

/** A row before it is made: what matters of it; everything else that is required is filled in. */
export interface RowPlan {
  readonly values: Readonly<Record<string, unknown>>;
  /** Whose it is, where no column says so. */
  readonly organization?: OrganizationName | null;
  readonly user?: PersonName | null;
  /** What sets it apart from others of the same owner: `disabled`; several words are several tags. */
  readonly tag?: string;
}

const { A, B } = ORGANIZATIONS;
const id = (person: PersonName): string => PEOPLE[person].id;
const people = Object.keys(PEOPLE) as PersonName[];
const members = people.filter((person) => PEOPLE[person].home !== null);

/** Ids that others of these rows name. */
const PROVIDER = '0d000000-0000-7000-8000-000000000001';
const BUDGETS = {
  A: '0d000000-0000-7000-8000-0000000000b1',
  B: '0d000000-0000-7000-8000-0000000000b2',
  platform: '0d000000-0000-7000-8000-0000000000b3',
};
const TEMPLATES = {
  enabled: 101,
  offered: 102,
  higher: 103,
  inactive: 104,
  orgA: 105,
  offA: 106,
  orgB: 107,
  userA: 108,
  userB: 109,
};

const template = (name: keyof typeof TEMPLATES, values: Record<string, unknown>, tag?: string): RowPlan => ({
  values: { id: TEMPLATES[name], slug: name.toLowerCase(), ...values },
  ...(tag === undefined ? {} : { tag }),
});

/** What hangs on a template, one row for each kind of template. */
const ofTemplates = (values: (organization: string | null) => Record<string, unknown>): RowPlan[] => [
  { values: { template_id: TEMPLATES.enabled, ...values(null) }, organization: null },
  { values: { template_id: TEMPLATES.orgA, ...values(A) }, organization: 'A' },
  { values: { template_id: TEMPLATES.userA, ...values(A) }, organization: 'A', user: 'memberA', tag: 'personal' },
  { values: { template_id: TEMPLATES.orgB, ...values(B) }, organization: 'B' },
  { values: { template_id: TEMPLATES.userB, ...values(B) }, organization: 'B', user: 'memberB', tag: 'personal' },
];

/** Use of an organization and of persons, one of them somebody who was never there. */
const USE: readonly RowPlan[] = (['A', 'B'] as const).flatMap((home) => [
  { values: { organization_id: ORGANIZATIONS[home] } },
  ...members
    .filter((person) => PEOPLE[person].home === home)
    .map((person) => ({ values: { organization_id: ORGANIZATIONS[home], user_id: id(person) } })),
  // Of somebody who was never there.
  {
    values: { organization_id: ORGANIZATIONS[home], user_id: id(home === 'A' ? 'memberB' : 'memberA') },
    tag: 'foreign',
  },
]);

/** By table. */
export const WORLD_ROWS: Readonly<Record<string, readonly RowPlan[]>> = {
  users: people.map((person) => ({
    values: {
      id: id(person),
      platform_role: person === 'superadmin' ? 'superadmin' : person === 'platformAdmin' ? 'platform_admin' : 'user',
    },
    organization: PEOPLE[person].home,
    ...(person === 'dual' ? { tag: 'in-b' } : {}),
  })),
  profiles: people.map((person) => ({ values: { user_id: id(person) }, organization: PEOPLE[person].home })),
  plans: [
    { values: { slug: 'pro', level: 2 } },
    { values: { slug: 'enterprise', level: 3 } },
    { values: { slug: 'free', level: 0 } },
  ],
  organizations: [
    { values: { id: A, slug: 'a', pricing_plan: 'pro' } },
    { values: { id: B, slug: 'b', pricing_plan: 'pro' } },
  ],
  members: [
    ...members.map((person) => ({
      values: {
        organization_id: PEOPLE[person].home === 'A' ? A : B,
        user_id: id(person),
        role: PEOPLE[person].role,
      },
      tag: PEOPLE[person].role ?? 'none',
    })),
    { values: { organization_id: B, user_id: id('dual'), role: 'admin' }, tag: 'admin' },
  ],
  providers: [
    { values: { id: PROVIDER }, tag: 'enabled' },
    { values: { status: 'inactive' }, tag: 'disabled' },
    { values: { archived_at: '2026-01-01Z' }, tag: 'disabled' },
  ],
  models: [
    { values: { id: 'on', provider_id: PROVIDER, enabled: true }, tag: 'enabled' },
    { values: { id: 'off', provider_id: PROVIDER, enabled: false, provider_model_id: 'off' }, tag: 'disabled' },
  ],
  model_prices: [
    { values: { model_id: 'on', source: 'admin' }, tag: 'enabled' },
    { values: { model_id: 'off', source: 'admin' }, tag: 'disabled' },
    { values: { model_id: 'off', source: 'seed', effective_from: '2026-02-01Z' }, tag: 'seeded' },
  ],
  price_import_items: [{ values: { model_id: 'on', changes: '[]' } }],
  templates: [
    template('enabled', { scope: 'system' }, 'enabled'),
    template('offered', { scope: 'system' }, 'offered'),
    template('higher', { scope: 'system', required_plan: 'enterprise' }, 'higher'),
    template('inactive', { scope: 'system', is_active: false }, 'inactive'),
    template('orgA', { scope: 'organization', organization_id: A }, 'enabled'),
    template('offA', { scope: 'organization', organization_id: A, is_active: false }, 'inactive'),
    template('orgB', { scope: 'organization', organization_id: B }, 'enabled'),
    template('userA', { scope: 'user', organization_id: A, owner_user_id: id('memberA') }, 'personal'),
    template('userB', { scope: 'user', organization_id: B, owner_user_id: id('memberB') }, 'personal'),
  ],
  org_system_model_config: [
    { values: { organization_id: A, template_id: TEMPLATES.enabled, is_enabled_for_users: true } },
    { values: { organization_id: B, template_id: TEMPLATES.enabled, is_enabled_for_users: true } },
  ],
  template_endpoint_secrets: ofTemplates((organization) => ({ organization_id: organization })),
  template_revisions: ofTemplates(() => ({})).flatMap((plan, index) =>
    (['memberA', 'adminA', 'ownerA', 'adminB', 'platformAdmin', 'superadmin'] as const).map((person, turn) => ({
      ...plan,
      values: { ...plan.values, revision: index * 10 + turn + 1, changed_by: id(person) },
      tag: `${plan.tag ?? 'shared'} by-${person}`,
    })),
  ),
  prompt_versions: [{ values: { content: '[]' } }],
  personas: [
    { values: { scope: 'platform' }, tag: 'enabled' },
    { values: { scope: 'platform', is_active: false }, tag: 'disabled' },
    { values: { scope: 'organization', organization_id: A }, tag: 'enabled' },
    { values: { scope: 'organization', organization_id: A, is_active: false }, tag: 'disabled' },
    { values: { scope: 'organization', organization_id: B }, tag: 'enabled' },
  ],
  products: [
    { values: { type: 'model', model_id: 'on' }, tag: 'enabled' },
    { values: { type: 'model', model_id: 'off', active: false }, tag: 'disabled' },
  ],
  entitlements: [
    { values: { organization_id: A, model_id: 'on' } },
    { values: { organization_id: B, model_id: 'on' } },
    { values: { user_id: id('memberA'), model_id: 'on' } },
    { values: { user_id: id('adminA'), model_id: 'on' } },
    { values: { user_id: id('memberB'), model_id: 'on' } },
  ],
  virtual_keys: [
    ...(['A', 'B'] as const).flatMap((home) => [
      { values: { organization_id: ORGANIZATIONS[home], owner_type: 'service' }, tag: 'service' },
      ...members
        .filter((person) => PEOPLE[person].home === home)
        .map((person) => ({
          values: { organization_id: ORGANIZATIONS[home], owner_type: 'user', user_id: id(person) },
        })),
    ]),
    {
      values: { organization_id: A, owner_type: 'user', user_id: id('memberA'), can_act_for_members: true },
      tag: 'proxy',
    },
  ],
  api_tokens: [
    ...(['A', 'B'] as const).flatMap((home) => [
      ...members
        .filter((person) => PEOPLE[person].home === home)
        .flatMap((person) => {
          const values = { organization_id: ORGANIZATIONS[home], user_id: id(person), created_by: id(person) };
          return [
            { values: { ...values, role: 'member' } },
            { values: { ...values, role: 'admin' }, tag: 'above' },
            { values: { ...values, user_id: null, role: 'admin' }, user: person, tag: 'shared' },
          ];
        }),
    ]),
    // Made out to one person by another.
    { values: { organization_id: A, user_id: id('memberA'), created_by: id('adminA'), role: 'member' }, tag: 'forged' },
  ],
  budgets: [
    { values: { id: BUDGETS.A, organization_id: A, scope: 'organization' } },
    { values: { id: BUDGETS.B, organization_id: B, scope: 'organization' } },
    { values: { id: BUDGETS.platform, scope: 'platform' } },
  ],
  limit_requests: members.flatMap((person) => {
    const home = PEOPLE[person].home === 'A' ? A : B;
    const values = { organization_id: home, user_id: id(person) };
    return [
      { values: { ...values, kind: 'template_limit', template_id: TEMPLATES.enabled } },
      { values: { ...values, kind: 'organization_quota' }, tag: 'quota' },
    ];
  }),
  limit_overrides: [
    ...members.map((person) => ({
      values: {
        organization_id: PEOPLE[person].home === 'A' ? A : B,
        user_id: id(person),
        kind: 'template_limit',
        template_id: TEMPLATES.enabled,
      },
    })),
    { values: { organization_id: A, kind: 'organization_quota' }, tag: 'quota' },
    { values: { organization_id: B, kind: 'organization_quota' }, tag: 'quota' },
  ],
  denial_traces: USE,
  api_latencies: [{ values: { class: 'api', buckets: '{1}' } }],
  budget_amounts: [
    { values: { budget_id: BUDGETS.A, since: '2020-01-01Z' }, organization: 'A' },
    { values: { budget_id: BUDGETS.B, since: '2020-01-01Z' }, organization: 'B' },
    { values: { budget_id: BUDGETS.platform, since: '2020-01-01Z' } },
  ],
  invitations: (['A', 'B'] as const).flatMap((home) =>
    ['owner', 'member'].flatMap((role) =>
      (['memberA', 'adminA', 'ownerA', 'adminB'] as const).map((person) => ({
        values: { organization_id: ORGANIZATIONS[home], role, inviter_id: id(person) },
        tag: `${role} by-${person}`,
      })),
    ),
  ),
  organization_domains: [
    { values: { organization_id: A } },
    { values: { organization_id: A, verified_at: '2026-01-01Z' }, tag: 'verified' },
    { values: { organization_id: B } },
  ],
  credit_grants: [{ values: { organization_id: A } }, { values: { organization_id: B } }],
  credit_use: [
    { values: { organization_id: A, user_id: id('memberA') } },
    { values: { organization_id: B, user_id: id('memberB') } },
  ],
  audit_chains: [
    { values: { chain: A, sequence: 0, hash: '' }, organization: 'A' },
    { values: { chain: B, sequence: 0, hash: '' }, organization: 'B' },
    { values: { chain: 'platform', sequence: 0, hash: '' } },
  ],
  audit_logs: [
    ...(['A', 'B'] as const).flatMap((home) =>
      people.map((person) => ({ values: { organization_id: ORGANIZATIONS[home], actor_id: id(person) } })),
    ),
    { values: { organization_id: A, actor_id: id('ownerA'), impersonator_id: id('superadmin') }, tag: 'impersonated' },
    { values: { organization_id: A, actor_type: 'system' }, tag: 'system' },
    { values: { actor_id: id('platformAdmin') } },
    { values: { actor_id: id('superadmin') } },
    { values: { actor_id: id('memberA') } },
  ],
  notifications: [
    ...(['A', 'B'] as const).flatMap((home) =>
      (['memberA', 'dual', 'adminA', 'ownerA', 'memberB', 'adminB'] as const).map((person) => ({
        values: { organization_id: ORGANIZATIONS[home], user_id: id(person) },
      })),
    ),
    ...(['memberA', 'adminA', 'memberB', 'platformAdmin'] as const).map((person) => ({
      values: { user_id: id(person) },
    })),
  ],
  usage_events: USE,
  usage_hourly: USE,
  usage_daily: USE,
  usage_activity: [
    { values: { organization_id: A, month: '2026-01-01' } },
    { values: { organization_id: B, month: '2026-01-01' } },
  ],
  usage_roll_up: [{ values: { id: true } }],
};
