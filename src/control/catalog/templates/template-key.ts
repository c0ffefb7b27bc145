// Owns: checking where a template's own endpoint is, and sealing its key for there. Not: when a key is needed again (template-content.rules.ts), or the way out
// (src/network, handed in).

import type { Caller } from '../../../contracts/caller.ts';
import { invalidField } from '../../../contracts/problem.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import type { SecretBox } from '../../../database/secrets/secret-box.ts';
import { templateEndpointContext } from '../../../database/secrets/secret-context.ts';
import { WeirError } from '../../../primitives/errors.ts';
import type { Template } from './template.queries.ts';
import type { KeyPlan } from './template-content.rules.ts';
import { endTemplateKey, replaceTemplateKey } from './template-key.queries.ts';

/** Judges an address that a tenant names, by what it says and where it leads now. Messages may be shown. */
export type CheckOutboundUrl = (
  url: string,
) => Promise<{ readonly ok: true } | { readonly ok: false; readonly message: string }>;

/** 400 naming `endpoint_base_url` for an address that leads inside or nowhere. Asks DNS: no transaction is open meanwhile. */
export async function checkEndpoint(checkUrl: CheckOutboundUrl, baseUrl: string | null | undefined): Promise<void> {
  if (baseUrl === null || baseUrl === undefined) return;
  const outcome = await checkUrl(baseUrl);
  if (!outcome.ok) throw invalidField('endpoint_base_url', `is refused: ${outcome.message.replace(/\.$/, '')}`);
}

/** 403 for who acts as somebody else: neither a key nor where calls go is theirs to change. */
export function refuseImpersonated({ impersonatorId }: Caller, plan: KeyPlan, movesEndpoint: boolean): void {
  if (impersonatorId === null || (plan.act === 'keep' && !movesEndpoint)) return;
  throw new WeirError('forbidden', {
    message: 'The endpoint of a template cannot be changed while acting as somebody else.',
    param: 'endpoint_base_url',
  });
}

/** Does with a template's key what was planned. */
export async function carryOutKeyPlan(
  tx: DatabaseTransaction,
  { secrets, plan }: { readonly secrets: SecretBox; readonly plan: KeyPlan },
  { id, organizationId }: Pick<Template, 'id' | 'organizationId'>,
): Promise<void> {
  if (plan.act === 'erase') await endTemplateKey(tx, id);
  if (plan.act !== 'seal') return;
  const { origin, key } = plan;
  const sealed = secrets.seal(key, templateEndpointContext({ templateId: String(id), organizationId, origin }));
  await replaceTemplateKey(tx, { templateId: id, organizationId, sealed, origin, lastFour: key.slice(-4) });
}
