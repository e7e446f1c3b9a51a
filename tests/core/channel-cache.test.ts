import { expect, it } from 'vitest';
import { ChannelCache } from '#core/cache/channel-cache.ts';
import type { Subscriber } from '#core/realtime/channel-feed.ts';
import type { MerchantId } from '#core/values/ids.ts';

const TENANT = { merchantId: 1 as MerchantId, storeId: null };

/** A cache with a hub whose channels are silent, and what it makes because it does not have it. */
function cacheOf(limits: { channelsMax?: number; valuesMax?: number }) {
  const heard = new Map<string, Set<Subscriber>>();
  const feed = (_: unknown, channel: string) => {
    const subscribers = heard.get(channel) ?? new Set<Subscriber>();
    heard.set(channel, subscribers);
    return { subscribers, sync: () => Promise.resolve() };
  };
  const cache = new ChannelCache({ feed }, limits);
  const made: string[] = [];
  /** The first value of a channel is forgotten once its position is known. */
  const ask = async (channel: string, name = 'store') => {
    await cache.of(TENANT, channel).get('first', () => Promise.resolve());
    await cache.of(TENANT, channel).get(name, () => Promise.resolve(void made.push(`${channel} ${name}`)));
  };
  const listened = () => [...heard].flatMap(([channel, { size }]) => (size > 0 ? [channel] : []));
  return { ask, made, listened };
}

it('keeps the channels that are asked for, and lets go of the one unused for longest', async () => {
  const { ask, made, listened } = cacheOf({ channelsMax: 3 });
  for (const channel of ['busy', 'quiet', 'other']) await ask(channel);
  await ask('busy');
  await ask('new');
  made.length = 0;
  await ask('busy');
  expect(made).toEqual([]);
  expect(listened().toSorted()).toEqual(['busy', 'new', 'other']);
});

it('keeps no more values than it may, of however many channels', async () => {
  const { ask, made, listened } = cacheOf({ valuesMax: 6 });
  await ask('first');
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await ask('second', name);
  await ask('second', 'g');
  expect(listened()).toEqual(['second']);
  made.length = 0;
  await ask('first');
  expect(made).toEqual(['first store']);
});
