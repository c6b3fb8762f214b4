import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import { slotOf, SLOTS } from '#contracts/routing.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Pointer } from '#platform/control/pointer.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { evolveInvoice } from '../../../projections/invoice-row/evolve.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import { startProjections } from '../../../projections/role.js';
import { caughtUp } from './harness.js';

export interface Mortal {
  readonly log: ConnectionSettings;
  readonly control: ConnectionSettings;
  readonly shard: ConnectionSettings;
  /** Id of the invoice whose validation ends the process. */
  readonly deadly: string;
}

export interface Ending {
  /** Undefined: it caught up and was stopped. */
  readonly signal: NodeJS.Signals | undefined;
  /** Outcomes, when it caught up. */
  readonly outcomes?: unknown;
}

/** A live worker of `invoice-summary` in a process of its own, until it has caught up or died. */
export async function runMortal(mortal: Mortal): Promise<Ending> {
  const child = fork(fileURLToPath(import.meta.url), { env: { ...process.env, FOLIO_TEST_MORTAL: JSON.stringify(mortal) }, execArgv: [] });
  let outcomes: unknown;
  child.once('message', (message) => (outcomes = message));
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal ? { signal } : { signal: undefined, outcomes };
}

async function live({ log, control: controlSettings, shard, deadly }: Mortal): Promise<void> {
  const eventStore = new PostgresEventStore({ read: log });
  const control = new ControlDatabase(controlSettings);
  const shards = new Shards({ shards: [shard], slots: evenSlots(SLOTS, 1), slotOf, readers: 1 });
  const evolve: typeof INVOICE_SUMMARY.evolve = (row, event) => {
    const after = evolveInvoice(row as never, event as InvoiceEvent);
    if (after.id === deadly && event.type === 'fiscal.invoice.validated') process.kill(process.pid, 'SIGKILL');
    return after;
  };
  const handle = await startProjections({
    eventStore, rebuildStore: eventStore, shards, control, pointer: new Pointer(control, 'read-models'), progress: new ProgressHub(), owner: 'mortal', projections: [{ ...INVOICE_SUMMARY, evolve }],
    logger: { info: () => undefined, warn: () => undefined }, recordSwitch: () => Promise.resolve(),
  });
  await caughtUp(handle, INVOICE_SUMMARY.name);
  const outcomes = handle.workers()[INVOICE_SUMMARY.name]?.outcomes;
  await handle.stop();
  await Promise.all([shards.close(), control.close(), eventStore.close()]);
  process.send?.(outcomes);
  process.disconnect();
}

const given = process.env['FOLIO_TEST_MORTAL'];
if (given !== undefined) await live(JSON.parse(given) as Mortal);
