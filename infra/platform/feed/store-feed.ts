import type { Envelope } from '#contracts/kernel/envelope.js';
import type { Lane } from '#contracts/kernel/lane.js';
import { comparePositions, ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { EventStore } from '../event-store/port.js';
import { pause } from '../wake.js';
import { gatherMs } from './gather.js';
import type { Feed, FeedBatch, FeedOptions } from './port.js';

/** The contracts' rules that the feed needs and the platform does not know. */
export interface TopicRules {
  /** Prefix of the event types of a topic, `fiscal.invoice.`. */
  typePrefixOf(topic: string): string;
  laneOf(event: Pick<Envelope, 'type' | 'stream'>): Lane;
}

/** The store's own log as a feed: one subscription per consumer, filtered by topic, split into the same lanes as on the bus. */
export class StoreFeed implements Feed {
  readonly #store: Pick<EventStore, 'subscribe' | 'status'>;
  readonly #rules: TopicRules;

  constructor(store: Pick<EventStore, 'subscribe' | 'status'>, rules: TopicRules) {
    this.#store = store;
    this.#rules = rules;
  }

  #filter(topics: readonly string[]): { typePrefixes: string[] } {
    return { typePrefixes: topics.map((topic) => this.#rules.typePrefixOf(topic)) };
  }

  async *subscribe({ topics, from, batchSize, signal }: FeedOptions): AsyncIterable<FeedBatch> {
    const after = [...from.values()].sort(comparePositions)[0] ?? ORIGIN;
    const filter = this.#filter(topics);
    for await (const page of this.#store.subscribe({ after, filter, batchSize, signal })) {
      const entries = page.events.map((event) => ({ event, lane: this.#rules.laneOf(event) }));
      const began = performance.now();
      yield { entries, scannedTo: page.scannedTo, atHead: page.atHead };
      if (entries.length < batchSize) await pause(gatherMs(entries.length) - (performance.now() - began), signal);
    }
  }

  status(topics: readonly string[], after?: Position): ReturnType<Feed['status']> {
    return this.#store.status(after, this.#filter(topics));
  }
}
