// Owns: the acts on an organization's domains: claim, prove, change, give up. Not: where a proof is looked for (src/network) or who joins by a domain
// (domain-auto-join.ts).

import type { MemberCaller } from '../../../contracts/caller.ts';
import type { DomainVerificationMethod } from '../../../contracts/enumerations.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../contracts/paging.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../../database/principal.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import type { Random } from '../../../primitives/random.ts';
import type { Audit } from '../../audit/index.ts';
import { lockOrganization } from '../organization.queries.ts';
import {
  countDomains,
  endDomain,
  findDomain,
  insertDomain,
  isVerifiedElsewhere,
  listDomains,
  type OrganizationDomain,
  updateDomain,
  updateDomainChecked,
  updateDomainVerified,
} from './domain.queries.ts';
import {
  auditedDomain,
  checkClaimable,
  domainPlace,
  explainDomains,
  notProven,
  verifiedElsewhere,
} from './domain.rules.ts';

/** What claims need of the way out. */
export interface DomainProofs {
  findProof(request: {
    readonly domain: string;
    readonly token: string;
    readonly method: DomainVerificationMethod;
  }): Promise<{ readonly found: true } | { readonly found: false; readonly reason: string; readonly message: string }>;
  proofInstructions(claim: { readonly domain: string; readonly token: string }): {
    readonly dnsName: string;
    readonly fileUrl: string;
    readonly value: string;
  };
}

/** The acts. A domain that is not there is 404 `not_found`. */
export interface DomainService {
  /** By name. */
  list(caller: MemberCaller, page: PageRequest): Promise<Page<OrganizationDomain>>;
  /** 400 for one that gives addresses to everybody, 409 when it is claimed already or another organization's. */
  create(
    caller: MemberCaller,
    claim: { readonly domain: string; readonly method: DomainVerificationMethod },
  ): Promise<OrganizationDomain>;
  /** Looks for the proof. 409 with what is missing, or when another organization was first; 429 within seconds of the last look. */
  verify(caller: MemberCaller, id: string): Promise<OrganizationDomain>;
  /** 409 for joining by a domain that is not verified. */
  update(
    caller: MemberCaller,
    id: string,
    change: { readonly method?: DomainVerificationMethod | undefined; readonly autoJoin?: boolean | undefined },
  ): Promise<OrganizationDomain>;
  remove(caller: MemberCaller, id: string): Promise<void>;
}

const TOKEN_BYTES = 24;
/** Domains of one organization. */
const DOMAINS_MAX = 100;
/** Between two looks for one proof: each asks somebody else's servers. */
const LOOK_PAUSE_SECONDS = 3;

/** What the acts are made of. */
interface DomainOptions {
  readonly database: Database;
  readonly audit: Audit;
  readonly proofs: DomainProofs;
  readonly clock: Clock;
  readonly random: Random;
}

/** Over the given database. */
export function createDomainService(options: DomainOptions): DomainService {
  const { database, audit, clock, random } = options;
  return {
    async list(caller, { limit, cursor }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, domainPlace);
      const rows = await withPrincipal(database, caller, (tx) =>
        listDomains(tx, caller.organizationId, { limit: limit + 1, after }),
      );
      return toPage(rows, limit, ({ domain, id }) => [domain, id]);
    },

    async create(caller, { domain, method }) {
      checkClaimable(domain);
      const { organizationId } = caller;
      const isTaken = await withPlatform(database, 'see whether a domain is taken', (tx) =>
        isVerifiedElsewhere(tx, { domain, organizationId }),
      );
      if (isTaken) throw verifiedElsewhere();
      const id = createUuidV7(clock.nowMs(), random);
      const verificationToken = Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url');
      return explainDomains(() =>
        withPrincipal(database, caller, async (tx) => {
          await lockOrganization(tx, organizationId);
          if ((await countDomains(tx, organizationId)) >= DOMAINS_MAX)
            throw new WeirError('conflict', { message: `An organization has ${DOMAINS_MAX} domains at most.` });
          await insertDomain(tx, { id, organizationId, domain, method, verificationToken });
          const made = await getDomain(tx, caller, id);
          await audit.record(tx, caller, {
            ...{ action: 'domain.create', targetType: 'domain', targetId: id },
            after: auditedDomain(made),
          });
          return made;
        }),
      );
    },

    verify: (caller, id) => verify(options, caller, id),

    update: (caller, id, change) =>
      explainDomains(() =>
        withPrincipal(database, caller, async (tx) => {
          const before = await getDomain(tx, caller, id);
          await updateDomain(tx, { organizationId: caller.organizationId, id }, change);
          const after = await getDomain(tx, caller, id);
          await audit.record(tx, caller, {
            ...{ action: 'domain.update', targetType: 'domain', targetId: id },
            ...{ before: auditedDomain(before), after: auditedDomain(after) },
          });
          return after;
        }),
      ),

    remove: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const before = await getDomain(tx, caller, id);
        if (!(await endDomain(tx, { organizationId: caller.organizationId, id }))) throw new WeirError('not_found');
        await audit.record(tx, caller, {
          ...{ action: 'domain.remove', targetType: 'domain', targetId: id },
          before: auditedDomain(before),
        });
      }),
  };
}

/** The look at the proof waits for the world, so it is between two transactions. */
async function verify(options: DomainOptions, caller: MemberCaller, id: string): Promise<OrganizationDomain> {
  const { database, audit, proofs } = options;
  const key = { organizationId: caller.organizationId, id };
  const claim = await withPrincipal(database, caller, (tx) => getDomain(tx, caller, id));
  if (claim.verifiedAt !== null) return claim;
  const mayLook = await withPlatform(database, 'note a look for the proof of a domain', (tx) =>
    updateDomainChecked(tx, key, LOOK_PAUSE_SECONDS),
  );
  if (!mayLook)
    throw new WeirError('rate_limited', {
      message: 'The proof was looked for a moment ago.',
      retryAfterSeconds: LOOK_PAUSE_SECONDS,
    });
  const { domain, method, verificationToken: token } = claim;
  const outcome = await proofs.findProof({ domain, token, method });
  if (!outcome.found) throw notProven(outcome.reason, outcome.message);
  return explainDomains(() =>
    withPlatform(database, 'mark a domain as verified', async (tx) => {
      if (!(await updateDomainVerified(tx, key))) throw new WeirError('not_found');
      const after = await getDomain(tx, caller, id);
      await audit.record(tx, caller, {
        ...{ action: 'domain.verify', targetType: 'domain', targetId: id },
        ...{ before: auditedDomain(claim), after: auditedDomain(after) },
      });
      return after;
    }),
  );
}

async function getDomain(tx: DatabaseTransaction, caller: MemberCaller, id: string): Promise<OrganizationDomain> {
  const domain = await findDomain(tx, { organizationId: caller.organizationId, id });
  if (domain === undefined) throw new WeirError('not_found');
  return domain;
}
