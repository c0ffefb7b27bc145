/**
 * Owns: what a sealed secret is bound to. Does not own: the encryption (`secret-box.ts`). A context is never stored: it is made
 * again from the row's other columns, so a ciphertext copied to another row, organization or origin does not open there.
 */

/**
 * The context of a provider credential: whose it is, for which provider, and for which origin it was entered (`admission.md`
 * section 5: changing a base URL demands the secret again). `organizationId` is null for the platform's own.
 */
export function providerCredentialContext(credential: {
  providerId: string;
  organizationId: string | null;
  /** Scheme, host and port, as `originOf` gives them. */
  origin: string;
}): string {
  return [
    'provider-credential',
    credential.providerId,
    credential.organizationId ?? 'platform',
    credential.origin,
  ].join('\0');
}

/** The context of the secret of a template's own endpoint. `organizationId` is null for a system template. */
export function templateEndpointContext(secret: {
  templateId: string;
  organizationId: string | null;
  /** Scheme, host and port, as `originOf` gives them. */
  origin: string;
}): string {
  return ['template-endpoint', secret.templateId, secret.organizationId ?? 'platform', secret.origin].join('\0');
}

/** The context of a stored answer to an idempotent request. */
export function idempotencyContext(requestId: string): string {
  return ['idempotency', requestId].join('\0');
}

/** The context of the gateway's kept answer to a call. Keys are printable: none holds the zero character that parts the fields. */
export function gatewayAnswerContext(answer: {
  keyId: string;
  idempotencyKey: string;
  /** In hex, as in the next. */
  requestHash: string;
  requestId: string;
}): string {
  return idempotencyContext([answer.keyId, answer.idempotencyKey, answer.requestHash, answer.requestId].join('\0'));
}

/** The context of the product API's kept answer to a write. */
export function writeAnswerContext(answer: { scope: string; key: string; requestHash: string }): string {
  return ['request-idempotency', answer.scope, answer.key, answer.requestHash].join('\0');
}

/** The origin that a base URL leads to over HTTP: `https://api.openai.com/v1` gives `https://api.openai.com`. Null when it leads nowhere. */
export function originOf(baseUrl: string): string | null {
  const url = URL.parse(baseUrl);
  return url !== null && /^https?:$/.test(url.protocol) ? url.origin : null;
}
