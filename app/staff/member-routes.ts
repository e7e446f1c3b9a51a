import { Type } from 'typebox';
import type { Route } from '#core/http/route.ts';
import { idBehind, opaqueId, type StaffId } from '#core/values/ids.ts';
import { PageOf, pageOf, PageQuery } from '#core/values/page.ts';
import { route } from '../route.ts';
import { storesNamed } from './assigned-stores.ts';
import { changeStaff, deactivateStaff, reactivateStaff, type ChangedStaff } from './change-staff.ts';
import { memberView, staffList } from './staff-queries.ts';
import type { SignedInStaff } from './staff-sessions.ts';
import { Id, RoleSchema, StaffMemberSchema, StoreIds } from './staff-view.ts';

const MemberParams = Type.Object({ staff_id: Id });

interface Doors {
  /** Ends the sockets of a session. */
  readonly closeSockets: (session: { readonly merchantId: number; readonly sessionId: number }) => void;
}

/** Who works here, with which role and where. */
export function memberRoutes({ closeSockets }: Doors): Route[] {
  /** After COMMIT; other nodes find out by themselves. */
  const closing = ({ merchantId }: SignedInStaff, { member, sessionIds }: ChangedStaff) => {
    for (const sessionId of sessionIds) closeSockets({ merchantId, sessionId });
    return member;
  };
  return [
    route({
      method: 'GET',
      path: '/dashboard/staff.json',
      audience: 'staff_without_store',
      ability: 'staff.invite',
      summary: 'Who works here; a manager sees who works at their stores',
      query: PageQuery,
      answers: { 200: PageOf(StaffMemberSchema) },
      handle: async ({ db, staff, query: { cursor, limit } }) => {
        const after = cursor === undefined ? 0 : (idBehind('sf', cursor) ?? 0);
        const rows = await db.read((tx) => staffList(tx, staff, { after, limit }));
        return pageOf(rows, { limit, view: memberView, cursorOf: ({ id }) => opaqueId('sf', id) });
      },
    }),
    route({
      method: 'PATCH',
      path: '/dashboard/staff/:staff_id',
      audience: 'staff_without_store',
      ability: 'staff.manage',
      summary: 'Gives a person another role or other stores',
      params: MemberParams,
      body: Type.Object({ version: Type.Integer({ minimum: 1 }), role: RoleSchema, store_ids: StoreIds }),
      answers: { 200: StaffMemberSchema },
      handle: async ({ db, staff, actor, params, body, request }) => {
        const { version, role } = body;
        const storeIds = storesNamed(body.store_ids);
        const change = { ...changeOf(params, staff), version, role, storeIds };
        const act = { actor, requestId: request.id, at: new Date() };
        return closing(staff, await db.write((tx) => changeStaff(tx, { ...change, act })));
      },
    }),
    route({
      method: 'POST',
      path: '/dashboard/staff/:staff_id/deactivation',
      audience: 'staff_without_store',
      ability: 'staff.manage',
      summary: 'Ends what a person may do; their sessions and sockets end at once',
      params: MemberParams,
      answers: { 200: StaffMemberSchema },
      handle: async ({ db, staff, actor, params, request }) => {
        const act = { actor, requestId: request.id, at: new Date() };
        return closing(
          staff,
          await db.write((tx) => deactivateStaff(tx, { ...changeOf(params, staff), act })),
        );
      },
    }),
    route({
      method: 'DELETE',
      path: '/dashboard/staff/:staff_id/deactivation',
      audience: 'staff_without_store',
      ability: 'staff.manage',
      summary: 'Lets a person sign in again',
      params: MemberParams,
      answers: { 200: StaffMemberSchema },
      handle: async ({ db, staff, actor, params, request }) => {
        const act = { actor, requestId: request.id, at: new Date() };
        return closing(
          staff,
          await db.write((tx) => reactivateStaff(tx, { ...changeOf(params, staff), act })),
        );
      },
    }),
  ];
}

function changeOf({ staff_id: id }: { staff_id: string }, by: SignedInStaff) {
  return { staffId: idBehind<StaffId>('sf', id), by };
}
