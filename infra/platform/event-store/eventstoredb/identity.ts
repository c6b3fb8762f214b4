import { platformProblem } from '#contracts/kernel/errors.js';
import { isUuid, randomUuid } from '#contracts/kernel/ids.js';
import type { LogClient } from './client.js';

/** The stream whose first event gives the log its identity. It carries no envelope, so no reader of the log ever sees it. */
const STREAM = 'folio-log';
const TRIES = 5;

/** The identity of the log, given to it once by whoever comes first: of two that race, one append at "no stream" wins, and both read it. */
export async function logIdOf(reader: LogClient, writer: LogClient, { deadlineMs, idleMs }: { readonly deadlineMs: number; readonly idleMs: number }): Promise<string> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    let found: unknown;
    await reader.read({ stream: STREAM }, { count: 1, idleMs }, ({ data }) => {
      found = (data as { readonly logId?: unknown } | null)?.logId;
      return false;
    });
    if (typeof found === 'string' && isUuid(found)) return found;
    await writer.write(STREAM, 'no_stream', [{ id: randomUuid(), type: 'folio-log-begun', data: { logId: randomUuid() }, metadata: new TextEncoder().encode('{}') }], deadlineMs);
  }
  throw platformProblem('store-unavailable', { stream: STREAM });
}
