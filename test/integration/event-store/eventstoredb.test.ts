import { EventStoreDbStore } from '#platform/event-store/eventstoredb/store.js';
import { EventStoreDouble } from '../../support/eventstoredb/double.js';
import { eventStoreSuite } from '../../suites/event-store.js';

eventStoreSuite('eventstoredb, over gRPC against the in-memory double', async () => {
  const double = await EventStoreDouble.start();
  const store = new EventStoreDbStore({ connectionString: double.connectionString });
  return { store, close: async () => {
    await store.close();
    await double.stop();
  } };
}, { counts: false });

const connectionString = process.env['FOLIO_TEST_EVENTSTORE'];
if (connectionString !== undefined) {
  eventStoreSuite('eventstoredb, the server that FOLIO_TEST_EVENTSTORE names', async () => {
    const store = new EventStoreDbStore({ connectionString });
    return { store, close: () => store.close() };
  }, { counts: false });
} else process.stdout.write('  eventstoredb: FOLIO_TEST_EVENTSTORE is not set, only the double is asked\n');
