// Owns: the settings of the platform that change while it runs: the one schema of `weir.system_config`. Not: settings of the environment (docs/configuration.md).

import { z } from 'zod';

/** Every setting: its default, and what it does when it differs. The gateway takes only the very value that turns a switch. */
export const SYSTEM_CONFIG = {
  system_templates_enabled: { default: true, description: 'Off: no system template answers.' },
  premium_enabled: { default: true, description: 'Off: premium models are closed to everybody. The launch flag.' },
  purchases_enabled: { default: true, description: 'Off: nothing can be bought.' },
  force_default_model: { default: false, description: 'On: every call is answered by the default model.' },
  charging_enabled: { default: true, description: 'Off: use is recorded, no credits or money are taken.' },
  gateway_read_only: { default: false, description: 'On: no call is sent to a provider.' },
} as const;

/** Name of a setting. */
export type SystemConfigKey = keyof typeof SYSTEM_CONFIG;
export const systemConfigKeys = z.enum(Object.keys(SYSTEM_CONFIG) as [SystemConfigKey, ...SystemConfigKey[]]);

const change = z.boolean().nullable().optional();

/** A change of settings: what is left out stays, null is the default. */
export const systemConfigChange = z.strictObject({
  system_templates_enabled: change,
  premium_enabled: change,
  purchases_enabled: change,
  force_default_model: change,
  charging_enabled: change,
  gateway_read_only: change,
} satisfies Record<SystemConfigKey, z.ZodType>);
