import { AssertionError } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import { comparePositions, ORIGIN } from '#contracts/kernel/position.js';
import type { VerificationReport } from '#contracts/queries.js';
import { slotOf, SLOTS } from '#contracts/routing.js';
import { laneOf } from '#contracts/topics.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Pointer } from '#platform/control/pointer.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { WriterConnection } from '#platform/read-store/connection.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { startProjections, type ProjectionsHandle } from '../../role.js';
import type { ProjectedRow, RowProjection } from '../projection.js';
import { readStored } from './read-stored.js';
import type { Scenario } from './scenario.js';
import type { Stored } from './stored.js';

export interface RebuildPlaces {
  readonly control: ConnectionSettings;
  readonly shards: readonly ConnectionSettings[];
}

/** What the live worker and the rebuild have made of the same log. */
export interface Rebuilt<Row extends ProjectedRow> {
  readonly scenario: Scenario;
  readonly live: Stored<Row>;
  readonly rebuilt: Stored<Row>;
}

/** So small that streams are written and come back, and that the rebuild could be interrupted at many places. */
const WINDOW_BYTES = 2_000;
const MARK_EVENTS = 4;
const LOOK_MS = 3;
const PATIENCE_MS = 15_000;

/**
 * Rebuilds the projection while its live worker goes on, and the log grows: the first half of the log is there when the rebuild begins, the
 * rest comes during it. The rebuild compares by digest and switches; then both generations are read, and every row is verified.
 * @throws AssertionError when the rebuild refuses the switch, or when verifying finds anything
 */
export async function rebuildBesideLive<Row extends ProjectedRow>(projection: RowProjection<Row>, scenario: Scenario, { control, shards }: RebuildPlaces): Promise<Rebuilt<Row>> {
  const store = new MemoryEventStore();
  const [database, slots] = [new ControlDatabase(control), evenSlots(SLOTS, shards.length)];
  const opened = new Shards({ shards, slots, slotOf, readers: 2 });
  const connections = shards.map((settings) => new WriterConnection(settings, 'projection-kit'));
  await appendAgain(store, scenario, 0, scenario.entries.length / 2);
  const handle = await startProjections({
    eventStore: store, rebuildStore: store, shards: opened, control: database, pointer: new Pointer(database, 'projection-kit'), progress: new ProgressHub(), owner: 'projection-kit',
    logger: { info: () => undefined, warn: () => undefined }, projections: [projection], recordSwitch: () => Promise.resolve(),
  });
  try {
    const rebuilding = handle.rebuild(projection.name, { windowBytes: WINDOW_BYTES, markEvents: MARK_EVENTS }).catch((error: unknown) => refused(projection.name, handle, error));
    await Promise.all([rebuilding, appendAgain(store, scenario, scenario.entries.length / 2, scenario.entries.length)]);
    await caughtUp(handle, projection.name, store);
    checkVerified(await handle.verify(projection.name));
    const generation = await rebuilding;
    const [live, rebuilt] = [await readStored(connections, projection.name, generation - 1, projection), await readStored(connections, projection.name, generation, projection)];
    return { live, rebuilt, scenario: { ...scenario, store, entries: await entriesOf(store) } };
  } finally {
    await handle.stop();
    await Promise.all([...connections.map((connection) => connection.close()), opened.close(), database.close()]);
  }
}

/** In the order of the log, so that positions are the same. */
async function appendAgain(store: MemoryEventStore, { entries }: Scenario, from: number, to: number): Promise<void> {
  for (const { event } of entries.slice(Math.ceil(from), Math.ceil(to))) {
    const { stream, revision: _, position: __, recordedAt: ___, ...event_ } = event;
    await store.append(stream, 'any', [event_]);
    await pause(0);
  }
}

async function entriesOf(store: MemoryEventStore): Promise<Scenario['entries']> {
  const { events } = await store.readAll(ORIGIN, { limit: Number.MAX_SAFE_INTEGER });
  return events.map((event) => ({ event, lane: laneOf(event.type, event.stream) }));
}

/** Every lane has committed the head of the log. */
async function caughtUp(handle: ProjectionsHandle, name: string, store: MemoryEventStore): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  const { head } = await store.status();
  while (comparePositions(handle.workers()[name]?.position ?? ORIGIN, head) < 0) {
    if (Date.now() > deadline) throw new AssertionError({ message: `the live worker of ${name} did not come to the head of the log within ${PATIENCE_MS} ms` });
    await pause(LOOK_MS);
  }
}

function refused(name: string, handle: ProjectionsHandle, error: unknown): never {
  const told = error instanceof Error ? error.message : String(error);
  throw new AssertionError({ message: `the rebuild of ${name} beside its live worker was refused: ${told}\n${JSON.stringify(handle.lastRebuild(name)?.comparison ?? null, null, 2)}` });
}

function checkVerified({ projection, digestHolds, damaged, shown }: VerificationReport): void {
  if (digestHolds === true && damaged === 0) return;
  throw new AssertionError({ message: `verify of ${projection} after the rebuild: ${damaged} rows are not what they were written as, the digest ${digestHolds === true ? 'holds' : 'does not hold'}\n${JSON.stringify(shown, null, 2)}`, actual: damaged, expected: 0 });
}
