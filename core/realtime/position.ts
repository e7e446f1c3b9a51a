import type { TenantTx } from '#core/db/tenant.ts';
import { cursorOf } from './cursor.ts';
import { readHead } from './replay.ts';

/**
 * The cursor that belongs to a snapshot: subscribing with it yields exactly the events that the snapshot does not contain. Call it first inside
 * `db.snapshot(…)`, so that position and data are of one moment; in any other transaction the data may already be newer than the position.
 */
export async function positionOf(tx: TenantTx, channel: string): Promise<string> {
  return cursorOf(await readHead(tx, channel));
}
