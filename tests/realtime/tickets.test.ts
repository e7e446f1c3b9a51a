import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueTicket, redeemTicket } from '#core/realtime/tickets.ts';
import { createMerchant, testDatabase, type TestDatabase, type TestMerchant } from '../support/database.ts';

let db: TestDatabase;
let owner: TestMerchant;

beforeAll(async () => {
  db = await testDatabase();
  owner = await createMerchant(db.admin);
});
afterAll(() => db.close());

const sessionOf = ({ merchantId, sessionId }: TestMerchant) =>
  ({ kind: 'staff', merchantId, sessionId }) as const;
const ticketsKept = async () => (await db.admin`SELECT token_hash FROM directory_realtime_tickets`).length;

describe('a ticket', () => {
  it('opens for the session it was issued to', async () => {
    const ticket = await issueTicket(db.database.directory, sessionOf(owner));
    expect(await redeemTicket(db.database.directory, ticket)).toEqual(sessionOf(owner));
  });

  it('opens once, also when two try at the same moment', async () => {
    const ticket = await issueTicket(db.database.directory, sessionOf(owner));
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => redeemTicket(db.database.directory, ticket)),
    );
    expect(tries.filter(Boolean)).toHaveLength(1);
  });

  it('opens nothing once it has expired, and is gone then', async () => {
    const ticket = await issueTicket(db.database.directory, sessionOf(owner));
    await db.admin`UPDATE directory_realtime_tickets SET expires_at = now() - interval '1 second'`;
    expect(await redeemTicket(db.database.directory, ticket)).toBeNull();
    expect(await ticketsKept()).toBe(0);
  });

  it('expires within a minute by the clock of the database', async () => {
    await issueTicket(db.database.directory, sessionOf(owner));
    const [row] = await db.admin<{ within: boolean }[]>`
      SELECT max(expires_at) BETWEEN now() AND now() + interval '60 seconds' AS within FROM directory_realtime_tickets`;
    expect(row?.within).toBe(true);
  });

  it('is not kept where someone could read it', async () => {
    const ticket = await issueTicket(db.database.directory, sessionOf(owner));
    const [row] = await db.admin<{ found: boolean }[]>`
      SELECT bool_or(kept::text LIKE ${`%${ticket}%`} OR token_hash = ${Buffer.from(ticket)}) AS found
      FROM directory_realtime_tickets AS kept`;
    expect(row?.found).toBe(false);
  });

  it('ends with its session', async () => {
    const guest = await createMerchant(db.admin);
    const ticket = await issueTicket(db.database.directory, sessionOf(guest));
    await db.admin`DELETE FROM staff_sessions WHERE merchant_id = ${guest.merchantId}`;
    expect(await redeemTicket(db.database.directory, ticket)).toBeNull();
  });

  it.each(['', 'nonsense', 'a'.repeat(10_000)])(
    'that was never issued opens nothing (%#)',
    async (ticket) => {
      expect(await redeemTicket(db.database.directory, ticket)).toBeNull();
    },
  );
});
