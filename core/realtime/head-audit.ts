import { setTimeout as after } from 'node:timers/promises';
import type { Pool } from '#core/db/pool.ts';
import type { ChannelFeed } from './channel-feed.ts';
import type { Position } from './cursor.ts';
import { withinReach } from './replay.ts';

const AUDIT_DEADLINE_MS = 2_000;

/**
 * The feeds that are not where the database is: an event whose hint never came, another numbering, another history, a first read that failed.
 * One statement for all channels of the node. Rejects when the database does not answer in time.
 */
export async function feedsOutOfStep(
  system: Pool,
  feeds: readonly ChannelFeed[],
): Promise<readonly ChannelFeed[]> {
  if (feeds.length === 0) return [];
  const positions = feeds.map(({ position }) => position);
  const heads = await withDeadline(readHeads(system, feeds));
  return feeds.filter((feed, index) => !isInStep(feed, positions[index], heads[index]));
}

/** Compared with where the feed was when it was asked about, because hints may have brought it past what the statement saw. */
function isInStep(
  { position }: ChannelFeed,
  from: Position | null | undefined,
  head: Position | undefined,
): boolean {
  if (!position || !from || !head) return false;
  return withinReach(head, from) && head.seq <= position.seq;
}

async function readHeads(system: Pool, feeds: readonly ChannelFeed[]): Promise<Position[]> {
  const merchants = feeds.map(({ merchantId }) => merchantId);
  const channels = feeds.map(({ channel }) => channel);
  const rows = await system<{ timeline: string; epoch: string | null; last_seq: number | null }[]>`
    SELECT history.timeline, head.epoch, head.last_seq
    FROM (SELECT database_timeline() AS timeline) AS history
    CROSS JOIN unnest(${merchants}::bigint[], ${channels}::text[]) WITH ORDINALITY AS asked (merchant_id, channel, ordinal)
    LEFT JOIN stream_heads AS head USING (merchant_id, channel)
    ORDER BY ordinal`;
  return rows.map((row) => ({ epoch: row.epoch, timeline: row.timeline, seq: row.last_seq ?? 0 }));
}

async function withDeadline<Result>(work: Promise<Result>): Promise<Result> {
  const timer = new AbortController();
  const deadline = after(AUDIT_DEADLINE_MS, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw new Error(`the database did not compare stream heads within ${AUDIT_DEADLINE_MS} ms`);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    timer.abort();
    deadline.catch(() => undefined);
  }
}
