// Owns: whether a persona or template that a new conversation is to be with is there for the caller. Not: whether its model may be used (the gateway decides).

import type { DatabaseTransaction } from '../../database/pool.ts';
import { WeirError } from '../../primitives/errors.ts';
import type { ChatAsk } from './chat.rules.ts';

/**
 * Checks by what row level security shows the caller.
 * @throws {WeirError} 404 `not_found` naming the field
 */
export async function checkPartner(
  tx: DatabaseTransaction,
  organizationId: string,
  { personaId, templateId }: Pick<ChatAsk, 'personaId' | 'templateId'>,
): Promise<void> {
  if (personaId !== null && !(await hasPersona(tx, organizationId, personaId))) throw unknown('personaId', 'persona');
  if (templateId !== null && !(await hasTemplate(tx, organizationId, templateId)))
    throw unknown('templateId', 'template');
}

async function hasPersona(tx: DatabaseTransaction, organizationId: string, id: string): Promise<boolean> {
  const found = await tx
    .selectFrom('personas')
    .select('id')
    .where('id', '=', id)
    .where('is_active', '=', true)
    .where((at) => at.or([at('organization_id', 'is', null), at('organization_id', '=', organizationId)]))
    .executeTakeFirst();
  return found !== undefined;
}

async function hasTemplate(tx: DatabaseTransaction, organizationId: string, id: number): Promise<boolean> {
  const found = await tx
    .selectFrom('templates')
    .select('id')
    .where('id', '=', BigInt(id))
    .where((at) => at.or([at('organization_id', 'is', null), at('organization_id', '=', organizationId)]))
    .executeTakeFirst();
  return found !== undefined;
}

function unknown(path: string, noun: string): WeirError {
  const message = `names no ${noun}`;
  return new WeirError('not_found', {
    message: `${path} ${message} of this organization.`,
    param: path,
    details: { errors: [{ path, message }] },
  });
}
