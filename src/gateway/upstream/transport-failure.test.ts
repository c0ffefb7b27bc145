// Owns: the table of error codes and their classes.

import { describe, expect, test } from 'vitest';
import { classifyError, type TransportFaultKind } from './transport-failure.ts';

const error = (code: string): Error => Object.assign(new Error('secret detail sk-123'), { code });

describe('classes of failure', () => {
  test.each<[string, { started: boolean; answered: boolean }, TransportFaultKind, string]>([
    ['ECONNREFUSED', { started: false, answered: false }, 'refused', 'provider_error'],
    ['ENOTFOUND', { started: false, answered: false }, 'dns', 'provider_error'],
    ['EAI_AGAIN', { started: false, answered: false }, 'dns', 'provider_error'],
    ['CERT_HAS_EXPIRED', { started: false, answered: false }, 'tls', 'provider_error'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', { started: false, answered: false }, 'tls', 'provider_error'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', { started: false, answered: false }, 'tls', 'provider_error'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', { started: false, answered: false }, 'tls', 'provider_error'],
    ['UND_ERR_CONNECT_TIMEOUT', { started: false, answered: false }, 'connect_timeout', 'provider_timeout'],
    ['ECONNRESET', { started: true, answered: false }, 'reset_before_first_byte', 'provider_error'],
    ['UND_ERR_SOCKET', { started: true, answered: true }, 'reset_after_first_byte', 'provider_error'],
    ['EPIPE', { started: true, answered: false }, 'reset_before_first_byte', 'provider_error'],
    [
      'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
      { started: true, answered: true },
      'reset_after_first_byte',
      'provider_error',
    ],
    ['UND_ERR_HEADERS_OVERFLOW', { started: true, answered: false }, 'malformed', 'provider_error'],
    ['UND_ERR_DESTROYED', { started: false, answered: false }, 'closed', 'no_healthy_provider'],
  ])('%s', (code, where, kind, weirCode) => {
    expect(classifyError(error(code), where)).toMatchObject({ kind, code: weirCode, detail: code, callerFault: false });
  });

  test('when several addresses were tried, the first one tells', () => {
    const all = new AggregateError([error('ECONNREFUSED'), error('ENETUNREACH')]);
    expect(classifyError(all, { started: false, answered: false }).kind).toBe('refused');
  });

  test('text from outside never gets into a failure', () => {
    for (const thrown of [error('ECONNRESET'), new Error('sk-123'), 'sk-123', null]) {
      expect(JSON.stringify(classifyError(thrown, { started: true, answered: false }))).not.toContain('sk-123');
    }
  });
});
