// Proves: each request is timed in its class, and streams in none.

import { expect, test } from 'vitest';
import { ENDPOINTS } from '../../contracts/endpoints.ts';
import { latencyClassOf } from './latency-class.rules.ts';

const classOf = (operationId: string, body?: unknown) => {
  const endpoint = ENDPOINTS.find((each) => each.operationId === operationId);
  if (endpoint === undefined) throw new Error(`there is no ${operationId}`);
  return latencyClassOf(endpoint, body);
};

test.each([
  ['checkCredits', { action: 'check' }, 'credit_check'],
  ['checkCredits', { action: 'deduct' }, 'credit_deduct'],
  ['getCreditStats', undefined, 'credit_stats'],
  ['getMyUsage', undefined, 'dashboard'],
  ['getOrganizationUsage', undefined, 'dashboard'],
  ['listBudgetStatus', undefined, 'dashboard'],
  ['getAdminBudgetForecast', undefined, 'dashboard'],
  ['listBudgets', undefined, 'api'],
  ['recordUsage', {}, 'api'],
])('%s with %j is of class %s', (operationId, body, expected) => {
  expect(classOf(operationId, body)).toBe(expected);
});

test('what streams is not timed', () => {
  const streams = ENDPOINTS.filter(({ produces }) => produces === 'text/event-stream');
  expect(streams.length).toBeGreaterThan(0);
  expect(streams.map((endpoint) => latencyClassOf(endpoint, {})).filter((each) => each !== null)).toEqual([]);
});
