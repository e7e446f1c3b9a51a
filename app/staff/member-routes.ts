import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Route } from '#core/http/route.ts';
import type { Actor } from '#core/security/audit.ts';
import { idBehind, opaqueId, type StaffId } from '#core/values/ids.ts';
import { idAtCursor, PageOf, pageOf, PageQuery } from '#core/values/page.ts';
import { VersionSeen } from '#core/values/schema.ts';
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
        const after = idAtCursor('sf', cursor, 0);
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
      body: Type.Object({ version: VersionSeen(), role: RoleSchema, store_ids: StoreIds }),
      errors: ['STORE_NOT_FOUND', 'STAFF_NOT_FOUND', 'STAFF_CHANGED', 'LAST_OWNER'],
      answers: { 200: StaffMemberSchema },
      handle: async (input) => {
        const { version, role, store_ids: named } = input.body;
        const change = { ...changeOf(input), version, role, storeIds: storesNamed(named) };
        return closing(input.staff, await input.db.write((tx) => changeStaff(tx, change)));
      },
    }),
    route({
      method: 'POST',
      path: '/dashboard/staff/:staff_id/deactivation',
      audience: 'staff_without_store',
      ability: 'staff.manage',
      summary: 'Ends what a person may do; their sessions and sockets end at once',
      params: MemberParams,
      errors: ['STAFF_NOT_FOUND', 'LAST_OWNER'],
      answers: { 200: StaffMemberSchema },
      handle: async (input) =>
        closing(input.staff, await input.db.write((tx) => deactivateStaff(tx, changeOf(input)))),
    }),
    route({
      method: 'DELETE',
      path: '/dashboard/staff/:staff_id/deactivation',
      audience: 'staff_without_store',
      ability: 'staff.manage',
      summary: 'Lets a person sign in again',
      params: MemberParams,
      errors: ['STAFF_NOT_FOUND'],
      answers: { 200: StaffMemberSchema },
      handle: async (input) =>
        closing(input.staff, await input.db.write((tx) => reactivateStaff(tx, changeOf(input)))),
    }),
  ];
}

interface Asked {
  readonly staff: SignedInStaff;
  readonly actor: Actor;
  readonly params: { readonly staff_id: string };
  readonly request: FastifyRequest;
}

function changeOf({ staff: by, actor, params, request }: Asked) {
  const act = { actor, requestId: request.id, at: new Date() };
  return { staffId: idBehind<StaffId>('sf', params.staff_id), by, act };
}
