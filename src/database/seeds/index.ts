// Owns: the face of the seeds. Not: what they hold.

export type { DemoUserName } from './demo/demo-people.ts';
export type { DemoWorld } from './demo/demo-world.ts';
export { seedDemo } from './demo/seed-demo.ts';
export { hashPassword } from './password-hash.ts';
export { seedReference } from './reference/seed-reference.ts';
export { scenarios } from './scenarios.ts';
export { seedLoad } from './seed-load.ts';
