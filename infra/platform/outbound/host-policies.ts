import { bulkhead, circuitBreaker, ConsecutiveBreaker, handleWhen, wrap, type IPolicy } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { Problem } from '#contracts/kernel/problem.js';

export interface HostLimits {
  readonly perHostConcurrency: number;
  readonly perHostQueue: number;
  /** Failures in a row that open the breaker of a host, and how long it stays open. */
  readonly breakerFailures: number;
  readonly breakerOpenMs: number;
}

const MAX_HOSTS = 1_000;

/** Each host behind its own bulkhead and breaker: a slow or broken one holds up nobody else. */
export class HostPolicies {
  readonly #policies = new LRUCache<string, IPolicy>({ max: MAX_HOSTS });

  constructor(private readonly limits: HostLimits) {}

  execute<Result>(host: string, work: () => Promise<Result>): Promise<Result> {
    return this.#of(host).execute(work);
  }

  #of(host: string): IPolicy {
    const existing = this.#policies.get(host);
    if (existing) return existing;
    const { perHostConcurrency, perHostQueue, breakerFailures, breakerOpenMs } = this.limits;
    // A refusal that repeating cannot change says nothing about the health of the host.
    const unhealthy = handleWhen((error) => !(error instanceof Problem && (error.code !== 'fetch-failed' || error.detail['final'] === true)));
    const policy = wrap(bulkhead(perHostConcurrency, perHostQueue), circuitBreaker(unhealthy, { halfOpenAfter: breakerOpenMs, breaker: new ConsecutiveBreaker(breakerFailures) }));
    this.#policies.set(host, policy);
    return policy;
  }
}
