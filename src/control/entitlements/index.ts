// Owns: the face of the entitlements domain: what the server and later domains may use of it. Not: anything behind it.

export { createEntitlements } from './create-entitlements.ts';
export { grantRoutes } from './grant.routes.ts';
export { createGrantService } from './grant.service.ts';
