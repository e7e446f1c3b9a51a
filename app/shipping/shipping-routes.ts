import { Type } from 'typebox';
import type { FastifyRequest } from 'fastify';
import type { StoreTenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import type { Actor } from '#core/security/audit.ts';
import { idBehind, type ShippingMethodId, type ShippingZoneId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { route } from '../route.ts';
import { previewShipping } from './preview-shipping.ts';
import { shippingSettings } from './project-shipping.ts';
import { removeMethod, saveMethod } from './save-method.ts';
import { saveShipping } from './save-shipping.ts';
import { removeZone, saveZone } from './save-zone.ts';
import { methodOf, rateOf, setupOf, zoneOf } from './shipping-input.ts';
import { rulesVersion, shippingRules } from './shipping-queries.ts';
import {
  MethodBodySchema,
  PreviewBodySchema,
  PreviewSchema,
  ShippingBodySchema,
  ShippingSettingsSchema,
  VersionQuerySchema,
  ZoneBodySchema,
} from './shipping-view.ts';

const ZoneParams = Type.Object({ zone_id: Type.String() });
const MethodParams = Type.Object({ method_id: Type.String() });

const MANAGED = {
  audience: 'staff',
  ability: 'shipping.manage',
  answers: { 200: ShippingSettingsSchema },
} as const;

export const shippingRoutes = [
  route({
    ...MANAGED,
    method: 'GET',
    path: '/dashboard/shipping.json',
    summary: 'The shipping rules of the store, with warnings of overlaps and gaps',
    handle: ({ db }) => db.snapshot(settings),
  }),
  route({
    ...MANAGED,
    method: 'PUT',
    path: '/dashboard/shipping',
    summary: 'Makes these the shipping rules of the store, all at once',
    body: ShippingBodySchema,
    errors: ['SHIPPING_CHANGED', 'SHIPPING_NAME_TAKEN'],
    handle: ({ db, body, actor, request }) =>
      changed(db, (tx) => saveShipping(tx, setupOf(body), actOf(actor, request), body.version)),
  }),
  route({
    ...MANAGED,
    method: 'POST',
    path: '/dashboard/shipping/zones',
    summary: 'Makes a shipping zone with its postcodes and rates',
    body: ZoneBodySchema,
    errors: ['SHIPPING_CHANGED', 'SHIPPING_NAME_TAKEN', 'SHIPPING_METHOD_NOT_FOUND'],
    handle: ({ db, body, actor, request }) =>
      changed(db, (tx) =>
        saveZone(tx, {
          id: null,
          version: body.version,
          zone: zoneOf(body),
          rates: body.rates.map(rateOf),
          act: actOf(actor, request),
        }),
      ),
  }),
  route({
    ...MANAGED,
    method: 'PUT',
    path: '/dashboard/shipping/zones/:zone_id',
    summary: 'Changes a shipping zone with its postcodes and rates',
    params: ZoneParams,
    body: ZoneBodySchema,
    errors: [
      'SHIPPING_CHANGED',
      'SHIPPING_NAME_TAKEN',
      'SHIPPING_ZONE_NOT_FOUND',
      'SHIPPING_METHOD_NOT_FOUND',
    ],
    handle: ({ db, params, body, actor, request }) =>
      changed(db, (tx) =>
        saveZone(tx, {
          id: zoneId(params.zone_id),
          version: body.version,
          zone: zoneOf(body),
          rates: body.rates.map(rateOf),
          act: actOf(actor, request),
        }),
      ),
  }),
  route({
    ...MANAGED,
    method: 'DELETE',
    path: '/dashboard/shipping/zones/:zone_id',
    summary: 'Removes a shipping zone with its rates',
    params: ZoneParams,
    query: VersionQuerySchema,
    errors: ['SHIPPING_CHANGED', 'SHIPPING_ZONE_NOT_FOUND'],
    handle: ({ db, params, query, actor, request }) =>
      changed(db, (tx) =>
        removeZone(tx, { id: zoneId(params.zone_id), version: query.version, act: actOf(actor, request) }),
      ),
  }),
  route({
    ...MANAGED,
    method: 'POST',
    path: '/dashboard/shipping/methods',
    summary: 'Makes a shipping method',
    body: MethodBodySchema,
    errors: ['SHIPPING_CHANGED', 'SHIPPING_NAME_TAKEN'],
    handle: ({ db, body, actor, request }) =>
      changed(db, (tx) =>
        saveMethod(tx, {
          id: null,
          version: body.version,
          method: methodOf(body),
          act: actOf(actor, request),
        }),
      ),
  }),
  route({
    ...MANAGED,
    method: 'PUT',
    path: '/dashboard/shipping/methods/:method_id',
    summary: 'Changes a shipping method',
    params: MethodParams,
    body: MethodBodySchema,
    errors: ['SHIPPING_CHANGED', 'SHIPPING_NAME_TAKEN', 'SHIPPING_METHOD_NOT_FOUND'],
    handle: ({ db, params, body, actor, request }) =>
      changed(db, (tx) =>
        saveMethod(tx, {
          id: methodId(params.method_id),
          version: body.version,
          method: methodOf(body),
          act: actOf(actor, request),
        }),
      ),
  }),
  route({
    ...MANAGED,
    method: 'DELETE',
    path: '/dashboard/shipping/methods/:method_id',
    summary: 'Removes a shipping method with its rates; orders keep its name',
    params: MethodParams,
    query: VersionQuerySchema,
    errors: ['SHIPPING_CHANGED', 'SHIPPING_METHOD_NOT_FOUND'],
    handle: ({ db, params, query, actor, request }) =>
      changed(db, (tx) =>
        removeMethod(tx, {
          id: methodId(params.method_id),
          version: query.version,
          act: actOf(actor, request),
        }),
      ),
  }),
  route({
    method: 'POST',
    path: '/dashboard/shipping/preview',
    audience: 'staff',
    ability: 'shipping.manage',
    summary: 'What an address would pay, and why: zones, rates chosen and beaten, weight used',
    body: PreviewBodySchema,
    answers: { 200: PreviewSchema },
    errors: ['ITEM_NOT_FOUND', 'AMOUNT_TOO_LARGE'],
    handle: ({ db, body }) => db.snapshot((tx) => previewShipping(tx, body)),
  }),
];

/** Makes the change and answers the rules as they are then, with what is worth a look in them. */
function changed(db: TenantDb<StoreTenant>, change: (tx: TenantTx<StoreTenant>) => Promise<void>) {
  return db.write(async (tx) => {
    await change(tx);
    return settings(tx);
  });
}

async function settings(tx: TenantTx<StoreTenant>) {
  const [rules, version] = await Promise.all([shippingRules(tx), rulesVersion(tx)]);
  return shippingSettings(rules, version);
}

function actOf(actor: Actor, { id }: FastifyRequest) {
  return { actor, requestId: id, at: new Date() };
}

function zoneId(text: string): ShippingZoneId {
  const id = idBehind<ShippingZoneId>('sz', text);
  if (id === null) throw refusal('SHIPPING_ZONE_NOT_FOUND', 'There is no such shipping zone at this store.');
  return id;
}

function methodId(text: string): ShippingMethodId {
  const id = idBehind<ShippingMethodId>('sm', text);
  if (id === null)
    throw refusal('SHIPPING_METHOD_NOT_FOUND', 'There is no such shipping method at this store.');
  return id;
}
