// Owns: the upstreams that Weir knows from the start. Not: their secrets (environment or portal).

import type { ProviderType } from '../../../contracts/enumerations.ts';

interface ProviderSeed {
  slug: string;
  name: string;
  type: ProviderType;
  base_url: string;
  config: Readonly<Record<string, string>>;
  docs_url: string | null;
}

/** Vendors. The base URL includes the version path; Google's is its OpenAI-compatible one. */
export const vendorRows: readonly ProviderSeed[] = [
  {
    slug: 'openai',
    name: 'OpenAI',
    type: 'openai',
    base_url: 'https://api.openai.com/v1',
    config: {},
    docs_url: 'https://platform.openai.com/docs',
  },
  {
    slug: 'anthropic',
    name: 'Anthropic',
    type: 'anthropic',
    base_url: 'https://api.anthropic.com/v1',
    config: {},
    docs_url: 'https://docs.anthropic.com',
  },
  {
    slug: 'google',
    name: 'Google',
    type: 'google',
    base_url: 'https://generativelanguage.googleapis.com/v1beta/openai',
    config: {},
    docs_url: 'https://ai.google.dev/gemini-api/docs/openai',
  },
  {
    slug: 'together',
    name: 'Together AI',
    type: 'together',
    base_url: 'https://api.together.xyz/v1',
    config: {},
    docs_url: 'https://docs.together.ai',
  },
];

/** The sandbox, once a protocol. Where it listens is known only at run time, so the base URL names no host of the network. */
export const sandboxProviderRows: readonly ProviderSeed[] = [
  {
    slug: 'sandbox',
    name: 'Sandbox (no real model)',
    type: 'sandbox',
    base_url: 'sandbox://openai/v1',
    config: { protocol: 'openai' },
    docs_url: null,
  },
  {
    slug: 'sandbox-anthropic',
    name: 'Sandbox, Anthropic protocol (no real model)',
    type: 'sandbox',
    base_url: 'sandbox://anthropic/v1',
    config: { protocol: 'anthropic' },
    docs_url: null,
  },
];
