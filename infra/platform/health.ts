import { once } from 'node:events';

/** One dependency: resolves when it answers, rejects or hangs when it does not. */
export type HealthCheck = () => Promise<unknown>;

export interface HealthReport {
  readonly status: 'ready' | 'not-ready';
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly ms: number; readonly reason?: string }>>;
}

/** A dependency that has not answered by then counts as down (ms). */
export const HEALTH_LIMIT_MS = 2_000;

/** Asks every dependency at once and names those that are down. Reasons are codes, never addresses or credentials. */
export async function checkHealth(checks: Readonly<Record<string, HealthCheck>>): Promise<HealthReport> {
  const results = await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await ask(check)] as const));
  return { status: results.every(([, result]) => result.ok) ? 'ready' : 'not-ready', checks: Object.fromEntries(results) };
}

async function ask(check: HealthCheck): Promise<{ ok: boolean; ms: number; reason?: string }> {
  const began = performance.now();
  const elapsed = (): number => Math.round(performance.now() - began);
  const limit = AbortSignal.timeout(HEALTH_LIMIT_MS);
  try {
    const late = once(limit, 'abort').then(() => { throw new Error(`no answer within ${HEALTH_LIMIT_MS} ms`); });
    await Promise.race([check(), late]);
    return { ok: true, ms: elapsed() };
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    return { ok: false, ms: elapsed(), reason: typeof code === 'string' ? code : message.slice(0, 100) };
  }
}
