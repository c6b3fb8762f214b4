import { murmur2 } from './kernel/hash.js';
import type { StreamId } from './kernel/ids.js';
import type { Lane } from './kernel/lane.js';

/** A change of the number of partitions is a new layout, never a change in place. */
export const LAYOUT = 'v1';
export const PARTITIONS = 12;

const DAY = 86_400_000;

/** Every topic with its retention in milliseconds. */
export const TOPICS = {
  'fiscal-invoice': { retentionMs: 7 * DAY },
  'auth-events': { retentionMs: 30 * DAY },
  'projection-events': { retentionMs: 7 * DAY },
  'commerce-order': { retentionMs: 7 * DAY },
  'delivery-shipment': { retentionMs: 7 * DAY },
} as const;

export type Topic = keyof typeof TOPICS;
const isTopic = (name: string): name is Topic => Object.hasOwn(TOPICS, name);

/** Topics of the types that were asked for: there are few, and each event asks. */
const known = new Map<string, Topic>();
const MAX_KNOWN = 1_000;

/** `auth.*` and `projection.*` have one topic each; otherwise the first two segments of the type joined by a hyphen. */
export function topicOf(type: string): Topic {
  const before = known.get(type);
  if (before !== undefined) return before;
  const topic = topicNamed(type);
  if (known.size < MAX_KNOWN) known.set(type, topic);
  return topic;
}

function topicNamed(type: string): Topic {
  const [first, second] = type.split('.');
  const name = first === 'auth' || first === 'projection' ? `${first}-events` : `${first}-${second}`;
  if (!isTopic(name)) throw new RangeError(`no topic for event type ${type}`);
  return name;
}

/** Kafka's own rule: murmur2 of the key with the sign bit cleared, modulo the partitions. */
export const partitionOf = (stream: StreamId): number => (murmur2(stream) & 0x7fffffff) % PARTITIONS;

export const laneName = (topic: Topic, partition: number): Lane => `${LAYOUT}/${topic}/${partition}` as Lane;

const namesOf = (topic: Topic): readonly Lane[] => Array.from({ length: PARTITIONS }, (_, partition) => laneName(topic, partition));
const LANES = Object.fromEntries(Object.keys(TOPICS).filter(isTopic).map((topic) => [topic, namesOf(topic)])) as Readonly<Record<Topic, readonly Lane[]>>;

export const laneOf = (type: string, stream: StreamId): Lane => LANES[topicOf(type)][partitionOf(stream)] as Lane;

export const lanesOf = (topics: readonly Topic[]): readonly Lane[] =>
  topics.flatMap((topic) => LANES[topic]);
