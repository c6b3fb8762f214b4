import { SLOTS, slotOf } from '#contracts/routing.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Pointer } from '#platform/control/pointer.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import type { Databases } from '../../cli/instance/databases.js';
import { ROW_PROJECTIONS, startProjections } from '../../projections/role.js';
import type { RebuildAnswer, RebuildInput } from './rebuild.js';
import { answerSide } from './side.js';

const SLOW_MS = 2_500;
/** A look at the memory costs a fifth of a millisecond. */
const LOOK_MS = 50;

interface Worker {
  rebuild(): Promise<Readonly<Record<string, number>>>;
  verify(): Promise<boolean>;
  close(): Promise<void>;
}

let worker: Promise<Worker> | undefined;

/** A running worker that has caught up with the log, as a command to rebuild finds it. */
async function startWorker(databases: Databases, names: readonly string[]): Promise<Worker> {
  const store = new PostgresEventStore({ read: databases.readLog, readers: 3 });
  const control = new ControlDatabase(databases.control);
  const shards = new Shards({ shards: databases.shards, slots: evenSlots(SLOTS, databases.shards.length), slotOf });
  const projections = await startProjections({
    eventStore: store, rebuildStore: store, shards, control, pointer: new Pointer(control, 'main'), progress: new ProgressHub(), logger: { info: () => undefined, warn: () => undefined },
    recordSwitch: async () => undefined, owner: 'bench', projections: ROW_PROJECTIONS.filter(({ name }) => names.includes(name)),
  });
  const { head } = await store.status();
  const caughtUp = async (): Promise<boolean> => (await projections.status()).every(({ position }) => position === head);
  while (!(await caughtUp())) await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    rebuild: () => projections.rebuildSet(names),
    verify: async () => {
      const reports = await Promise.all(names.map((name) => projections.verify(name)));
      return reports.every(({ damaged, digestHolds }) => damaged === 0 && digestHolds === true);
    },
    close: async () => {
      await projections.stop();
      await shards.close();
      await control.close();
      await store.close();
    },
  };
}

answerSide(async ({ databases, slow, names = ['invoice-summary'] }: RebuildInput): Promise<RebuildAnswer> => {
  const running = await (worker ??= startWorker(databases, names));
  let rssPeak = 0;
  const look = (): void => { rssPeak = Math.max(rssPeak, process.memoryUsage.rss()); };
  const watch = setInterval(look, LOOK_MS);
  const began = performance.now();
  if (slow) await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  const generations = await running.rebuild();
  const seconds = (performance.now() - began) / 1_000;
  clearInterval(watch);
  look();
  return { seconds, generation: generations['invoice-summary'] ?? 0, generations, verified: await running.verify(), rssPeak };
}, async () => (await worker)?.close());
