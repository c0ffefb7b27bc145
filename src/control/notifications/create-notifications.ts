// Owns: putting the parts of notifications and alerts together. Not: any of them.

import type { Route } from '../../contracts/route.ts';
import type { Database } from '../../database/pool.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import type { Events } from '../events/index.ts';
import { alertRoutes } from './alert.routes.ts';
import { createAlertService } from './alert.service.ts';
import { type AlertEvaluator, type AlertSources, createAlertEvaluator } from './alert-evaluation.service.ts';
import { createAlertRuleService } from './alert-rule.service.ts';
import { createDispatcher, type Dispatcher } from './dispatch.service.ts';
import { notificationRoutes } from './notification.routes.ts';
import { createNotificationService, type NotificationService } from './notification.service.ts';
import { createNotificationStream, type NotificationStream } from './notification-stream.ts';

/** The domain, for the server and its jobs. */
export interface Notifications {
  readonly routes: readonly Route[];
  readonly dispatcher: Dispatcher;
  readonly stream: Pick<NotificationStream, 'stop'>;
  /** Removes notifications past their time, up to so many; gives how many. */
  readonly removeOld: NotificationService['removeOld'];
  /** The same of product events that have had their reaction. */
  readonly removeOldEvents: Dispatcher['removeOldEvents'];
  /** Evaluates the rules over what is measured elsewhere. */
  evaluator(sources: AlertSources): AlertEvaluator;
}

/** Builds it. */
export function createNotifications(options: {
  /** A pool as `weir_service`. */
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  readonly clock: Clock;
  readonly random: Random;
  readonly onFault: (error: unknown) => void;
}): Notifications {
  const notifications = createNotificationService(options);
  const stream = createNotificationStream(options);
  const alerts = createAlertService(options);
  const alertRules = createAlertRuleService(options);
  const dispatcher = createDispatcher(options);
  return {
    routes: [...notificationRoutes({ notifications, stream }), ...alertRoutes({ alerts, alertRules })],
    dispatcher,
    stream,
    removeOld: notifications.removeOld,
    removeOldEvents: dispatcher.removeOldEvents,
    evaluator: (sources) => createAlertEvaluator({ ...options, sources }),
  };
}
