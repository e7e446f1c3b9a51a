import { Type } from 'typebox';
import { route } from '../route.ts';
import { storeAndOrder } from './board-routes.ts';
import { ORDER_MAILS } from '../orders/order-mails.ts';
import { requestOrderMail } from './request-order-mail.ts';

const HOUR_MS = 3_600_000;
/** Of one order: more than this is no help to its customer. */
const MAILS_PER_HOUR_MAX = 5;

const OrderMailSchema = Type.Enum([...ORDER_MAILS]);

export const orderMailRoutes = [
  route({
    method: 'POST',
    path: '/dashboard/orders/:public_id/mails',
    audience: 'staff',
    ability: 'orders.move',
    summary: 'Sends a mail of the order to its customer once more',
    params: Type.Object({ public_id: Type.String() }),
    body: Type.Object({ mail: OrderMailSchema }),
    answers: { 202: Type.Object({ mail: OrderMailSchema }) },
    limit: { max: MAILS_PER_HOUR_MAX, windowMs: HOUR_MS, keyOf: storeAndOrder },
    errors: ['ORDER_NOT_FOUND', 'MAIL_NOT_DUE', 'NO_MAIL_ADDRESS'],
    handle: async ({ db, actor, params, body, request, reply }) => {
      await db.write((tx) =>
        requestOrderMail(tx, {
          publicId: params.public_id,
          mail: body.mail,
          actor,
          requestId: request.id,
          now: new Date(),
        }),
      );
      return reply.code(202).send({ mail: body.mail });
    },
  }),
];
