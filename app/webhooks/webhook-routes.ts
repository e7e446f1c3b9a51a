import { Type } from 'typebox';
import type { Route } from '#core/http/route.ts';
import {
  idBehind,
  opaqueId,
  type MerchantId,
  type WebhookDeliveryId,
  type WebhookEndpointId,
} from '#core/values/ids.ts';
import { idAtCursor, PageOf, pageOf, PageQuery } from '#core/values/page.ts';
import { AddressRefused, callableAddresses, type Reach } from '#core/webhooks/public-addresses.ts';
import { webhookSecret } from '#core/webhooks/sign-webhook.ts';
import { refusal } from '../errors.ts';
import { route } from '../route.ts';
import {
  changeEndpoint,
  createEndpoint,
  deleteEndpoint,
  rotateEndpointSecret,
} from './change-webhook-endpoints.ts';
import { redriveWebhook } from './redrive-webhook.ts';
import {
  deliveryDetail,
  deliveryView,
  endpointView,
  webhookDeliveries,
  webhookDelivery,
  webhookEndpoint,
  webhookEndpoints,
  type WebhookEndpointRow,
} from './webhook-queries.ts';
import {
  DeliveryStateSchema,
  EventTypes,
  SecretSchema,
  WebhookDeliveryDetailSchema,
  WebhookDeliverySchema,
  WebhookEndpointSchema,
} from './webhook-view.ts';

const MINUTE_MS = 60_000;
/** Each resolves a name, or makes a call. */
const CHANGES_PER_MINUTE_MAX = 30;
const URL_LENGTH_MAX = 2_000;
const ID_LENGTH_MAX = 40;

const Id = Type.String({ minLength: 1, maxLength: ID_LENGTH_MAX });
const Url = Type.String({ format: 'uri', pattern: '^https?://', maxLength: URL_LENGTH_MAX });
const Description = Type.String({ maxLength: 200 });
const EndpointParams = Type.Object({ endpoint_id: Id });
const DeliveryParams = Type.Object({ delivery_id: Id });
const WithSecret = Type.Object({ ...WebhookEndpointSchema.properties, secret: SecretSchema });
const limit = { max: CHANGES_PER_MINUTE_MAX, windowMs: MINUTE_MS };
const forOwners = { audience: 'staff_without_store', ability: 'merchant.manage' } as const;

export interface WebhookNeeds {
  readonly reach: Reach;
  /** The server's, from which those of endpoints are made. */
  readonly secret: string;
}

/** Where a merchant's events are sent, and what became of each. */
export function webhookRoutes(needs: WebhookNeeds): Route[] {
  return [...listRoutes, ...endpointRoutes(needs), ...secretRoutes(needs), ...deliveryRoutes];
}

function endpointRoutes({ reach, secret }: WebhookNeeds): Route[] {
  return [
    route({
      ...forOwners,
      method: 'POST',
      path: '/dashboard/webhook-endpoints',
      summary: 'Adds an address that events are sent to; answers the secret that signs them, this once',
      body: Type.Object({ url: Url, description: Type.Optional(Description), event_types: EventTypes }),
      answers: { 201: WithSecret },
      limit,
      errors: ['WEBHOOK_ADDRESS_REFUSED', 'TOO_MANY_WEBHOOK_ENDPOINTS'],
      handle: async ({ db, actor, body, request, reply }) => {
        await refuseUncallable(body.url, reach);
        const { url, description = '', event_types: eventTypes } = body;
        const act = { actor, requestId: request.id, at: new Date() };
        const made = await db.write((tx) => createEndpoint(tx, { url, description, eventTypes }, act));
        reply.code(201);
        return withSecret(made, db.tenant, secret);
      },
    }),
    route({
      ...forOwners,
      method: 'PATCH',
      path: '/dashboard/webhook-endpoints/:endpoint_id',
      summary: 'Changes where events are sent; switching on ends a pause',
      params: EndpointParams,
      body: Type.Object({
        version: Type.Integer({ minimum: 1 }),
        url: Type.Optional(Url),
        description: Type.Optional(Description),
        event_types: Type.Optional(EventTypes),
        active: Type.Optional(Type.Boolean()),
      }),
      answers: { 200: WebhookEndpointSchema },
      limit,
      errors: ['WEBHOOK_ENDPOINT_NOT_FOUND', 'WEBHOOK_ENDPOINT_CHANGED', 'WEBHOOK_ADDRESS_REFUSED'],
      handle: async ({ db, actor, params, body, request }) => {
        const id = endpointId(params);
        await db.read((tx) => webhookEndpoint(tx, id));
        if (body.url !== undefined) await refuseUncallable(body.url, reach);
        const { event_types: eventTypes, ...rest } = body;
        const change = { ...rest, ...(eventTypes && { eventTypes }) };
        const act = { actor, requestId: request.id, at: new Date() };
        return endpointView(await db.write((tx) => changeEndpoint(tx, id, { change, act })));
      },
    }),
  ];
}

const listRoutes = [
  route({
    ...forOwners,
    method: 'GET',
    path: '/dashboard/webhook-endpoints.json',
    summary: 'Where events are sent',
    query: PageQuery,
    answers: { 200: PageOf(WebhookEndpointSchema) },
    handle: async ({ db, query: { cursor, limit: size } }) => {
      const after = idAtCursor('we', cursor, 0);
      const rows = await db.read((tx) => webhookEndpoints(tx, { after, limit: size }));
      return pageOf(rows, { limit: size, view: endpointView, cursorOf: ({ id }) => opaqueId('we', id) });
    },
  }),
  route({
    ...forOwners,
    method: 'DELETE',
    path: '/dashboard/webhook-endpoints/:endpoint_id',
    summary: 'Removes an address with the log of what was sent there',
    params: EndpointParams,
    answers: { 204: Type.Null() },
    errors: ['WEBHOOK_ENDPOINT_NOT_FOUND'],
    handle: async ({ db, actor, params, request, reply }) => {
      const act = { actor, requestId: request.id, at: new Date() };
      await db.write((tx) => deleteEndpoint(tx, endpointId(params), act));
      return reply.code(204).send();
    },
  }),
];

function secretRoutes({ secret }: WebhookNeeds): Route[] {
  return [
    route({
      ...forOwners,
      method: 'POST',
      path: '/dashboard/webhook-endpoints/:endpoint_id/secrets',
      summary: 'Gives an endpoint a new secret; for a day calls are signed with the old one too',
      params: EndpointParams,
      answers: { 201: WithSecret },
      limit,
      errors: ['WEBHOOK_ENDPOINT_NOT_FOUND'],
      handle: async ({ db, actor, params, request, reply }) => {
        const act = { actor, requestId: request.id, at: new Date() };
        const rotated = await db.write((tx) => rotateEndpointSecret(tx, endpointId(params), act));
        reply.code(201);
        return withSecret(rotated, db.tenant, secret);
      },
    }),
  ];
}

const deliveryRoutes = [
  route({
    ...forOwners,
    method: 'GET',
    path: '/dashboard/webhook-deliveries.json',
    summary: 'What was sent in the last thirty days, newest first',
    query: Type.Object({
      ...PageQuery.properties,
      endpoint_id: Type.Optional(Id),
      state: Type.Optional(DeliveryStateSchema),
    }),
    answers: { 200: PageOf(WebhookDeliverySchema) },
    errors: ['WEBHOOK_ENDPOINT_NOT_FOUND'],
    handle: async ({ db, query: { cursor, limit: size, endpoint_id, state = null } }) => {
      const before = idAtCursor('wd', cursor, Number.MAX_SAFE_INTEGER);
      const rows = await db.read(async (tx) => {
        const endpoint =
          endpoint_id === undefined ? null : await webhookEndpoint(tx, endpointId({ endpoint_id }));
        return webhookDeliveries(tx, { endpointId: endpoint?.id ?? null, state, before, limit: size });
      });
      return pageOf(rows, { limit: size, view: deliveryView, cursorOf: ({ id }) => opaqueId('wd', id) });
    },
  }),
  route({
    ...forOwners,
    method: 'GET',
    path: '/dashboard/webhook-deliveries/:delivery_id.json',
    summary: 'What was sent, and what was answered last',
    params: DeliveryParams,
    answers: { 200: WebhookDeliveryDetailSchema },
    errors: ['WEBHOOK_DELIVERY_NOT_FOUND'],
    handle: async ({ db, params }) =>
      deliveryDetail(await db.read((tx) => webhookDelivery(tx, deliveryId(params)))),
  }),
  route({
    ...forOwners,
    method: 'POST',
    path: '/dashboard/webhook-deliveries/:delivery_id/attempts',
    summary: 'Sends it again, from now on, as often as the first time',
    params: DeliveryParams,
    answers: { 202: WebhookDeliverySchema },
    limit,
    errors: ['WEBHOOK_DELIVERY_NOT_FOUND', 'WEBHOOK_PAUSED', 'WEBHOOK_IN_PROGRESS'],
    handle: async ({ db, actor, params, request, reply }) => {
      const act = { actor, requestId: request.id, at: new Date() };
      const redriven = await db.write((tx) => redriveWebhook(tx, deliveryId(params), act));
      reply.code(202);
      return deliveryView(redriven);
    },
  }),
];

function endpointId({ endpoint_id }: { readonly endpoint_id: string }): WebhookEndpointId | null {
  return idBehind<WebhookEndpointId>('we', endpoint_id);
}

function deliveryId({ delivery_id }: { readonly delivery_id: string }): WebhookDeliveryId | null {
  return idBehind<WebhookDeliveryId>('wd', delivery_id);
}

/** Told early; what counts is that each call is checked again. */
async function refuseUncallable(url: string, reach: Reach): Promise<void> {
  try {
    await callableAddresses(new URL(url), reach);
  } catch (error) {
    if (!(error instanceof AddressRefused) && !(error instanceof TypeError)) throw error;
    const reason =
      error instanceof AddressRefused ? error.message : 'expected an address like https://shop.example/hook';
    throw refusal('WEBHOOK_ADDRESS_REFUSED', `This address cannot be called: ${reason}.`, {
      errors: { url: [reason] },
    });
  }
}

function withSecret(
  row: WebhookEndpointRow,
  { merchantId }: { readonly merchantId: MerchantId },
  secret: string,
) {
  return {
    ...endpointView(row),
    secret: webhookSecret(secret, { merchantId, id: row.id }, row.secret_version),
  };
}
