// Owns: what signing in reads and ends of the auth library's tables by itself, and which codes were used. Not: making sessions or accounts (the library).

import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../../../database/pool.ts';

/** A live session of a person. */
export interface LiveSession {
  readonly id: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Sessions listed at most, newest first. */
const SESSIONS_MAX = 200;

/** Without those of an impersonator, which are not the person's. */
export async function listLiveSessions(database: Database, userId: string): Promise<LiveSession[]> {
  const { rows } = await sql<LiveSession>`
    select id, ip_address as "ipAddress", user_agent as "userAgent", created_at as "createdAt", expires_at as "expiresAt"
      from weir.sessions
     where user_id = ${userId} and expires_at > now() and impersonated_by is null
     order by created_at desc, id desc limit ${SESSIONS_MAX}`.execute(database.kysely);
  return rows;
}

/** Ends one session of a person, or with `isOther` every one but that. Gives how many ended. */
export async function endSessions(
  database: Database,
  userId: string,
  { id, isOther }: { readonly id: string; readonly isOther: boolean },
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`delete from weir.sessions
    where user_id = ${userId} and impersonated_by is null and (id = ${id}) <> ${isOther}`.execute(database.kysely);
  return Number(numAffectedRows);
}

/** Who has an address. */
export async function findUserIdByEmail(database: Database, email: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`select id from weir.users where email = ${email}`.execute(database.kysely);
  return rows[0]?.id;
}

/** What an account is protected by, and where its mail goes. */
export async function findAccount(
  database: Database,
  userId: string,
): Promise<{ readonly email: string; readonly hasTwoFactor: boolean } | undefined> {
  const { rows } = await sql<{ email: string; hasTwoFactor: boolean }>`
    select email, two_factor_enabled as "hasTwoFactor" from weir.users where id = ${userId}`.execute(database.kysely);
  return rows[0];
}

/** A password as it was at a moment: whether it is still the same is all that can be told by it. */
export interface PasswordMark {
  readonly userId: string;
  readonly mark: string;
}

/** The password that opens the account of an address; undefined where there is none. */
export async function findPasswordMark(database: Database, email: string): Promise<PasswordMark | undefined> {
  const { rows } = await sql<PasswordMark>`select u.id as "userId", md5(a.password) as mark
    from weir.users u join weir.accounts a on a.user_id = u.id and a.provider_id = 'credential'
   where u.email = ${email} and a.password is not null`.execute(database.kysely);
  return rows[0];
}

/** Whether the account still has that password. Waits for whoever is changing it. */
export async function hasPasswordStill(database: Database, { userId, mark }: PasswordMark): Promise<boolean> {
  const { rows } = await sql<{ mark: string | null }>`select md5(a.password) as mark from weir.accounts a
    where a.user_id = ${userId} and a.provider_id = 'credential' for share`.execute(database.kysely);
  return rows[0]?.mark === mark;
}

/** Longer than a code holds: its own half minute, and one before and after it. */
const CODE_SECONDS = 120;

/** Whether a code of a person's second factor is used for the first time (RFC 6238 section 5.2 asks for that). The library keeps no count. */
export async function claimCode(database: Database, userId: string, code: string): Promise<boolean> {
  const key = `totp:${userId}:${createHash('sha256').update(code).digest('base64url')}`;
  const { rows } = await sql<{ allowed: boolean }>`
    select allowed from weir.take_rate_token(${key}, 1, ${CODE_SECONDS})`.execute(database.kysely);
  return rows[0]?.allowed === true;
}
