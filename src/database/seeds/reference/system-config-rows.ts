// Owns: the kill switches and their first values. Not: what reads them.

/** Rows of system_config; all as a running platform wants them. */
export const systemConfigRows = [
  { key: 'system_templates_enabled', value: 'true', description: 'Off: nobody may call a system template.' },
  { key: 'premium_enabled', value: 'true', description: 'Off: premium models answer to nobody. Also the launch flag.' },
  { key: 'purchases_enabled', value: 'true', description: 'Off: nothing can be bought.' },
  {
    key: 'force_default_model',
    value: 'false',
    description: 'On: every call is answered by the system default model.',
  },
  { key: 'charging_enabled', value: 'true', description: 'Off: use is recorded, no credits or money are taken.' },
  {
    key: 'gateway_read_only',
    value: 'false',
    description: 'On: the gateway refuses every call that would change something.',
  },
] as const;
