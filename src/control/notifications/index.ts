// Owns: the face of the notifications domain: what the server and jobs may use. Not: how any of it is done.

export type { AlertEvaluator } from './alert-evaluation.service.ts';
export { createNotifications, type Notifications } from './create-notifications.ts';
export type { Dispatcher } from './dispatch.service.ts';
