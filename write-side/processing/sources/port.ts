import type { Readable } from 'node:stream';

/**
 * Where files that lie elsewhere come from. The body is handed to `consume` while the connection is open, bounded in time; size and hash are
 * the consumer's. @throws Problem url-not-allowed (final) | fetch-failed (`final` in its detail when repeating cannot help)
 */
export interface DocumentSource {
  /** URL schemes, with the colon. */
  readonly schemes: readonly string[];
  fetch<Result>(url: string, consume: (body: Readable) => Promise<Result>, signal: AbortSignal): Promise<Result>;
}
