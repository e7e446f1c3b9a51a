import type { TenantTx } from '#core/db/tenant.ts';
import type { DeliveredEvent } from '#core/events/listener.ts';
import { notify } from './notify.ts';

const KIND = 'mails_failing';
/** A mail server that is down fails every mail: staff are told once in so many minutes. */
const PAUSE_MINUTES = 60;

/** Tells staff that a mail is lost unless someone sends it again. */
export async function notifyMailsFailing(tx: TenantTx, { id, storeId }: DeliveredEvent): Promise<void> {
  if (await wasTold(tx)) return;
  await notify(
    tx,
    { id, storeId, occurredAt: new Date() },
    {
      kind: KIND,
      title: 'A mail could not be sent',
      body: 'It was tried for 40 minutes, and others may fail too: ask whoever runs the mail server. Customers can be written to again from their orders.',
    },
  );
}

async function wasTold({ sql, tenant }: TenantTx): Promise<boolean> {
  const [told] = await sql`
    SELECT FROM notifications
    WHERE merchant_id = ${tenant.merchantId} AND store_id IS NOT DISTINCT FROM ${tenant.storeId} AND kind = ${KIND}
      AND created_at > now() - make_interval(mins => ${PAUSE_MINUTES})
    LIMIT 1`;
  return told !== undefined;
}
