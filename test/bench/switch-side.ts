import { SLOTS, slotOf } from '#contracts/routing.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Pointer } from '#platform/control/pointer.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { InvoiceRows } from '../../read-side/queries/invoice-rows.js';
import { ReadView } from '../../read-side/view.js';
import { benchStream } from './history.js';
import { answerSide, sharedNow } from './side.js';
import type { SwitchAnswer, SwitchInput } from './switch.js';

const PAUSE_MS = 2;
let stopped = false;

answerSide(async (input: SwitchInput | { readonly stop: true }): Promise<SwitchAnswer> => {
  if ('stop' in input) {
    stopped = true;
    // The first question is the one that is answered.
    return new Promise(() => undefined);
  }
  return read(input);
});

/** Reads one row after the other through the pointer, as a query API does, until it is told to stop. */
async function read({ databases, invoices, delayMs }: SwitchInput): Promise<SwitchAnswer> {
  const control = new ControlDatabase(databases.control);
  const shards = new Shards({ shards: databases.shards, slots: evenSlots(SLOTS, databases.shards.length), slotOf, readers: 2 });
  const pointer = new Pointer(control, 'main');
  await pointer.refresh();
  const following = new AbortController();
  const done = pointer.follow(following.signal, `bench-${process.pid}`);
  const seen: { generation: number; at: number }[] = [];
  let [reads, failed, last] = [0, 0, pointer.generationOf('invoice-summary') ?? 0];
  while (!stopped) {
    const view = new ReadView({ shards, pointer, progress: new ProgressHub(), log: new MemoryEventStore() });
    const row = await new InvoiceRows().find(view, benchStream(reads % invoices).slice('invoice-'.length)).catch(() => undefined);
    reads += 1;
    if (!row) failed += 1;
    const generation = view.generationOf('invoice-summary');
    if (generation !== last) seen.push({ generation, at: sharedNow() + delayMs });
    last = generation;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  following.abort();
  await done;
  await shards.close();
  await control.close();
  return { seen, reads, failed };
}
