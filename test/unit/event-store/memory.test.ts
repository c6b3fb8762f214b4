import { MemoryEventStore } from '#platform/event-store/memory.js';
import { eventStoreSuite } from '../../suites/event-store.js';

eventStoreSuite('memory', async () => ({ store: new MemoryEventStore(), close: async () => undefined }));
