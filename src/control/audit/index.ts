// Owns: the face of the audit domain: what other domains and the server may use. Not: how any of it is done.

export { auditRoutes } from './audit.routes.ts';
export { type Audit, createAudit } from './audit.service.ts';
export { listChains } from './audit-chain.queries.ts';
export { verifyChain } from './audit-chain.service.ts';
export { createAuditLogService } from './audit-log.service.ts';
