// Owns: the one table of what may import what, as `docs/decisions/0002-one-table-of-imports.md` describes it.
// Does not own: turning rows into rules (import-rules.ts) or checking them (check-imports.ts).

/** One folder and the folders it may import from, besides itself. */
export interface ImportRow {
  /** Name used in other rows and in messages. */
  readonly name: string;
  /** Folder, from the root. */
  readonly folder: string;
  readonly mayImport: readonly string[];
  /** npm packages in product files; `none` where the folder must stay free of them. Tests beside the code may. */
  readonly packages?: 'none';
  /** Node's own modules in product files; `none` where the folder must run anywhere. */
  readonly node?: 'none';
}

/** Domains of the control plane in their order: a later one may use the face of an earlier one, never the reverse. */
const controlDomains = [
  'audit',
  'events',
  'identity',
  'platform',
  'catalog',
  'entitlements',
  'quotas',
  'credits',
  'budgets',
  'prompts',
  'experiments',
  'chat',
  'analytics',
  'billing',
  'notifications',
  'snapshot',
] as const;

/** What every domain of the control plane may import besides the faces of earlier domains. */
const belowControl = ['ledger-core', 'ledger-store', 'database', 'contracts', 'primitives'] as const;

/** The face of a domain: its only file that others may import. */
const controlFace = (domain: string): string => `control-${domain}-face`;

const controlRows: readonly ImportRow[] = controlDomains.map((domain, place) => ({
  name: `control-${domain}`,
  folder: `src/control/${domain}`,
  mayImport: [...belowControl, ...controlDomains.slice(0, place).map(controlFace)],
}));

export const importTable: readonly ImportRow[] = [
  { name: 'primitives', folder: 'src/primitives', mayImport: [] },
  { name: 'contracts', folder: 'src/contracts', mayImport: ['primitives'], node: 'none' },
  { name: 'ledger-core', folder: 'src/ledger/core', mayImport: ['primitives'], packages: 'none', node: 'none' },
  { name: 'database', folder: 'src/database', mayImport: ['primitives', 'contract-enumerations'] },
  { name: 'network', folder: 'src/network', mayImport: ['primitives'] },
  { name: 'mail', folder: 'src/mail', mayImport: ['database', 'primitives'] },
  { name: 'ledger-store', folder: 'src/ledger/store', mayImport: ['ledger-core', 'database', 'primitives'] },
  { name: 'providers', folder: 'src/providers', mayImport: ['contracts', 'primitives'] },
  {
    name: 'gateway',
    folder: 'src/gateway',
    mayImport: ['providers', 'ledger-core', 'ledger-store', 'database', 'contracts', 'primitives'],
  },
  ...controlRows,
  { name: 'jobs', folder: 'src/jobs', mayImport: [...belowControl, ...controlDomains.map(controlFace)] },
  {
    name: 'server',
    folder: 'src/server',
    mayImport: [
      ...belowControl,
      'providers',
      'gateway',
      'network',
      'mail',
      'jobs',
      ...controlDomains.map((domain) => `control-${domain}`),
    ],
  },
  { name: 'sdk', folder: 'sdk', mayImport: ['contracts', 'primitives'], node: 'none' },
  { name: 'portal', folder: 'portal', mayImport: ['contracts', 'primitives', 'sdk'], node: 'none' },
];

/** Single files of a folder that a row may name where it may not have the whole folder. */
export const importableParts: Readonly<Record<string, string>> = {
  'contract-enumerations': '^src/contracts/enumerations(/|\\.|-)',
  ...Object.fromEntries(controlDomains.map((domain) => [controlFace(domain), `^src/control/${domain}/index\\.ts$`])),
};

/** Folders that may import anything and that no row may import. */
export const outerFolders = ['bench', 'tests', 'scripts', 'deploy', 'docs', 'examples'] as const;

/** Folders at any depth that hold what only tests use; product code never imports them. */
export const testSupportFolders = ['testing', 'conformance', 'simulator'] as const;

/**
 * Folders besides routes and the server that may start a Fastify server: what stands in for the server in tests brings up the same routes on a real
 * socket. A test itself asks such a stand-in; a conformance suite or a simulator has no business with HTTP.
 */
export const fastifyTestFolders = ['testing'] as const;
