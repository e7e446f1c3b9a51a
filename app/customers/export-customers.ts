import type { Readable } from 'node:stream';
import type { StoreTenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import { csvOf, type CsvCell } from '#core/http/csv.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';

const CUSTOMERS_PER_PAGE = 500;

const COLUMNS = ['First name', 'Last name', 'E-mail', 'Mobile', 'Points', 'Account', 'Since'];

interface ExportedCustomer {
  readonly id: number;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string | null;
  readonly mobile: string | null;
  readonly loyalty_points: number;
  readonly has_account: boolean;
  readonly created_at: Date;
}

/** The merchant's customers as a CSV, oldest first, made while it is read; those who were erased or merged are not in it. The audit log keeps who took it. */
export async function exportCustomers(
  db: TenantDb<StoreTenant>,
  act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>,
): Promise<Readable> {
  await db.write((tx) =>
    writeAudit(tx, {
      ...act,
      action: 'customers.exported',
      entity: 'customer',
      entityId: null,
      before: null,
      after: null,
    }),
  );
  return csvOf(COLUMNS, rowsOf(db), { forPeople: true });
}

async function* rowsOf(db: TenantDb<StoreTenant>): AsyncGenerator<CsvCell[]> {
  let after: number | undefined = 0;
  while (after !== undefined) {
    const id: number = after;
    const page = await db.read((tx) => customersAfter(tx, id));
    yield* page.map(cellsOf);
    after = page.at(-1)?.id;
  }
}

function cellsOf(customer: ExportedCustomer): CsvCell[] {
  const { first_name, last_name, email, mobile, loyalty_points, has_account, created_at } = customer;
  const account = has_account ? 'yes' : 'no';
  return [first_name, last_name, email, mobile, loyalty_points, account, created_at.toISOString()];
}

function customersAfter({ sql, tenant }: TenantTx<StoreTenant>, after: number): Promise<ExportedCustomer[]> {
  return sql<ExportedCustomer[]>`
    SELECT id, first_name, last_name, email, mobile, loyalty_points, password_hash IS NOT NULL AS has_account, created_at
    FROM customers WHERE merchant_id = ${tenant.merchantId} AND id > ${after} AND erased_at IS NULL AND merged_into IS NULL
    ORDER BY id LIMIT ${CUSTOMERS_PER_PAGE}`;
}
