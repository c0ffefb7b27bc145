// Owns: the face of the analytics domain: what the server and the jobs may use. Not: how any of it is done.

export { createAnalytics } from './create-analytics.ts';
export { createUsageRollUps, type UsageRollUps } from './roll-up.service.ts';
