// Owns: the face of the analytics domain: what the server and the jobs may use. Not: how any of it is done.

export { type Analytics, createAnalytics } from './create-analytics.ts';
