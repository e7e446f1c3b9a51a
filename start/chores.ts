import { pruneRows, type Chore } from '#core/events/event-maintenance.ts';
import { sweepLooseFiles } from '#core/files/loose-files.ts';
import type { MediaDisk } from '#core/files/media.ts';

/** A mail's outcome is asked for while someone may still wonder whether it went out. */
const MAIL_LOG_DAYS = 180;
/** A place that was taken counts until its quarter of an hour is past; the rest is for whoever looks into a complaint. */
const SLOT_DAYS = 7;

/** What the shop has swept up every hour. */
export function chores(media: MediaDisk): Chore[] {
  return [
    (owner) => pruneRows(owner, { table: 'mail_log', since: 'at', days: MAIL_LOG_DAYS }),
    (owner) => pruneRows(owner, { table: 'store_slots', since: 'slot_at', days: SLOT_DAYS }),
    (owner) => sweepLooseFiles(owner, media),
  ];
}
