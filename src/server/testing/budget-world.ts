// Owns: an organization with people and use of its own for tests of budgets, over a running server. Not: what tests ask of it.

import { expect } from 'vitest';
import { addKey } from '../../gateway/testing/tenants.ts';
import { meterKeys } from '../../ledger/core/meter-keys.ts';
import { systemClock } from '../../primitives/clock.ts';
import { type ApiPerson, addApiMember, createApiPerson } from './api-person.ts';
import { rollUpUsage } from './roll-up.ts';
import { startTestServer, type TestServer } from './running-server.ts';

/** A finished call that no budget counted. */
interface Use {
  readonly usd: number;
  /** Left out: now. */
  readonly atMs?: number;
  readonly feature?: string;
  /** Left out: the member; null: nobody. */
  readonly userId?: string | null;
  /** With it, the call is nobody's but the key's. */
  readonly keyId?: string;
  /** It was made elsewhere and told of. */
  readonly isRecorded?: boolean;
}

type MadeBudget = Record<string, unknown> & { readonly id: string };

/** The people and the acts that tests repeat. */
export interface BudgetWorld {
  readonly server: TestServer;
  readonly organizationId: string;
  readonly departmentId: string;
  readonly admin: ApiPerson;
  readonly member: ApiPerson;
  /** Owner of another organization. */
  readonly stranger: ApiPerson;
  readonly root: ApiPerson;
  addUse(...uses: readonly Use[]): Promise<void>;
  /** Puts what was used into its sums. */
  rollUp(): Promise<void>;
  /** A budget of the organization by the month unless said otherwise. */
  make(body: Record<string, unknown>): Promise<MadeBudget>;
  remove(id: string): ReturnType<ApiPerson['request']>;
  /** The budget's line of the status. */
  standingOf(id: string): Promise<Record<string, unknown>>;
  /** Sets what the gateway would have counted in the running window. */
  count(id: string, period: 'daily' | 'monthly', usd: number): Promise<void>;
  newKey(): Promise<{ readonly keyId: string; readonly key: string }>;
}

/** Nano-USD of a dollar, for sums that fit a number. */
const USD = 1_000_000_000;

/** Starts it; close the server in `afterAll`. */
export async function createBudgetWorld(): Promise<BudgetWorld> {
  const server = await startTestServer();
  const [admin, member, stranger] = [
    await createApiPerson(server),
    await createApiPerson(server),
    await createApiPerson(server),
  ];
  const root = await createApiPerson(server, { platformRole: 'superadmin' });
  const made = await admin.request('POST', '/api/organizations', { body: { name: 'Budgeted' } });
  const organizationId: string = made.body.data.id;
  await addApiMember(server, { organizationId, userId: member.userId, role: 'member' });
  await stranger.request('POST', '/api/organizations', { body: { name: 'Elsewhere' } });
  const department = await admin.request('POST', '/api/departments', { body: { name: 'Research' } });
  const departmentId: string = department.body.data.id;
  return {
    ...{ server, organizationId, departmentId, admin, member, stranger, root },
    async addUse(...uses) {
      for (const use of uses) await insertUse(server, { departmentId, organizationId, userId: member.userId, ...use });
    },
    rollUp: () => rollUpUsage(server),
    async make(body) {
      const answer = await admin.request('POST', '/api/budgets', {
        body: { name: 'A budget', scope: 'organization', period: 'monthly', ...body },
      });
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      return answer.body.data;
    },
    remove: (id) => admin.request('DELETE', `/api/budgets/${id}`),
    async standingOf(id) {
      const { body } = await admin.request('GET', '/api/budgets/status?limit=100');
      return body.data.find((each: { id: string }) => each.id === id);
    },
    async count(id, period, usd) {
      await server.owner.query(
        `insert into weir.counters (meter_key, window_start, window_end, organization_id, kind, unit, lock_rank, used)
         values ($1, weir.budget_window_start($2, now()), weir.budget_window_end($2, now()), $3, 'budget', 'nano_usd', 4, $4)
         on conflict (meter_key, window_start) do update set used = excluded.used`,
        [meterKeys.budget(id, period), period, organizationId, Math.round(usd * USD)],
      );
    },
    newKey: () => addKey(server.owner, organizationId),
  };
}

async function insertUse(
  server: TestServer,
  use: Use & { readonly organizationId: string; readonly departmentId: string },
): Promise<void> {
  const { atMs = systemClock.nowMs(), usd, feature = null, userId = null, keyId = null } = use;
  const route = use.isRecorded === true ? 'recorded' : '/v1/chat/completions';
  const [person, department] = keyId === null ? [userId, use.departmentId] : [null, null];
  await server.owner.query(
    `insert into weir.usage_events (id, occurred_at, booked_at, organization_id, user_id, department_id, virtual_key_id, feature, environment, model_id,
       provider, model_type, route, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, usage_source, cost_nano_usd,
       provider_cost_nano_usd, status, streamed, trial, retries, fallback_used, counter_ids, amounts)
     values (gen_random_uuid(), $1, now(), $2, $3, $4, $5, $6, 'production', 'sandbox-chat', 'sandbox', 'catalog', $8, 1, 1, 0, 0,
       0, 'provider', $7, $7, 'success', false, false, 0, false, '{}', '{}')`,
    [new Date(atMs), use.organizationId, person, department, keyId, feature, Math.round(usd * USD), route],
  );
}
