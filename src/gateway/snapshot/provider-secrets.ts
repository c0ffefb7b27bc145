// Owns: opening the sealed secrets of providers as facts are loaded. Not: which secret a call goes out with (provider-facts.ts, provider-choice.ts).

import type { DatabaseLog } from '../../database/log.ts';
import type { SecretBox } from '../../database/secrets/secret-box.ts';
import { providerCredentialContext } from '../../database/secrets/secret-context.ts';
import type { CredentialRow } from './fact-rows.ts';
import type { BoundSecret } from './facts.ts';
import { withHidden } from './secret-facts.ts';

/** Opens one sealed secret; null when it does not open. */
export type OpenCredential = (row: CredentialRow, organizationId: string | null) => BoundSecret | null;

/**
 * A secret that does not open (moved between rows, sealed under a lost key) is passed over and logged by its id: one damaged row must not
 * stop every call of the platform. A wrong master key as a whole is refused at the start (`create-snapshot.ts`).
 */
export function createCredentialOpener(secrets: SecretBox, log: DatabaseLog): OpenCredential {
  return (row, organizationId) => {
    const sealed = { ciphertext: Buffer.from(row.ciphertext, 'base64'), keyId: row.key_id };
    try {
      const context = providerCredentialContext({ providerId: row.provider_id, organizationId, origin: row.origin });
      return withHidden({ origin: row.origin }, 'secret', secrets.open(sealed, context).toString('utf8'));
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      log.error(
        { credentialId: row.id, providerId: row.provider_id, organizationId, reason },
        'a provider secret does not open',
      );
      return null;
    }
  };
}
