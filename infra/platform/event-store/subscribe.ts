import { isAfter, type Position } from '#contracts/kernel/position.js';
import { pause, type Bell } from '../wake.js';
import type { LogPage, SubscribeOptions } from './port.js';

/** Longest silence before the log is asked again although nobody rang; makes every notification optional. */
const POLL_MS = 250;
const FIRST_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 2_000;

/**
 * The one subscription loop: page after page while there is more, then wait for the bell or the poll. A failed read is repeated with
 * backoff from the same position, so a lost connection costs time and no event.
 */
export async function* followLog(
  readPage: (after: Position, limit: number) => Promise<LogPage>,
  bell: Bell,
  { after, batchSize = 1_000, signal }: SubscribeOptions,
): AsyncIterable<LogPage> {
  let position = after;
  let backoff = FIRST_BACKOFF_MS;
  while (!signal.aborted) {
    const seen = bell.rings;
    const page = await readPage(position, batchSize).catch(() => undefined);
    if (signal.aborted) return;
    if (!page) {
      await pause(backoff, signal);
      backoff = Math.min(backoff * 2, MAX_BACKOFF_MS);
      continue;
    }
    backoff = FIRST_BACKOFF_MS;
    if (isAfter(page.scannedTo, position)) {
      position = page.scannedTo;
      yield page;
    }
    if (page.atHead) await bell.wait(seen, POLL_MS, signal);
  }
}
