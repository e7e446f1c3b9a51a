import { Type } from 'typebox';
import type { FastifyRequest } from 'fastify';
import type { Route } from '#core/http/route.ts';
import { opaqueId } from '#core/values/ids.ts';
import { idAtCursor, PageOf, pageOf, PageQuery } from '#core/values/page.ts';
import { route } from '../route.ts';
import { changeOwnPassword, ownSessions, revokeOwnSession, sessionView } from './own-account.ts';
import type { StaffCookies } from './staff-cookie.ts';
import type { SignedInStaff } from './staff-sessions.ts';
import { Id, NewPassword, PASSWORD_LENGTH_MAX, SessionSchema } from './staff-view.ts';

const MINUTE_MS = 60_000;
const PASSWORDS_PER_MINUTE_MAX = 5;

interface Doors {
  readonly cookies: StaffCookies;
  /** Ends the sockets of a session. */
  readonly closeSockets: (session: { readonly merchantId: number; readonly sessionId: number }) => void;
}

/** What a person does with their own account. */
export function accountRoutes({ cookies, closeSockets }: Doors): Route[] {
  return [
    route({
      method: 'GET',
      path: '/dashboard/account/sessions.json',
      audience: 'staff_without_store',
      ability: 'account.manage',
      summary: 'Where one is signed in',
      query: PageQuery,
      answers: { 200: PageOf(SessionSchema) },
      handle: async ({ db, staff, query: { cursor, limit } }) => {
        const before = idAtCursor('ss', cursor, Number.MAX_SAFE_INTEGER);
        const rows = await db.read((tx) => ownSessions(tx, staff, { before, limit }));
        return pageOf(rows, {
          limit,
          view: (row) => sessionView(row, staff),
          cursorOf: ({ id }) => opaqueId('ss', id),
        });
      },
    }),
    route({
      method: 'DELETE',
      path: '/dashboard/account/sessions/:session_id',
      audience: 'staff_without_store',
      ability: 'account.manage',
      summary: 'Ends one of one’s own sessions',
      params: Type.Object({ session_id: Id }),
      errors: ['SESSION_NOT_FOUND'],
      answers: { 204: Type.Null() },
      handle: async ({ db, staff, params, request, reply }) => {
        const ending = { id: params.session_id, requestId: request.id };
        const sessionId = await db.write((tx) => revokeOwnSession(tx, staff, ending));
        closeSockets({ merchantId: staff.merchantId, sessionId });
        return reply.code(204).send();
      },
    }),
    route({
      method: 'POST',
      path: '/dashboard/account/password',
      audience: 'staff_without_store',
      ability: 'account.manage',
      summary: 'Changes one’s own password; all other sessions end',
      body: Type.Object({
        current_password: Type.String({ minLength: 1, maxLength: PASSWORD_LENGTH_MAX }),
        new_password: NewPassword,
      }),
      errors: ['PASSWORD_WRONG'],
      answers: { 204: Type.Null() },
      limit: { max: PASSWORDS_PER_MINUTE_MAX, windowMs: MINUTE_MS, keyOf: person },
      handle: async ({ db, staff, body, request, reply }) => {
        const { secret, ended } = await changeOwnPassword(db, staff, {
          current: body.current_password,
          next: body.new_password,
          requestId: request.id,
        });
        for (const sessionId of ended) closeSockets({ merchantId: staff.merchantId, sessionId });
        cookies.write(reply, secret);
        return reply.code(204).send();
      },
    }),
  ];
}

/** A stolen session must not become a guess at the password from many addresses. */
function person({ gateContext }: FastifyRequest): string {
  const { staff } = gateContext as { staff: SignedInStaff };
  return `${staff.merchantId} ${staff.staffId}`;
}
