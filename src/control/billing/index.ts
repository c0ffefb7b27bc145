// Owns: the face of the billing domain: what the server may use. Not: how any of it is done.

export { purchaseRoutes } from './purchase.routes.ts';
export { createPurchaseService } from './purchase.service.ts';
