import type { FastifyRequest } from 'fastify';
import type { Actor } from '#core/security/audit.ts';
import { route } from '../route.ts';
import { becomeBusy, calmDown, pauseOrdering, resumeOrdering } from './change-ordering.ts';
import { saveSettings } from './save-settings.ts';
import { storeSettings } from './settings-queries.ts';
import { BusyBodySchema, PauseBodySchema, SettingsBodySchema, StoreSettingsSchema } from './settings-view.ts';

const MANAGED = {
  audience: 'staff',
  ability: 'store.manage',
  answers: { 200: StoreSettingsSchema },
} as const;

/** Whoever works on orders sees first that there are too many. */
const PACED = { ...MANAGED, ability: 'orders.move' } as const;

export const settingsRoutes = [
  route({
    ...MANAGED,
    method: 'GET',
    path: '/dashboard/settings.json',
    summary: 'The settings of the store, and how it takes orders at the moment',
    handle: ({ db }) => db.snapshot((tx) => storeSettings(tx, new Date())),
  }),
  route({
    ...MANAGED,
    method: 'PATCH',
    path: '/dashboard/settings',
    summary: 'Changes settings of the store: those that are sent, opening hours and special days as a whole',
    body: SettingsBodySchema,
    errors: ['STORE_CHANGED', 'SLUG_TAKEN'],
    handle: ({ db, body: { version, ...changes }, actor, request }) =>
      db.write((tx) => saveSettings(tx, { version, changes, act: actOf(actor, request) })),
  }),
  route({
    ...PACED,
    method: 'PUT',
    path: '/dashboard/settings/pause',
    summary: 'Stops taking orders, until a moment or until somebody resumes',
    body: PauseBodySchema,
    handle: ({ db, body: { until }, actor, request }) =>
      db.write((tx) =>
        pauseOrdering(tx, { until: until ? new Date(until) : null, act: actOf(actor, request) }),
      ),
  }),
  route({
    ...PACED,
    method: 'DELETE',
    path: '/dashboard/settings/pause',
    summary: 'Takes orders again',
    handle: ({ db, actor, request }) => db.write((tx) => resumeOrdering(tx, actOf(actor, request))),
  }),
  route({
    ...PACED,
    method: 'PUT',
    path: '/dashboard/settings/busy',
    summary: 'Tells customers that preparing takes longer, until a moment',
    body: BusyBodySchema,
    handle: ({ db, body: { minutes, until }, actor, request }) =>
      db.write((tx) => becomeBusy(tx, { minutes, until: new Date(until), act: actOf(actor, request) })),
  }),
  route({
    ...PACED,
    method: 'DELETE',
    path: '/dashboard/settings/busy',
    summary: 'Takes no longer than usual again',
    handle: ({ db, actor, request }) => db.write((tx) => calmDown(tx, actOf(actor, request))),
  }),
];

function actOf(actor: Actor, { id }: FastifyRequest) {
  return { actor, requestId: id, at: new Date() };
}
