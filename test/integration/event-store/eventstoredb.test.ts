import { EventStoreDbStore } from '#platform/event-store/eventstoredb/store.js';
import { EventStoreDouble } from '../../support/eventstoredb/double.js';
import { fromDocker } from '../../support/engines.js';
import { eventStoreSuite } from '../../suites/event-store.js';

/** The first start of a container downloads its image (ms). */
const PULL_MS = 300_000;

eventStoreSuite('eventstoredb, over gRPC against the in-memory double', async () => {
  const double = await EventStoreDouble.start();
  const store = new EventStoreDbStore({ connectionString: double.connectionString });
  return { store, close: async () => {
    await store.close();
    await double.stop();
  } };
}, { counts: false });

describe('a real EventStoreDB or KurrentDB', () => {
  let connectionString: string | undefined;
  before(async function () {
    this.timeout(PULL_MS);
    connectionString = process.env['FOLIO_TEST_EVENTSTORE'] ?? (await fromDocker('eventstore'));
    if (connectionString !== undefined) return;
    process.stdout.write('skipped: the contract suite on a real EventStoreDB: FOLIO_TEST_EVENTSTORE is not set and there is no Docker; the double was asked\n');
    this.skip();
  });
  eventStoreSuite('eventstoredb, on a server', async () => {
    const store = new EventStoreDbStore({ connectionString: connectionString ?? '' });
    return { store, close: () => store.close() };
  }, { counts: false });
});
