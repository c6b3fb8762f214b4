import type { Envelope } from '#contracts/kernel/envelope.js';
import { laneName, laneOf, lanesOf, TOPICS, topicOf, type Topic } from '#contracts/topics.js';
import type { Lane } from '#contracts/kernel/lane.js';
import type { TopicRules } from '#platform/feed/store-feed.js';

/** `fiscal-invoice` → `fiscal.invoice.`; the topics of one first segment (`auth-events`) → `auth.`. */
export const typePrefixOf = (topic: string): string => `${topic.replace(/-events$/u, '').replaceAll('-', '.')}.`;

const asTopic = (name: string): Topic => {
  if (!Object.hasOwn(TOPICS, name)) throw new RangeError(`no topic ${name}`);
  return name as Topic;
};

export const TOPIC_RULES: TopicRules & { laneName(topic: string, partition: number): Lane } = {
  typePrefixOf: (topic) => typePrefixOf(asTopic(topic)),
  laneName: (topic, partition) => laneName(asTopic(topic), partition),
  laneOf: (event: Pick<Envelope, 'type' | 'stream'>) => laneOf(event.type, event.stream),
};

export { lanesOf, topicOf };
