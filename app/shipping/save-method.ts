import { violatedConstraint } from '#core/db/database-errors.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit } from '#core/security/audit.ts';
import type { ShippingMethodId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { changeShippingRules, type RulesChange } from './change-shipping-rules.ts';
import { shippingRules } from './shipping-queries.ts';
import type { ShippingMethod } from './shipping-rules.ts';
import type { MethodSetup } from './shipping-setup.ts';

export interface SaveMethod extends RulesChange {
  /** Null makes a new method. */
  readonly id: ShippingMethodId | null;
  readonly method: MethodSetup;
}

/** Makes a shipping method, or changes one into this. Refuses SHIPPING_NAME_TAKEN and SHIPPING_METHOD_NOT_FOUND. */
export async function saveMethod(
  tx: TenantTx<StoreTenant>,
  { id, method, ...change }: SaveMethod,
): Promise<void> {
  await changeShippingRules(tx, change, async () => {
    const before = id && (await methodAsKept(tx, id));
    const kept = await writeMethod(tx, id, method);
    await writeAudit(tx, {
      ...change.act,
      action: 'shipping_method.saved',
      entity: 'shipping_method',
      entityId: kept,
      before: before || null,
      after: { ...method },
    });
  });
}

/** Removes a shipping method with its rates; orders keep its label. Refuses SHIPPING_METHOD_NOT_FOUND. */
export async function removeMethod(
  tx: TenantTx<StoreTenant>,
  { id, ...change }: RulesChange & { readonly id: ShippingMethodId },
): Promise<void> {
  const { sql, tenant } = tx;
  await changeShippingRules(tx, change, async () => {
    const before = await methodAsKept(tx, id);
    await sql`
      DELETE FROM shipping_methods WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${id}`;
    await writeAudit(tx, {
      ...change.act,
      action: 'shipping_method.removed',
      entity: 'shipping_method',
      entityId: id,
      before,
      after: null,
    });
  });
}

async function methodAsKept(tx: TenantTx<StoreTenant>, id: ShippingMethodId): Promise<ShippingMethod> {
  const { methods } = await shippingRules(tx);
  const method = methods.find((each) => each.id === id);
  if (!method) throw methodNotFound();
  return method;
}

async function writeMethod(
  { sql, tenant }: TenantTx<StoreTenant>,
  id: ShippingMethodId | null,
  { label, type, etaText, active }: MethodSetup,
): Promise<ShippingMethodId> {
  const writing =
    id === null
      ? sql<{ id: ShippingMethodId }[]>`
          INSERT INTO shipping_methods (merchant_id, store_id, label, type, eta_text, active)
          VALUES (${tenant.merchantId}, ${tenant.storeId}, ${label}, ${type}, ${etaText}, ${active}) RETURNING id`
      : sql<{ id: ShippingMethodId }[]>`
          UPDATE shipping_methods SET label = ${label}, type = ${type}, eta_text = ${etaText}, active = ${active}
          WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${id} RETURNING id`;
  const [row] = await writing.catch((error: unknown) => {
    throw violatedConstraint(error) === 'shipping_methods_merchant_id_store_id_label_key'
      ? refusal('SHIPPING_NAME_TAKEN', `There is a shipping method "${label}" already.`, {
          errors: { label: ['is taken'] },
        })
      : error;
  });
  if (!row) throw methodNotFound();
  return row.id;
}

function methodNotFound() {
  return refusal('SHIPPING_METHOD_NOT_FOUND', 'There is no such shipping method at this store.');
}
