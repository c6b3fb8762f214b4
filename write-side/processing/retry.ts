/** Technical causes are repeated at most this often within this time. */
export const RETRY_LIMITS = { maxRetries: 8, maxAgeMs: 24 * 3_600_000, firstDelayMs: 100, longestDelayMs: 30_000 } as const;

/** Exponential with full jitter in its upper half, so that many items that failed together do not come back together. `random` in [0, 1). */
export function retryDelayMs(retries: number, random: number): number {
  const { firstDelayMs, longestDelayMs } = RETRY_LIMITS;
  const ceiling = Math.min(firstDelayMs * 2 ** retries, longestDelayMs);
  return Math.max(firstDelayMs, Math.round(ceiling / 2 + random * (ceiling / 2)));
}

export function retriesExhausted(retries: number, firstFailedAt: Date | null, now: Date): boolean {
  return retries >= RETRY_LIMITS.maxRetries || (firstFailedAt !== null && now.getTime() - firstFailedAt.getTime() > RETRY_LIMITS.maxAgeMs);
}
