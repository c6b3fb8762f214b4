import type { WorkerBoard } from '#platform/control/worker-board.js';
import { pause } from '#platform/wake.js';
import type { RebuildOptions } from './worker/rebuild/rebuild.js';
import type { RebuildProgress } from './worker/rebuild/progress.js';

const TELL_MS = 1_000;

/**
 * Runs a rebuild and tells other processes once a second how far it is, also while a long step reports nothing. A board that does not
 * answer costs the rebuild nothing; a rebuild that was refused has told nothing and is answered without a query.
 */
export async function toldRebuild(
  board: Pick<WorkerBoard<unknown, RebuildProgress>, 'rebuilding' | 'rebuilt'>, projection: string, options: RebuildOptions, rebuild: (options: RebuildOptions) => Promise<number>,
): Promise<number> {
  let latest: RebuildProgress | undefined;
  const onProgress = (progress: RebuildProgress): void => {
    latest = progress;
    options.onProgress?.(progress);
  };
  const done = new AbortController();
  const telling = (async (): Promise<void> => {
    while (!done.signal.aborted) {
      if (latest) await board.rebuilding(projection, latest).catch(() => undefined);
      await pause(TELL_MS, done.signal);
    }
  })();
  try {
    return await rebuild({ ...options, onProgress });
  } finally {
    done.abort();
    await telling;
    if (latest) await board.rebuilt(projection).catch(() => undefined);
  }
}
