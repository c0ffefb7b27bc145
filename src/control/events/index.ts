// Owns: the face of the events domain: what other domains and the server may use. Not: how any of it is done.

export { createEvents, type Events } from './event.service.ts';
export { eventStreamRoutes } from './event-stream.routes.ts';
export { createEventStream, placeOf } from './event-stream.service.ts';
