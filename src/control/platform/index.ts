// Owns: the face of platform administration: what the server may use of it. Not: anything behind it.

export { createPlatform } from './create-platform.ts';
export { asSuperadmin } from './superadmin-door.ts';
export type { HealthSource } from './system-health.service.ts';
