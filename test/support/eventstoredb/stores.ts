import { EventStoreDbStore, type EventStoreDbOptions } from '#platform/event-store/eventstoredb/store.js';
import { EventStoreDouble, type DoubleOptions } from './double.js';

/** Doubles and stores of one test, closed together after it. */
export class DoubleFixture {
  readonly #close: (() => Promise<void>)[] = [];

  async double(options: DoubleOptions = {}): Promise<EventStoreDouble> {
    const double = await EventStoreDouble.start(options);
    this.#close.push(() => double.stop());
    return double;
  }

  /** With short times, so that a test of a silent server is short too. */
  store({ connectionString }: { readonly connectionString: string }, options: Omit<EventStoreDbOptions, 'connectionString'> = {}): EventStoreDbStore {
    const store = new EventStoreDbStore({ connectionString, appendDeadlineMs: 150, patienceMs: 400, readIdleMs: 300, ...options });
    this.#close.push(() => store.close());
    return store;
  }

  async close(): Promise<void> {
    for (const close of this.#close.splice(0).reverse()) await close();
  }
}
