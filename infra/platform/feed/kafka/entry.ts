import type { Admin } from 'kafkajs';
import type { Lane } from '#contracts/kernel/lane.js';
import { placeOfLane } from '#contracts/kernel/lane.js';
import { ORIGIN, type Position } from '#contracts/kernel/position.js';
import { offsetsOf } from '../../bus/topics.js';
import type { EventStore } from '../../event-store/port.js';

/** Where a lane is taken up. */
export interface LaneEntry {
  readonly lane: Lane;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** Records after the checkpoint may have been deleted already: the lane is read from the store first. */
  readonly fromStore: boolean;
}

/** Clocks of store and broker may differ by this much (ms). */
const CLOCK_SLACK_MS = 60_000;

export interface EntryOptions {
  readonly admin: Admin;
  readonly prefix: string;
  readonly store: Pick<EventStore, 'readAll'>;
}

type Offsets = ReadonlyMap<number, { readonly low: bigint; readonly high: bigint }>;

/**
 * Finds for each lane an offset at or before its first unread record. A record is never published before its event was recorded, so the time of
 * the first event after the checkpoint bounds it; where the log of the broker begins later than that, something may be gone.
 */
export async function enterLanes(from: ReadonlyMap<Lane, Position>, { admin, prefix, store }: EntryOptions): Promise<readonly LaneEntry[]> {
  const topics = [...new Set([...from.keys()].map((lane) => prefix + placeOfLane(lane).topic))];
  // Offsets first: what is published after this lies behind them.
  const offsets = new Map(await Promise.all(topics.map(async (topic) => [topic, await bounds(admin, topic)] as const)));
  const times = await timesAfter(store, new Set(from.values()));
  return Promise.all([...from].map(async ([lane, position]) => {
    const { topic: name, partition } = placeOfLane(lane);
    const topic = prefix + name;
    const { low, high } = offsets.get(topic)?.get(partition) ?? { low: 0n, high: 0n };
    const wanted = await wantedOffset(admin, topic, partition, position, times.get(position), { low, high });
    return { lane, topic, partition, offset: String(wanted > low ? wanted : low), fromStore: low > 0n && wanted <= low };
  }));
}

async function bounds(admin: Admin, topic: string): Promise<Offsets> {
  return new Map((await offsetsOf(admin, topic)).map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]));
}

/** Time of the first event after each position (ms); undefined: there is none. */
async function timesAfter(store: Pick<EventStore, 'readAll'>, positions: ReadonlySet<Position>): Promise<ReadonlyMap<Position, number | undefined>> {
  return new Map(await Promise.all([...positions].map(async (position) => {
    const { events: [next] } = await store.readAll(position, { limit: 1 });
    return [position, next && Date.parse(next.recordedAt)] as const;
  })));
}

async function wantedOffset(admin: Admin, topic: string, partition: number, position: Position, time: number | undefined, { low, high }: { low: bigint; high: bigint }): Promise<bigint> {
  if (position === ORIGIN) return low === 0n ? 0n : low;
  if (time === undefined) return high;
  const found = await admin.fetchTopicOffsetsByTimestamp(topic, time - CLOCK_SLACK_MS);
  return BigInt(found.find((one) => one.partition === partition)?.offset ?? low);
}
