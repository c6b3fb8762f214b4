import { platformProblem } from '#contracts/kernel/errors.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import type { LogOpener } from '../../../projections/worker/rebuild/fill-messages.js';

/** What a thread of the test is given: it shares a counter with the test. */
export interface FillLog {
  readonly read: ConnectionSettings;
  readonly pageEvents: number;
  /** Pages that were read, and at which of them the fault happens (0: never). */
  readonly shared: SharedArrayBuffer;
  readonly fault: 'refuses' | 'ends' | 'fails';
}

export const PAGES = 0;
export const FAULT_AT = 1;

/** The log as a thread opens it, page by page in small pages, with a fault at one of them. */
export const openLog: LogOpener['openLog'] = async (data) => {
  const { read, pageEvents, shared, fault } = data as FillLog;
  const store = new PostgresEventStore({ read, readers: 2 });
  const numbers = new Int32Array(shared);
  return {
    readStream: (...asked) => store.readStream(...asked),
    close: () => store.close(),
    readAll: (after, options) => {
      const page = Atomics.add(numbers, PAGES, 1) + 1;
      Atomics.notify(numbers, PAGES);
      if (page === Atomics.load(numbers, FAULT_AT)) {
        if (fault === 'ends') process.exit(1);
        throw fault === 'refuses' ? platformProblem('store-unavailable') : Object.assign(new Error('no room'), { code: '53100' });
      }
      return store.readAll(after, { ...options, limit: pageEvents });
    },
  };
};
