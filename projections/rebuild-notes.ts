import type { WorkerBoard } from '#platform/control/worker-board.js';
import { pause } from '#platform/wake.js';
import type { RebuildProgress } from './worker/rebuild/progress.js';

const TELL_MS = 1_000;

interface Watched {
  readonly onProgress?: (progress: RebuildProgress) => void;
}

/**
 * Runs a rebuild of one or several projections and tells other processes once a second how far each is, also while a long step reports
 * nothing. A board that does not answer costs the rebuild nothing; one that was refused has told nothing and is answered without a query.
 */
export async function toldRebuild<Options extends Watched, Result>(
  board: Pick<WorkerBoard<unknown, RebuildProgress>, 'rebuilding' | 'rebuilt'>, options: Options, rebuild: (options: Options) => Promise<Result>,
): Promise<Result> {
  const latest = new Map<string, RebuildProgress>();
  const onProgress = (progress: RebuildProgress): void => {
    latest.set(progress.projection, progress);
    options.onProgress?.(progress);
  };
  const done = new AbortController();
  const telling = (async (): Promise<void> => {
    while (!done.signal.aborted) {
      for (const [projection, progress] of latest) await board.rebuilding(projection, progress).catch(() => undefined);
      await pause(TELL_MS, done.signal);
    }
  })();
  try {
    return await rebuild({ ...options, onProgress });
  } finally {
    done.abort();
    await telling;
    for (const projection of latest.keys()) await board.rebuilt(projection).catch(() => undefined);
  }
}
