import { SLOTS, slotOf } from '#contracts/routing.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Pointer } from '#platform/control/pointer.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import type { Databases } from '../../cli/instance/databases.js';
import { INVOICE_SUMMARY } from '../../projections/invoice-summary/store.js';
import { startProjections } from '../../projections/role.js';
import { answerSide } from './side.js';

export interface LiveInput {
  readonly databases: Databases;
  readonly slow: boolean;
}

export interface LiveAnswer {
  readonly seconds: number;
  readonly generation: number;
}

const SLOW_MS = 200;

/** A worker that finds nothing: from its first batch until it has committed the head. */
answerSide(async ({ databases, slow }: LiveInput): Promise<LiveAnswer> => {
  const store = new PostgresEventStore({ read: databases.readLog, readers: 3 });
  const control = new ControlDatabase(databases.control);
  const shards = new Shards({ shards: databases.shards, slots: evenSlots(SLOTS, databases.shards.length), slotOf });
  const pointer = new Pointer(control, 'main');
  // Everything of the round before is forgotten: the worker makes its first generation again, under the next number.
  await control.rows(`UPDATE generation SET state = 'dropped'`);
  await control.rows('DELETE FROM lease');
  const { head } = await store.status();
  const progress = new ProgressHub();
  const projections = await startProjections({
    eventStore: store, rebuildStore: store, shards, control, pointer, progress, logger: { info: () => undefined, warn: () => undefined }, recordSwitch: async () => undefined, owner: `bench-${Date.now()}`, projections: [INVOICE_SUMMARY],
    ...(slow && { hooks: { beforeCommit: () => new Promise<void>((resolve) => { setTimeout(resolve, SLOW_MS); }) } }),
  });
  while (projections.workers()['invoice-summary']?.state !== 'running') await new Promise((resolve) => setImmediate(resolve));
  const began = performance.now();
  while (projections.workers()['invoice-summary']?.position !== head) await new Promise((resolve) => setTimeout(resolve, 1));
  const seconds = (performance.now() - began) / 1_000;
  const generation = pointer.generationOf('invoice-summary') ?? 0;
  await projections.stop();
  await Promise.all([shards.close(), control.close(), store.close()]);
  return { seconds, generation };
});
