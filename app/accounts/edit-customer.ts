import { violatedConstraint } from '#core/db/database-errors.ts';
import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type Actor } from '#core/security/audit.ts';
import { customerByPublicId, type CustomerRow } from '../customers/customer-queries.ts';
import { refusal } from '../errors.ts';

/** What is undefined stays as it is; null empties. */
interface CustomerChanges {
  readonly first_name: string | undefined;
  readonly last_name: string | undefined;
  readonly email: string | null | undefined;
  readonly mobile: string | null | undefined;
  readonly note: string | null | undefined;
}

export interface CustomerEdit {
  readonly publicId: string;
  /** The one that the editor has seen. */
  readonly version: number;
  readonly changes: CustomerChanges;
  readonly actor: Actor;
  readonly requestId: string;
  readonly at: Date;
}

/**
 * Changes a customer's record by hand. Refuses CUSTOMER_CHANGED for an old version, EMAIL_TAKEN, and EMAIL_IS_PROVEN: the address that
 * opens an account is for its owner to change. The audit log says which fields changed; it lasts for ever, so it does not say what stood there.
 */
export async function editCustomer(tx: TenantTx<Tenant>, edit: CustomerEdit): Promise<CustomerRow> {
  const before = await customerByPublicId(tx, edit.publicId);
  const after = { ...before, ...present(edit.changes) };
  if (before.has_account && after.email !== before.email)
    throw refusal('EMAIL_IS_PROVEN', 'The address that opens an account is for its owner to change.');
  const changed = FIELDS.filter((field) => after[field] !== before[field]);
  if (before.version !== edit.version || !(await update(tx, after, edit.version)))
    throw refusal('CUSTOMER_CHANGED', `Expected version ${before.version}, received ${edit.version}.`, {
      version: before.version,
    });
  const { actor, requestId, at } = edit;
  await writeAudit(tx, {
    actor,
    requestId,
    at,
    action: 'customer.updated',
    entity: 'customer',
    entityId: before.id,
    before: { version: before.version },
    after: { version: before.version + 1, changed },
  });
  return customerByPublicId(tx, edit.publicId);
}

const FIELDS = [
  'first_name',
  'last_name',
  'email',
  'mobile',
  'note',
] as const satisfies (keyof CustomerChanges)[];

function present(changes: CustomerChanges): Partial<CustomerRow> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

async function update(
  { sql, tenant }: TenantTx<Tenant>,
  { id, first_name, last_name, email, mobile, note }: CustomerRow,
  version: number,
): Promise<boolean> {
  const { count } = await sql`
    UPDATE customers SET first_name = ${first_name}, last_name = ${last_name}, email = ${email}, mobile = ${mobile}, note = ${note},
      version = version + 1
    WHERE merchant_id = ${tenant.merchantId} AND id = ${id} AND version = ${version}`.catch(
    (error: unknown) => {
      if (violatedConstraint(error) !== 'customers_merchant_id_email_key') throw error;
      throw refusal('EMAIL_TAKEN', 'Another customer has this e-mail address.', {
        errors: { email: ['is another customer’s'] },
      });
    },
  );
  return count === 1;
}
