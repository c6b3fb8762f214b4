import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import { platformProblem } from '#contracts/kernel/errors.js';

/** What a topic must be. Partition counts never change in place: another count is another layout, and so another topic. */
export interface TopicSpec {
  /** Full name on the cluster, prefix included. */
  readonly name: string;
  readonly partitions: number;
  /** Broker settings by name, set when the topic is made. */
  readonly settings: Readonly<Record<string, string>>;
  /** Of `settings`, those without which events would be lost: another value is refused. */
  readonly binding: readonly string[];
}

/** Largest batch of one partition that the broker takes (bytes). */
export const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** A topic of events: publish time as timestamp (an old event time would be deleted by retention at once). */
export const eventTopic = (name: string, partitions: number, retentionMs: number): TopicSpec => ({
  name, partitions, binding: ['message.timestamp.type', 'cleanup.policy'],
  settings: { 'message.timestamp.type': 'LogAppendTime', 'cleanup.policy': 'delete', 'retention.ms': String(retentionMs), 'max.message.bytes': String(MAX_BATCH_BYTES) },
});

/** A topic of which the last record per key is kept. */
export const compactedTopic = (name: string): TopicSpec => ({
  name, partitions: 1, binding: ['cleanup.policy'],
  settings: { 'cleanup.policy': 'compact', 'segment.ms': '3600000', 'min.cleanable.dirty.ratio': '0.1' },
});

/** Copies of each record; as many as the cluster has brokers, up to three. */
const MAX_COPIES = 3;

/**
 * Makes the topics that are missing and checks those that are there.
 * @returns the largest batch (bytes) each takes, by name
 * @throws Problem bus-topic-wrong when one cannot be used as it is
 */
export async function ensureTopics(admin: Admin, specs: readonly TopicSpec[]): Promise<ReadonlyMap<string, number>> {
  const existing = new Set(await admin.listTopics());
  const missing = specs.filter(({ name }) => !existing.has(name));
  if (missing.length > 0) await makeTopics(admin, missing);
  await checkPartitions(admin, specs);
  return checkSettings(admin, specs);
}

async function makeTopics(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  const { brokers } = await admin.describeCluster();
  const replicationFactor = Math.min(MAX_COPIES, brokers.length);
  const topics = specs.map(({ name, partitions, settings }) => ({
    topic: name, numPartitions: partitions, replicationFactor, configEntries: Object.entries(settings).map(([key, value]) => ({ name: key, value })),
  }));
  await createTopics(admin, topics);
}

/** Makes topics, and waits until all of their partitions have leaders that whoever asks is told of. Those that are there stay as they are. */
export async function createTopics(admin: Admin, topics: readonly ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics: [...topics], waitForLeaders: false });
  await repeated(() => admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) }), MADE_TRIES);
}

async function checkPartitions(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  const { topics } = await admin.fetchTopicMetadata({ topics: specs.map(({ name }) => name) });
  for (const { name, partitions } of specs) {
    const found = topics.find((topic) => topic.name === name)?.partitions.length ?? 0;
    if (found === partitions) continue;
    throw platformProblem('bus-topic-wrong', { topic: name, reason: `it has ${found} partitions, the layout has ${partitions}; events of one stream would be read in another lane` });
  }
}

async function checkSettings(admin: Admin, specs: readonly TopicSpec[]): Promise<ReadonlyMap<string, number>> {
  const configNames = [...new Set(specs.flatMap(({ binding }) => binding)), 'max.message.bytes'];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false, resources: specs.map(({ name }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name, configNames })),
  });
  const found = new Map(resources.map(({ resourceName, configEntries }) => [resourceName, new Map(configEntries.map(({ configName, configValue }) => [configName, configValue]))]));
  for (const { name, settings, binding } of specs) {
    for (const setting of binding) {
      const value = found.get(name)?.get(setting);
      if (value !== settings[setting]) throw platformProblem('bus-topic-wrong', { topic: name, reason: `its ${setting} is ${value ?? 'unknown'}, it must be ${settings[setting] ?? ''}` });
    }
  }
  return new Map(specs.map(({ name }) => [name, Number(found.get(name)?.get('max.message.bytes') ?? MAX_BATCH_BYTES)]));
}

/** Tries of a question about a topic that was made a moment ago: whoever is asked may not know it yet, and the client does not repeat this one by itself. */
const OFFSET_TRIES = 40;
const MADE_TRIES = 600;
const PAUSE_MS = 50;

/** First and next offset of each partition. */
export const offsetsOf = (admin: Admin, topic: string): ReturnType<Admin['fetchTopicOffsets']> => repeated(() => admin.fetchTopicOffsets(topic), OFFSET_TRIES);

async function repeated<Result>(ask: () => Promise<Result>, most: number): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries >= most || (error as { retriable?: boolean }).retriable !== true) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
