// Proves: a trial template works for its days from the person's first use, and is refused by name after them.

import { expect, test } from 'vitest';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { addTemplate, createTenant, enableTemplate } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();

test.each([
  { days: 6, status: 200 },
  { days: 7, status: 403 },
])('$days days after the first use a seven-day trial answers $status', async ({ days, status }) => {
  const { owner, url } = world();
  const slug = `trial-after-${days}`;
  const tenant = await createTenant(owner);
  const templateId = await addTemplate(owner, { slug, is_trial: true, trial_expires_days: 7 });
  await enableTemplate(owner, tenant.organizationId, { templateId });
  await world().inForce();
  const ask = () =>
    exchange(`${url}/v1/chat/completions`, { key: tenant.key, body: { model: `template:${slug}`, ...says('hello') } });
  expect((await ask()).status).toBe(200);
  await owner.query(
    `update weir.counters set created_at = created_at - $1 * interval '1 day' where meter_key like $2`,
    [days, `template_trial:${templateId}:%`],
  );
  const later = await ask();
  expect(later.status).toBe(status);
  expect(later.json.weir?.code).toBe(status === 403 ? 'trial_exhausted' : undefined);
});
