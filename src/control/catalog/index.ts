// Owns: the face of the catalog domain: what the server and later domains may use of it. Not: anything behind it.

export { createModelAdministration } from './models/create-models.ts';
export { findPrice, findPricesInForce, listPriceHistory, type ModelPrice } from './models/price.queries.ts';
export type { PriceLibrary } from './models/price-import.rules.ts';
export { personaRoutes } from './persona.routes.ts';
export { createPersonaService } from './persona.service.ts';
export { providerKeyRoutes } from './provider-key.routes.ts';
export type { ProbeOutcome } from './provider-key.rules.ts';
export { createProviderKeyService, type ProbeProvider } from './provider-key.service.ts';
export { createTemplates } from './templates/create-templates.ts';
export type { CheckOutboundUrl } from './templates/template-key.ts';
export { fitsOrganization } from './templates/template-list.queries.ts';
