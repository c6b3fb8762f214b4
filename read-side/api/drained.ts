import { once } from 'node:events';
import type { Response } from 'express';

/** Waits until the reader has taken what was written. @returns false when it left, took longer than the limit, or the signal aborted */
export async function drained(response: Response, limitMs: number, ...signals: readonly AbortSignal[]): Promise<boolean> {
  const left = new AbortController();
  const leave = (): void => left.abort();
  response.once('close', leave);
  const signal = AbortSignal.any([left.signal, AbortSignal.timeout(limitMs), ...signals]);
  try {
    if (response.writableNeedDrain && !response.destroyed) await once(response, 'drain', { signal });
    return !response.destroyed;
  } catch {
    return false;
  } finally {
    response.off('close', leave);
  }
}
