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
  const moved = await withDeadline(headsElsewhere(system, feeds, positions));
  return moved.flatMap(({ nth, ...head }) => {
    const feed = feeds[nth];
    return feed && !isInStep(feed, positions[nth], head) ? [feed] : [];
  });
}

/** Compared with where the feed was when it was asked about, because hints may have brought it past what the statement saw. */
function isInStep({ position }: ChannelFeed, from: Position | null | undefined, head: Position): boolean {
  if (!position || !from) return false;
  return withinReach(head, from) && head.seq <= position.seq;
}

/** A head that is not at the position of its feed, by the feed's place in the list. */
interface MovedHead extends Position {
  readonly nth: number;
}

/** No feed that has no position yet is where the database is. */
const NOWHERE = { epoch: null, timeline: '', seq: -1 };

/** Those that are where their feeds are, nearly all, are not sent. */
async function headsElsewhere(
  system: Pool,
  feeds: readonly ChannelFeed[],
  positions: readonly (Position | null)[],
): Promise<MovedHead[]> {
  const from = positions.map((position) => position ?? NOWHERE);
  const merchants = feeds.map(({ merchantId }) => merchantId);
  const channels = feeds.map(({ channel }) => channel);
  const epochs = from.map(({ epoch }) => epoch ?? '');
  const timelines = from.map(({ timeline }) => timeline);
  const seqs = from.map(({ seq }) => seq);
  return system<MovedHead[]>`
    SELECT asked.ordinal - 1 AS nth, head.epoch, history.timeline, coalesce(head.last_seq, 0) AS seq
    FROM (SELECT database_timeline() AS timeline) AS history
    CROSS JOIN unnest(${merchants}::bigint[], ${channels}::text[], ${epochs}::text[], ${timelines}::text[], ${seqs}::bigint[])
      WITH ORDINALITY AS asked (merchant_id, channel, epoch, timeline, seq, ordinal)
    LEFT JOIN stream_heads AS head USING (merchant_id, channel)
    WHERE coalesce(head.last_seq, 0) <> asked.seq OR coalesce(head.epoch::text, '') <> asked.epoch OR history.timeline <> asked.timeline`;
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
