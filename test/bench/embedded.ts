import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { SLOTS, slotOf } from '#contracts/routing.js';
import { MemoryCache } from '#platform/cache/memory.js';
import { ControlDatabase } from '#platform/control/database.js';
import type { Activity } from '#platform/http/activity.js';
import { Pointer } from '#platform/control/pointer.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import type { Databases } from '../../cli/instance/databases.js';
import { startProjections, type ProjectionsHandle, type WorkerHooks } from '../../projections/role.js';

export interface EmbeddedSystem {
  readonly store: PostgresEventStore;
  readonly shards: Shards;
  readonly pointer: Pointer;
  readonly progress: ProgressHub;
  readonly cache: MemoryCache<InvoiceSummary>;
  readonly projections: ProjectionsHandle;
  stop(): Promise<void>;
}

/** Opens the log in a thread of a rebuild, as a running instance does. */
const READ_LOG = new URL('../../cli/instance/read-log.js', import.meta.url).href;

/** Log and all projections in this process, as `npm start` runs them; resolves when the summary has its generation. */
export async function startEmbedded(databases: Databases, hooks: WorkerHooks = {}, traffic?: Activity): Promise<EmbeddedSystem> {
  const store = new PostgresEventStore({ append: databases.append, read: databases.readLog });
  const control = new ControlDatabase(databases.control);
  const shards = new Shards({ shards: databases.shards, slots: evenSlots(SLOTS, databases.shards.length), slotOf });
  const pointer = new Pointer(control, 'main');
  const progress = new ProgressHub();
  const cache = new MemoryCache<InvoiceSummary>({ maxBytes: 64_000_000, sizeOf: () => 2_000 });
  const projections = await startProjections({
    eventStore: store, rebuildStore: store, rebuildLog: { module: READ_LOG, data: { postgres: databases.readLog } }, shards, control, pointer, progress, owner: 'bench', logger: { info: () => undefined, warn: () => undefined }, recordSwitch: async () => undefined, cache, hooks, ...(traffic && { traffic }),
  });
  while (pointer.generationOf('invoice-summary') === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
  const stop = async (): Promise<void> => {
    await projections.stop();
    await shards.close();
    await control.close();
    await store.close();
  };
  return { store, shards, pointer, progress, cache, projections, stop };
}
