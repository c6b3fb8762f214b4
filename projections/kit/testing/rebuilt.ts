import { setTimeout as pause } from 'node:timers/promises';
import { comparePositions, ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { VerificationReport } from '#contracts/queries.js';
import { slotOf, SLOTS } from '#contracts/routing.js';
import { laneOf } from '#contracts/topics.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Pointer } from '#platform/control/pointer.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import type { LogFilter, LogPage } from '#platform/event-store/port.js';
import type { LanedEvent } from '#platform/feed/port.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { WriterConnection } from '#platform/read-store/connection.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { startProjections, type ProjectionsHandle } from '../../role.js';
import type { ProjectedRow, RowProjection } from '../projection.js';
import { readStored } from './read-stored.js';
import { refuse } from './refusal.js';
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

/** A log that gives few events at a time: rows are written and come back in the middle of a stream, also where a declaration is short. */
class ShortPages extends MemoryEventStore {
  override readAll(after: Position, options: { readonly filter?: LogFilter; readonly limit?: number } = {}): Promise<LogPage> {
    return super.readAll(after, { ...options, limit: Math.min(options.limit ?? PAGE_EVENTS, PAGE_EVENTS) });
  }
}

const PAGE_EVENTS = 3;
/** So small that streams are written and come back, and that the rebuild could be interrupted at many places. */
const WINDOW_BYTES = 1_000;
const MARK_EVENTS = 4;
const LOOK_MS = 3;
const PATIENCE_MS = 15_000;

/**
 * Rebuilds the projection while its live worker goes on, and the log grows: half of it is there and applied when the rebuild begins, a quarter
 * comes when the rebuild has read that half, a quarter after the switch, for both generations. The rebuild compares by digest and switches; then both
 * are read, and every row is verified.
 * @throws AssertionError when the rebuild refuses the switch, or when verifying finds anything
 */
export async function rebuildBesideLive<Row extends ProjectedRow>(projection: RowProjection<Row>, scenario: Scenario, { control, shards }: RebuildPlaces): Promise<Rebuilt<Row>> {
  const store = new ShortPages();
  const [database, slots] = [new ControlDatabase(control), evenSlots(SLOTS, shards.length)];
  const opened = new Shards({ shards, slots, slotOf, readers: 2 });
  const connections = shards.map((settings) => new WriterConnection(settings, 'projection-kit'));
  const append = (from: number, to: number): Promise<void> => appendAgain(store, scenario, from, to);
  await append(0, 1 / 2);
  const handle = await startProjections({
    eventStore: store, rebuildStore: store, shards: opened, control: database, pointer: new Pointer(database, 'projection-kit'), progress: new ProgressHub(), owner: 'projection-kit',
    logger: { info: () => undefined, warn: () => undefined }, projections: [projection], recordSwitch: () => Promise.resolve(),
  });
  try {
    await caughtUp(handle, projection.name, store);
    let during: Promise<void> | undefined;
    const generation = await handle.rebuild(projection.name, {
      windowBytes: WINDOW_BYTES, markEvents: MARK_EVENTS, onProgress: ({ stage }) => void (stage === 'index' && (during ??= append(1 / 2, 3 / 4))),
    }).catch((error: unknown) => refused(projection.name, handle, error));
    await (during ?? append(1 / 2, 3 / 4));
    await append(3 / 4, 1);
    await caughtUp(handle, projection.name, store);
    checkVerified(await handle.verify(projection.name));
    const [live, rebuilt] = [await readStored(connections, projection.name, generation - 1, projection), await readStored(connections, projection.name, generation, projection)];
    return { live, rebuilt, scenario: { ...scenario, store, entries: await entriesOf(store) } };
  } finally {
    await handle.stop();
    await Promise.all([...connections.map((connection) => connection.close()), opened.close(), database.close()]);
  }
}

/** A part of the log, in its order, so that positions are the same. */
async function appendAgain(store: MemoryEventStore, { entries }: Scenario, from: number, to: number): Promise<void> {
  for (const { event } of entries.slice(Math.ceil(entries.length * from), Math.ceil(entries.length * to))) {
    const { stream, revision: _revision, position: _position, recordedAt: _recordedAt, ...written } = event;
    await store.append(stream, 'any', [written]);
  }
}

async function entriesOf(store: MemoryEventStore): Promise<Scenario['entries']> {
  const entries: LanedEvent[] = [];
  for (let page = await store.readAll(ORIGIN); page.events.length > 0; page = await store.readAll(page.scannedTo)) {
    entries.push(...page.events.map((event) => ({ event, lane: laneOf(event.type, event.stream) })));
  }
  return entries;
}

/** Every lane has committed the head of the log. */
async function caughtUp(handle: ProjectionsHandle, name: string, store: MemoryEventStore): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  const { head } = await store.status();
  while (comparePositions(handle.workers()[name]?.position ?? ORIGIN, head) < 0) {
    if (Date.now() > deadline) refuse(`the live worker of ${name} did not come to the head of the log within ${PATIENCE_MS} ms`);
    await pause(LOOK_MS);
  }
}

function refused(name: string, handle: ProjectionsHandle, error: unknown): never {
  const told = error instanceof Error ? error.message : String(error);
  return refuse(`the rebuild of ${name} beside its live worker was refused: ${told}\n${JSON.stringify(handle.lastRebuild(name)?.comparison ?? null, null, 2)}`);
}

function checkVerified({ projection, digestHolds, damaged, shown }: VerificationReport): void {
  if (digestHolds === true && damaged === 0) return;
  refuse(`verify of ${projection} after the rebuild: ${damaged} rows are not what they were written as, the digest ${digestHolds === true ? 'holds' : 'does not hold'}\n${JSON.stringify(shown, null, 2)}`);
}
