// Owns: the face of identity: what the server and later domains may use of it. Not: anything behind it.

export { apiTokenRoutes } from './api-token.routes.ts';
export { createApiTokenService, createTokenVisitors, type FindTokenVisitor } from './api-token.service.ts';
export { createAuth } from './create-auth.ts';
export { createPeople, type People } from './create-people.ts';
export { meRoutes } from './me.routes.ts';
export { createMeService } from './me.service.ts';
export { organizationRoutes } from './organization.routes.ts';
export { createOrganizationService } from './organization.service.ts';
export { createRetentionService, type RetentionService } from './retention.service.ts';
export { createSessionService, type SessionService } from './session.service.ts';
export { sessionCookieName, signSessionToken } from './session-cookie.ts';
export { virtualKeyRoutes } from './virtual-key.routes.ts';
export { createVirtualKeyService } from './virtual-key.service.ts';
export type { Visitor } from './visitor.ts';
