// Owns: what leads out of the server besides calls to vendors: mail, delivered in rounds, and requests to what tenants name. Not: either itself (src/mail,
// src/network).

import type { Database } from '../../database/pool.ts';
import { createMail, type Mail } from '../../mail/create-mail.ts';
import { createSmtpTransport } from '../../mail/mail-transport.ts';
import { createNetwork, type Network } from '../../network/create-network.ts';
import type { Random } from '../../primitives/random.ts';
import type { Log } from '../logging/log.ts';
import { createRounds } from '../rounds/rounds.ts';
import type { Config } from '../settings/config.ts';

/** The ways out. */
export interface Outside {
  readonly mail: Mail;
  readonly network: Network;
  start(): void;
  /** Waits for the deliveries under way, then closes the connections. */
  stop(): Promise<void>;
}

/** Between looks for mail that was written within somebody's transaction, or by another replica. */
const DELIVERY_INTERVAL_MS = 2_000;
/** Mails at once; a round goes on while there are more. */
const DELIVERY_BATCH = 20;
const REMOVAL_INTERVAL_MS = 3_600_000;
const REMOVAL_BATCH = 5_000;

/** Builds them; nothing is sent before `start`. */
export function composeOutside(options: {
  readonly config: Pick<Config, 'mail' | 'outboundAllow' | 'dnsServers'>;
  /** A pool as `weir_service`. */
  readonly database: Database;
  readonly random: Random;
  readonly log: Log;
}): Outside {
  const { config, database, random, log } = options;
  const transport = config.mail === null ? null : createSmtpTransport(config.mail);
  const mail = createMail({ database, transport, random, log, onSend: () => void delivery.runNow() });
  let isStopping = false;
  const delivery = createRounds({
    name: 'deliver mail',
    intervalMs: DELIVERY_INTERVAL_MS,
    log,
    round: async () => {
      let isMore = true;
      while (isMore && !isStopping) isMore = (await mail.deliverDue(DELIVERY_BATCH)) === DELIVERY_BATCH;
    },
  });
  const removal = createRounds({
    name: 'remove old mail',
    intervalMs: REMOVAL_INTERVAL_MS,
    log,
    round: async () => void (await mail.removeOld(REMOVAL_BATCH)),
  });
  return {
    mail,
    network: createNetwork(config),
    start() {
      delivery.start();
      removal.start();
    },
    async stop() {
      isStopping = true;
      await Promise.all([delivery.stop(), removal.stop()]);
      transport?.close();
    },
  };
}
