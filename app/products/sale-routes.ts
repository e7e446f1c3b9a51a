import type { FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import type { Actor } from '#core/security/audit.ts';
import { idBehind, type VariantId } from '#core/values/ids.ts';
import { momentOf } from '#core/values/moment.ts';
import { AMOUNT_MAX_CENTS, cents } from '#core/values/money.ts';
import { Absent } from '#core/values/schema.ts';
import { refusal } from '../errors.ts';
import { route } from '../route.ts';
import type { Sale } from '../catalog/sale.ts';
import { setSale } from './set-sale.ts';

const VariantParams = Type.Object({ variant: Type.String() });
const Time = Type.String({ format: 'date-time', maxLength: 40 });
const SaleSchema = Type.Object({
  sale_cents: Type.Integer({ minimum: 0, maximum: AMOUNT_MAX_CENTS }),
  from: Absent(Time),
  until: Absent(Time),
});

const MANAGED = {
  audience: 'staff',
  ability: 'products.manage',
  path: '/dashboard/variants/:variant/sale',
  params: VariantParams,
  answers: { 204: Type.Null() },
  errors: ['PRODUCT_NOT_FOUND'],
} as const;

export const saleRoutes = [
  route({
    ...MANAGED,
    method: 'PUT',
    summary: 'Puts a variant on sale for a time, or changes its sale',
    body: SaleSchema,
    handle: async ({ db, params, body, actor, request, reply }) => {
      const [variantId, sale] = [variantOf(params.variant), saleOf(body)];
      await db.write((tx) => setSale(tx, { variantId, sale, act: actOf(actor, request) }));
      return reply.status(204).send();
    },
  }),
  route({
    ...MANAGED,
    method: 'DELETE',
    summary: 'Ends the sale of a variant',
    handle: async ({ db, params, actor, request, reply }) => {
      const variantId = variantOf(params.variant);
      await db.write((tx) => setSale(tx, { variantId, sale: null, act: actOf(actor, request) }));
      return reply.status(204).send();
    },
  }),
];

function variantOf(text: string): VariantId | null {
  return idBehind<VariantId>('va', text);
}

function saleOf({ sale_cents, from, until }: Static<typeof SaleSchema>): Sale {
  const sale = { saleCents: cents(sale_cents), from: timeOf('from', from), until: timeOf('until', until) };
  if (sale.from && sale.until && sale.until <= sale.from) throw invalid('until', 'must be after from');
  return sale;
}

function timeOf(field: string, text: string | null | undefined): Date | null {
  if (!text) return null;
  const moment = momentOf(text);
  if (!moment) throw invalid(field, 'is not a moment that a clock shows');
  return moment;
}

function invalid(field: string, problem: string) {
  return refusal('VALIDATION_FAILED', `The sale cannot be set: ${field} ${problem}.`, {
    errors: { [field]: [problem] },
  });
}

function actOf(actor: Actor, { id }: FastifyRequest) {
  return { actor, requestId: id, at: new Date() };
}
