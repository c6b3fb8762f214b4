import { parentPort, workerData } from 'node:worker_threads';
import { SLOTS, slotOf } from '#contracts/routing.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Generations } from '#platform/control/generations.js';
import { Pointer } from '#platform/control/pointer.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { ROW_PROJECTIONS } from './role.js';
import { knownProjection } from './known.js';
import { copyRows } from './worker/rebuild/copy-rows.js';
import { errorOf, toldError, type FillOrder, type FillReport, type FillWord, type LogOpener, type Steering } from './worker/rebuild/fill-messages.js';
import { Governor } from './worker/rebuild/governor.js';
import type { FillJob } from './worker/rebuild/job.js';

/*
 * A thread that fills the generations of one rebuild and ends. It has its own connections: of the process that it is in it
 * uses nothing but a core.
 */

async function fill(order: FillOrder, report: (said: FillReport) => void): Promise<void> {
  const { log: { module, data }, control: controlSettings, shards: settings, filter, eventsPerSecond, tasks } = order;
  const stop = new AbortController();
  const wanted: { now: Steering } = { now: order.steering };
  const governor = new Governor({ traffic: { isBusy: () => wanted.now.isBusy }, eventsPerSecond });
  const steer = (now: Steering): void => {
    wanted.now = now;
    if (now.isPaused === governor.isPaused) return;
    if (now.isPaused) governor.pause();
    else governor.resume();
  };
  steer(order.steering);
  parentPort?.on('message', (word: FillWord) => ('steer' in word ? steer(word.steer) : stop.abort(errorOf(word.abort))));
  const store = await ((await import(module)) as LogOpener).openLog(data);
  const control = new ControlDatabase(controlSettings);
  const shards = new Shards({ shards: settings, slots: evenSlots(SLOTS, settings.length), slotOf });
  const context: FillJob['context'] = { shards, generations: new Generations(control, new Pointer(control, 'none')), readStream: (...asked) => store.readStream(...asked) };
  const jobs = tasks.map(({ projection, markEvents, until, ...task }, place): FillJob => ({
    ...task, context, store, governor, signal: stop.signal, projection: knownProjection(ROW_PROJECTIONS, projection), ...(markEvents !== undefined && { markEvents }), ...(until && { until }),
    meter: { begin: (from) => report({ place, from }), add: (events, upTo) => report({ place, events, upTo }), stage: (stage) => report({ place, stage }) },
  }));
  try {
    report({ done: await copyRows(jobs, filter) });
  } finally {
    await Promise.allSettled([store.close(), control.close(), shards.close()]);
  }
}

const report = (said: FillReport): void => parentPort?.postMessage(said);
await fill(workerData as FillOrder, report).catch((error: unknown) => report({ failed: toldError(error) }));
parentPort?.close();
