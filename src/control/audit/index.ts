// Owns: the face of the audit domain: what other domains and the server may use. Not: how any of it is done.

export { type Audit, type AuditAct, type AuditActor, createAudit } from './audit.service.ts';
