// Owns: the face of the seeds. Not: what they hold.

export { type SeedReferenceOptions, seedReference } from './reference/seed-reference.ts';
export type { SeedClient } from './seed-client.ts';
