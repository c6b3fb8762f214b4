import { pause } from './wake.js';

const LOOK_MS = 1_000;
/** Work that was told to end has so long to do so, unless said otherwise (ms). */
const GRACE_MS = 5_000;

/**
 * Does the work while the check holds, which is looked at every second: one that rejects aborts the work, with its reason, also where the work waits
 * for somebody else. What does not end then within the grace, because it waits for an answer that never comes, is left behind.
 */
export async function whileHolds<Result>(check: () => Promise<unknown>, signal: AbortSignal, work: (signal: AbortSignal) => Promise<Result>, graceMs = GRACE_MS): Promise<Result> {
  const gone = new AbortController();
  const done = new AbortController();
  const watch = async (): Promise<void> => {
    while (!done.signal.aborted && !gone.signal.aborted) {
      await pause(LOOK_MS, done.signal);
      if (!done.signal.aborted) await check().catch((error: unknown) => gone.abort(error));
    }
  };
  const watching = watch();
  const leaving = watching.then(() => pause(graceMs, done.signal)).then(() => gone.signal.throwIfAborted());
  const working = work(AbortSignal.any([signal, gone.signal]));
  try {
    return await Promise.race([working, leaving.then(() => working)]);
  } finally {
    done.abort();
    await watching;
  }
}
