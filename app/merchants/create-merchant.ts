import type { Database } from '#core/db/database.ts';
import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import type { MerchantId } from '#core/values/ids.ts';

export interface NewMerchant {
  readonly name: string;
  readonly act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;
}

/** Takes the id of a merchant to be. The walls show a row only to its own tenant, so a transaction must be bound to the id first. */
export async function nextMerchantId({ directory }: Database): Promise<MerchantId> {
  const [row] = await directory<{ id: MerchantId }[]>`SELECT nextval('merchants_id_seq')::bigint AS id`;
  if (!row) throw new Error('merchants: the sequence returned no id');
  return row.id;
}

/** Creates the merchant that the transaction is bound to. */
export async function createMerchant(tx: TenantTx<Tenant>, { name, act }: NewMerchant): Promise<void> {
  const { sql, tenant } = tx;
  await sql`INSERT INTO merchants (id, name, created_at) VALUES (${tenant.merchantId}, ${name}, ${act.at})`;
  await writeAudit(tx, {
    ...act,
    action: 'merchant.created',
    entity: 'merchant',
    entityId: tenant.merchantId,
    before: null,
    after: { name },
  });
}
