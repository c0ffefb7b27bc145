// Owns: the face of credits: what jobs and the server may use. Not: how any of it is done.

export { type Credits, createCredits } from './create-credits.ts';
