import { Type } from 'typebox';
import type { Database } from '#core/db/database.ts';
import { browserOf, refuseForeignOrigin } from '#core/security/browser.ts';
import { idBehind, opaqueId, type InvitationId } from '#core/values/ids.ts';
import { idAtCursor, PageOf, pageOf, PageQuery } from '#core/values/page.ts';
import { Absent } from '#core/values/schema.ts';
import { route } from '../route.ts';
import { acceptInvitation, invitedBy } from './accept-invitation.ts';
import { storesNamed } from './assigned-stores.ts';
import { inviteStaff } from './invite-staff.ts';
import { revokeInvitation } from './revoke-invitation.ts';
import type { StaffCookies } from './staff-cookie.ts';
import { invitationView, openInvitations } from './staff-queries.ts';
import {
  Email,
  Id,
  InvitationSchema,
  Name,
  NewPassword,
  RoleSchema,
  StoreIds,
  Username,
} from './staff-view.ts';

const MINUTE_MS = 60_000;
const INVITATIONS_PER_MINUTE_MAX = 20;
const ATTEMPTS_PER_MINUTE_MAX = 10;
const TOKEN_LENGTH_MAX = 100;

const LinkParams = Type.Object({ token: Type.String({ maxLength: TOKEN_LENGTH_MAX }) });
const InvitationParams = Type.Object({ invitation_id: Id });

/** Inviting people to work here, and taking it back. */
export const invitationRoutes = [
  route({
    method: 'GET',
    path: '/dashboard/staff-invitations.json',
    audience: 'staff_without_store',
    ability: 'staff.invite',
    summary: 'Invitations that wait to be accepted, expired ones too',
    query: PageQuery,
    answers: { 200: PageOf(InvitationSchema) },
    handle: async ({ db, staff, query: { cursor, limit } }) => {
      const after = idAtCursor('in', cursor, 0);
      const rows = await db.read((tx) => openInvitations(tx, staff, { after, limit }));
      return pageOf(rows, { limit, view: invitationView, cursorOf: ({ id }) => opaqueId('in', id) });
    },
  }),
  route({
    method: 'POST',
    path: '/dashboard/staff-invitations',
    audience: 'staff_without_store',
    ability: 'staff.invite',
    summary: 'Invites a person by mail; a manager invites staff of their own stores only',
    body: Type.Object({ name: Name, email: Email, role: RoleSchema, store_ids: StoreIds }),
    errors: ['STORE_NOT_FOUND', 'LOGIN_TAKEN', 'INVITED_ALREADY'],
    answers: { 201: Type.Object({ id: Id }) },
    limit: {
      max: INVITATIONS_PER_MINUTE_MAX,
      windowMs: MINUTE_MS,
    },
    handle: async ({ db, staff, actor, body, request, reply }) => {
      const id = await db.write((tx) =>
        inviteStaff(tx, {
          name: body.name.trim(),
          email: body.email,
          role: body.role,
          storeIds: storesNamed(body.store_ids),
          by: staff,
          act: { actor, requestId: request.id, at: new Date() },
        }),
      );
      reply.code(201);
      return { id: opaqueId('in', id) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/dashboard/staff-invitations/:invitation_id',
    audience: 'staff_without_store',
    ability: 'staff.invite',
    summary: 'Takes an invitation back',
    params: InvitationParams,
    errors: ['INVITATION_NOT_FOUND'],
    answers: { 204: Type.Null() },
    handle: async ({ db, staff, actor, params, request, reply }) => {
      const id = idBehind<InvitationId>('in', params.invitation_id);
      const act = { actor, requestId: request.id, at: new Date() };
      await db.write((tx) => revokeInvitation(tx, id, { by: staff, act }));
      return reply.code(204).send();
    },
  }),
];

interface Doors {
  readonly database: Database;
  readonly cookies: StaffCookies;
  /** With which links in mails are made. */
  readonly secret: string;
}

/** Where the link of an invitation leads. */
export const acceptanceRoutes = ({ database, cookies, secret }: Doors) => [
  route({
    method: 'GET',
    path: '/invitations/:token',
    audience: 'anyone',
    ability: 'staff.sign_in',
    summary: 'The page of an invitation',
    params: LinkParams,
    limit: {
      max: ATTEMPTS_PER_MINUTE_MAX,
      windowMs: MINUTE_MS,
    },
    handle: async ({ params: { token }, reply }) =>
      reply.inertia('staff/Invitation', { token, ...(await invitedBy({ database, secret }, token)) }),
  }),
  route({
    method: 'POST',
    path: '/invitations/:token',
    audience: 'anyone',
    ability: 'staff.sign_in',
    summary: 'Accepts an invitation: gives the account its password and signs in',
    params: LinkParams,
    body: Type.Object({ password: NewPassword, username: Absent(Username) }),
    limit: {
      max: ATTEMPTS_PER_MINUTE_MAX,
      windowMs: MINUTE_MS,
    },
    handle: async ({ params, body, request, reply }) => {
      refuseForeignOrigin(request);
      const session = await acceptInvitation(
        { database, secret },
        {
          token: params.token,
          password: body.password,
          username: body.username ?? null,
          browser: browserOf(request),
          requestId: request.id,
        },
      );
      cookies.write(reply, session);
      return reply.redirect('/dashboard', 303);
    },
  }),
];
