// Owns: the face of the catalog domain: what the server and later domains may use of it. Not: anything behind it.

export { createModelAdministration } from './create-models.ts';
export { createTemplates } from './create-templates.ts';
export { personaRoutes } from './persona.routes.ts';
export { createPersonaService } from './persona.service.ts';
export { findPrice, findPricesInForce, listPriceHistory, type ModelPrice } from './price.queries.ts';
export type { PriceLibrary } from './price-import.rules.ts';
export { providerKeyRoutes } from './provider-key.routes.ts';
export type { ProbeOutcome } from './provider-key.rules.ts';
export { createProviderKeyService, type ProbeProvider } from './provider-key.service.ts';
export type { CheckOutboundUrl } from './template-key.ts';
export { fitsOrganization } from './template-list.queries.ts';
