import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '#core/security/audit.ts';
import { idBehind, type TaxRateId } from '#core/values/ids.ts';
import { route } from '../route.ts';
import { removeTaxRate, saveTaxRate, setPricesIncludeTax } from './save-tax-rate.ts';
import { taxRateById, taxRateView, taxSettings } from './tax-queries.ts';
import { PricesIncludeTaxSchema, TaxRateFieldsSchema, TaxRateSchema, TaxSettingsSchema } from './tax-view.ts';

const RateParams = Type.Object({ rate: Type.String() });

const MANAGED = { audience: 'staff', ability: 'store.manage' } as const;

export const taxRoutes = [
  route({
    ...MANAGED,
    method: 'GET',
    path: '/dashboard/taxes.json',
    summary: 'How the store taxes: its rates by place and class, and whether prices include them',
    answers: { 200: TaxSettingsSchema },
    handle: ({ db }) => db.read(taxSettings),
  }),
  route({
    ...MANAGED,
    method: 'PATCH',
    path: '/dashboard/taxes',
    summary: 'Sets whether the store’s prices include tax',
    body: PricesIncludeTaxSchema,
    answers: { 200: TaxSettingsSchema },
    handle: ({ db, body, actor, request }) =>
      db.write(async (tx) => {
        await setPricesIncludeTax(tx, body.prices_include_tax, actOf(actor, request));
        return taxSettings(tx);
      }),
  }),
  route({
    ...MANAGED,
    method: 'POST',
    path: '/dashboard/taxes/rates',
    summary: 'Makes a tax rate',
    body: TaxRateFieldsSchema,
    answers: { 201: TaxRateSchema },
    errors: ['TAX_RATE_TAKEN', 'TAX_RATES_TOO_MANY'],
    handle: async ({ db, body, actor, request, reply }) => {
      const act = actOf(actor, request);
      const made = await db.write((tx) => saveTaxRate(tx, { fields: body, id: null, act }));
      return reply.status(201).send(taxRateView(made));
    },
  }),
  route({
    ...MANAGED,
    method: 'PUT',
    path: '/dashboard/taxes/rates/:rate',
    summary: 'Changes a tax rate',
    params: RateParams,
    body: TaxRateFieldsSchema,
    answers: { 200: TaxRateSchema },
    errors: ['TAX_RATE_TAKEN', 'TAX_RATE_NOT_FOUND'],
    handle: async ({ db, params, body, actor, request }) =>
      taxRateView(
        await db.write(async (tx) => {
          const { id } = await taxRateById(tx, idOf(params.rate));
          return saveTaxRate(tx, { fields: body, id, act: actOf(actor, request) });
        }),
      ),
  }),
  route({
    ...MANAGED,
    method: 'DELETE',
    path: '/dashboard/taxes/rates/:rate',
    summary: 'Removes a tax rate; orders keep what they paid',
    params: RateParams,
    answers: { 204: Type.Null() },
    errors: ['TAX_RATE_NOT_FOUND'],
    handle: async ({ db, params, actor, request, reply }) => {
      await db.write(async (tx) => {
        const { id } = await taxRateById(tx, idOf(params.rate));
        await removeTaxRate(tx, id, actOf(actor, request));
      });
      return reply.status(204).send();
    },
  }),
];

function idOf(text: string): TaxRateId | null {
  return idBehind<TaxRateId>('ta', text);
}

function actOf(actor: Actor, { id }: FastifyRequest) {
  return { actor, requestId: id, at: new Date() };
}
