// Owns: the rows of the keys of templates' own endpoints. Not: sealing them (template-key.ts) or opening them (the gateway, through its one function).

import type { DatabaseTransaction } from '../../../database/pool.ts';
import type { Sealed } from '../../../database/secrets/secret-box.ts';

/** Puts a key in the place of a template's. */
export async function replaceTemplateKey(
  tx: DatabaseTransaction,
  key: {
    readonly templateId: number;
    readonly organizationId: string | null;
    readonly sealed: Sealed;
    readonly origin: string;
    readonly lastFour: string;
  },
): Promise<void> {
  // Not an upsert: nobody but the platform's role may read what is there, and that would.
  await endTemplateKey(tx, key.templateId);
  const { ciphertext, keyId } = key.sealed;
  await tx
    .insertInto('template_endpoint_secrets')
    .values({
      ...{ template_id: BigInt(key.templateId), organization_id: key.organizationId, origin: key.origin },
      ...{ ciphertext, key_id: keyId, last_four: key.lastFour },
    })
    .execute();
}

/** Erases a template's key. */
export async function endTemplateKey(tx: DatabaseTransaction, templateId: number): Promise<void> {
  await tx.deleteFrom('template_endpoint_secrets').where('template_id', '=', BigInt(templateId)).execute();
}
