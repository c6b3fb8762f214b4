import { Worker } from 'node:worker_threads';
import type { Position } from '#contracts/kernel/position.js';
import type { LogFilter } from '#platform/event-store/port.js';
import { errorOf, toldError, type FillOrder, type FillReport, type FillThreads, type FillWord, type Steering } from './fill-messages.js';
import type { FillJob } from './job.js';

/** What others want is told so often (ms). */
const STEER_MS = 100;
/** A thread that was told to end, or has said its last word, and is there after this time is ended from outside (ms); its connections go with it. */
const END_MS = 10_000;

/** What survives a small collection is copied, on all cores at once: collections of a small young generation are short (MB). */
const YOUNG_MB = 16;

/** As `copyRows`, in a thread that has its own connections: whoever reads in this one is not kept waiting. Reports and orders go to and fro. */
export async function copyRowsInThread({ log, control, entry }: FillThreads, jobs: readonly FillJob[], filter: LogFilter): Promise<Position> {
  const [first] = jobs;
  if (!first) throw new Error('there is nothing to fill');
  const { signal, governor, context: { shards } } = first;
  signal.throwIfAborted();
  const order: FillOrder = {
    log, control, shards: shards.settings, filter, eventsPerSecond: governor.eventsPerSecond, steering: steeringOf(first), tasks: jobs.map(taskOf),
  };
  const worker = new Worker(entry, { workerData: order, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  const tell = (word: FillWord): void => worker.postMessage(word);
  let told = order.steering;
  const steering = setInterval(() => {
    const now = steeringOf(first);
    if (now.isBusy !== told.isBusy || now.isPaused !== told.isPaused) tell({ steer: now });
    told = now;
  }, STEER_MS);
  let ending: NodeJS.Timeout | undefined;
  const abort = (): void => {
    tell({ abort: toldError(signal.reason) });
    ending = setTimeout(() => void worker.terminate(), END_MS);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await answerOf(worker, jobs);
  } catch (error) {
    // The thread knows a copy of the reason.
    signal.throwIfAborted();
    throw error;
  } finally {
    clearInterval(steering);
    clearTimeout(ending);
    signal.removeEventListener('abort', abort);
  }
}

const steeringOf = ({ governor }: FillJob): Steering => ({ isPaused: governor.isPaused, isBusy: governor.isBusy });

const taskOf = ({ projection, generation, slots, lanes, logId, windowBytes, markEvents, until, skipped }: FillJob): FillOrder['tasks'][number] =>
  ({ projection: projection.name, generation, slots, lanes, logId, windowBytes, markEvents, until, skipped });

/** Settles when the thread is gone, with what it said last. */
function answerOf(worker: Worker, jobs: readonly FillJob[]): Promise<Position> {
  return new Promise((resolve, reject) => {
    let done: Position | undefined;
    let closing: NodeJS.Timeout | undefined;
    let failure: unknown = new Error('the thread that filled the generations ended');
    worker.on('message', (report: FillReport) => {
      if ('done' in report || 'failed' in report) {
        if ('done' in report) done = report.done;
        else failure = errorOf(report.failed);
        closing = setTimeout(() => void worker.terminate(), END_MS);
      } else if ('events' in report) jobs[report.place]?.meter.add(report.events, report.upTo);
      else if ('from' in report) jobs[report.place]?.meter.begin(report.from);
      else jobs[report.place]?.meter.stage(report.stage);
    });
    worker.on('error', (error) => { failure = error; });
    worker.on('exit', () => {
      clearTimeout(closing);
      if (done === undefined) reject(failure);
      else resolve(done);
    });
  });
}
