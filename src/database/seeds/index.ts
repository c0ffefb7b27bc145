// Owns: the face of the seeds. Not: what they hold.

export type { DemoUserName } from './demo/demo-people.ts';
export type { DemoWorld } from './demo/demo-world.ts';
export { type SeedDemoOptions, seedDemo } from './demo/seed-demo.ts';
export { hashPassword } from './password-hash.ts';
export { type SeedReferenceOptions, seedReference } from './reference/seed-reference.ts';
export { type Scenario, type ScenarioOptions, scenarios } from './scenarios.ts';
export type { SeedClient } from './seed-client.ts';
export { type LoadOrganization, type SeedLoadOptions, seedLoad } from './seed-load.ts';
