import { Type } from 'typebox';
import { VersionSeen } from '#core/values/schema.ts';
import { route } from '../route.ts';
import { addNote } from '../orders/add-note.ts';
import { moveParcel } from '../orders/move-parcel.ts';
import { boardOrder, noteView } from '../orders/order-projection.ts';
import { BoardOrderSchema, NoteSchema } from '../orders/order-view.ts';
import { storeAndOrder } from './board-routes.ts';

const MINUTE_MS = 60_000;
const CHANGES_PER_MINUTE_MAX = 20;

const OrderParams = Type.Object({ public_id: Type.String() });
const LIMIT = { max: CHANGES_PER_MINUTE_MAX, windowMs: MINUTE_MS, keyOf: storeAndOrder };

/** What staff note at an order besides its steps. */
export const deskRoutes = [
  route({
    method: 'POST',
    path: '/dashboard/orders/:public_id/notes',
    audience: 'staff',
    ability: 'orders.move',
    summary: 'Adds a note of staff to an order, which its customer does not see; answers all of them',
    params: OrderParams,
    body: Type.Object({ text: Type.String({ minLength: 1, maxLength: 1000, pattern: String.raw`\S` }) }),
    answers: { 201: Type.Array(NoteSchema) },
    errors: ['ORDER_NOT_FOUND'],
    limit: LIMIT,
    handle: async ({ db, params, body, actor, request, reply }) => {
      const act = { actor, requestId: request.id, at: new Date() };
      const notes = await db.write((tx) =>
        addNote(tx, { publicId: params.public_id, text: body.text.trim(), act }),
      );
      return reply.status(201).send(notes.map(noteView));
    },
  }),
  route({
    method: 'PATCH',
    path: '/dashboard/orders/:public_id/shipping-status',
    audience: 'staff',
    ability: 'orders.move',
    summary: 'Notes that a shipped parcel came back, was lost or was found again',
    params: OrderParams,
    body: Type.Object({
      shipping_status: Type.Union([Type.Literal('returned'), Type.Literal('lost'), Type.Literal('shipped')]),
      version: VersionSeen(),
    }),
    answers: { 200: BoardOrderSchema },
    errors: ['ORDER_NOT_FOUND', 'ORDER_CHANGED', 'ORDER_CANNOT_ADVANCE'],
    limit: LIMIT,
    handle: ({ db, params, body, actor, request }) =>
      db.write(async (tx) => {
        const order = await moveParcel(tx, {
          publicId: params.public_id,
          version: body.version,
          shippingStatus: body.shipping_status,
          act: { actor, requestId: request.id, at: new Date() },
        });
        return boardOrder(order);
      }),
  }),
];
