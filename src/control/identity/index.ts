// Owns: the face of identity: what the server and later domains may use of it. Not: anything behind it.

export { apiTokenRoutes } from './keys/api-token.routes.ts';
export { createApiTokenService, createTokenVisitors, type FindTokenVisitor } from './keys/api-token.service.ts';
export { virtualKeyRoutes } from './keys/virtual-key.routes.ts';
export { createVirtualKeyService } from './keys/virtual-key.service.ts';
export { meRoutes } from './me.routes.ts';
export { createMeService } from './me.service.ts';
export { createPeople, type People } from './members/create-people.ts';
export { organizationRoutes } from './organization.routes.ts';
export { createOrganizationService } from './organization.service.ts';
export { createRetentionService, type RetentionService } from './retention.service.ts';
export { createAuth } from './sign-in/create-auth.ts';
export { createSessionService, type SessionService } from './sign-in/session.service.ts';
export { sessionCookieName, signSessionToken } from './sign-in/session-cookie.ts';
export type { Visitor } from './visitor.ts';
