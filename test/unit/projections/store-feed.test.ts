import { MemoryEventStore } from '#platform/event-store/memory.js';
import { StoreFeed } from '#platform/feed/store-feed.js';
import { TOPIC_RULES } from '../../../projections/kit/topics.js';
import { feedSuite } from '../../suites/feed.js';

feedSuite('of the store', async () => {
  const store = new MemoryEventStore();
  return { feed: new StoreFeed(store, TOPIC_RULES), append: async (stream, events) => void (await store.append(stream, 'any', events)) };
});
