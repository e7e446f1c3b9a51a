import { pruneRows, type AgingRows } from '#core/db/prune-rows.ts';
import type { Chore } from '#core/events/event-maintenance.ts';
import { sweepLooseFiles } from '#core/files/loose-files.ts';
import type { MediaDisk } from '#core/files/media.ts';

/** What ends in a link of a mail is good for hours; in the days after, people are still told why it opens nothing. */
const LINK_DAYS = 1;

/** Rows that are of no use to anybody after some days. Each table has a policy that lets the owner remove those, and nothing younger. */
export const agingRows = [
  // A promise that requests with one key are one request.
  { table: 'idempotency_keys', since: 'created_at', days: 1 },
  { table: 'directory_realtime_tickets', since: 'expires_at', days: 0 },
  { table: 'directory_sign_in_attempts', since: 'window_started_at', days: 1 },
  { table: 'staff_sessions', since: 'expires_at', days: 0 },
  { table: 'customer_sessions', since: 'expires_at', days: 0 },
  { table: 'customer_registrations', since: 'expires_at', days: LINK_DAYS },
  { table: 'customer_password_resets', since: 'expires_at', days: LINK_DAYS },
  { table: 'customer_email_changes', since: 'expires_at', days: LINK_DAYS },
  // Accepted or not: whoever came is in the audit log.
  { table: 'staff_invitations', since: 'expires_at', days: 30 },
  // They can be looked at and sent again.
  { table: 'webhook_deliveries', since: 'created_at', days: 30 },
  { table: 'notifications', since: 'created_at', days: 90 },
  // A mail's outcome is asked for while someone may still wonder whether it went out.
  { table: 'mail_log', since: 'at', days: 180 },
  // A place that was taken counts until its quarter of an hour is past; the rest is for whoever looks into a complaint.
  { table: 'store_slots', since: 'slot_at', days: 7 },
] as const satisfies readonly AgingRows[];

/** What the shop has swept up every hour. */
export function chores(media: MediaDisk): Chore[] {
  return [
    ...agingRows.map(
      (rows): Chore =>
        (owner) =>
          pruneRows(owner, rows),
    ),
    (owner) => sweepLooseFiles(owner, media),
  ];
}
