import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { pollChannel, PollAnswerSchema, PollQuery } from '#core/realtime/poll.ts';
import { positionOf } from '#core/realtime/position.ts';
import type { SignedInCustomer } from '../customers/customer-sessions.ts';
import { route } from '../route.ts';
import { customerLoyaltyChannel } from './loyalty-channels.ts';
import { OwnPointsSchema, type OwnPoints } from './loyalty-view.ts';

const OWN = { method: 'GET', audience: 'customer', ability: 'account.use' } as const;

/** What signed-in customers learn of their points, at once and as they change. */
export const ownPointsRoutes = [
  route({
    ...OWN,
    path: '/api/v1/customers/me/points',
    summary: 'One’s points',
    answers: { 200: OwnPointsSchema },
    answerHeaders: { 'stream-cursor': 'The position from which to follow the channel of one’s points' },
    handle: async ({ db, customer, reply }) => {
      const { points, cursor } = await db.snapshot(async (tx) => ({
        cursor: await positionOf(tx, customerLoyaltyChannel(customer.publicId)),
        points: await ownPoints(tx, customer),
      }));
      return reply.header('stream-cursor', cursor).send(points);
    },
  }),
  route({
    ...OWN,
    path: '/api/v1/customers/me/points/events',
    summary: 'The changes of one’s points after a position, for clients whose network blocks sockets',
    query: PollQuery,
    answers: { 200: PollAnswerSchema },
    handle: ({ db, customer, query }) =>
      pollChannel({ db, channel: customerLoyaltyChannel(customer.publicId), cursor: query.cursor }),
  }),
];

async function ownPoints(
  { sql, tenant }: TenantTx<Tenant>,
  { customerId }: SignedInCustomer,
): Promise<OwnPoints> {
  const [row] = await sql<OwnPoints[]>`
    SELECT loyalty_points AS points, loyalty_version AS version FROM customers
    WHERE merchant_id = ${tenant.merchantId} AND id = ${customerId}`;
  if (!row) throw new Error('customer: a session without its customer');
  return row;
}
