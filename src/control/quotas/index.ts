// Owns: the face of the quotas domain: what the server and jobs may use. Not: anything behind it.

export { createQuotas } from './create-quotas.ts';
export { createDenialUpkeep } from './denial.service.ts';
