// Owns: whose secret a call goes out with: the organization's own where it has one for the provider, else the platform's. Not: reading secrets.

import { originOf } from '../../database/secrets/secret-context.ts';
import type { OrganizationFacts, ProviderFacts } from './facts.ts';
import { withHidden } from './secret-facts.ts';

/** The provider as one organization's calls reach it. */
export type ChooseProvider = (provider: ProviderFacts, organization: OrganizationFacts) => ProviderFacts;

/**
 * Gives the platform's provider, or with a secret of the organization's own (bring your own key) a provider that leads to the vendor itself
 * with that secret and without the platform's account headers. A secret entered for another origin than the vendor's present one is not
 * used. The same facts give the same object, so what is derived from a provider can be kept by it.
 */
export function createProviderChoice(): ChooseProvider {
  // Facts are immutable and replaced whole, so a choice lives as long as both facts that it was made from.
  const chosen = new WeakMap<OrganizationFacts, Map<ProviderFacts, ProviderFacts>>();
  return (provider, organization) => {
    const own = organization.providerSecrets.get(provider.id);
    if (own === undefined || provider.type === 'sandbox' || own.origin !== originOf(provider.vendorBaseUrl))
      return provider;
    let ofOrganization = chosen.get(organization);
    if (ofOrganization === undefined) {
      ofOrganization = new Map();
      chosen.set(organization, ofOrganization);
    }
    let choice = ofOrganization.get(provider);
    if (choice === undefined) {
      choice = withHidden(
        { ...provider, baseUrl: provider.vendorBaseUrl, servedBySandbox: false, headers: {} },
        'secret',
        own.secret,
      );
      ofOrganization.set(provider, choice);
    }
    return choice;
  };
}
