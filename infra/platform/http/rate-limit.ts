import type { ServerResponse } from 'node:http';
import ipaddr from 'ipaddr.js';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { platformProblem } from '#contracts/kernel/errors.js';
import { addHeader } from './exchange.js';
import type { Principal } from './route.js';

export interface RateLimit {
  readonly requests: number;
  readonly seconds: number;
}

/** One limit per tier, by name, and one for callers without a token (by address). */
export interface RateLimits {
  readonly anonymous: RateLimit;
  readonly [tier: string]: RateLimit;
}

export interface RateDecision {
  readonly tier: string;
  readonly limit: RateLimit;
  readonly allowed: boolean;
  readonly remaining: number;
  /** Seconds until the window begins anew. */
  readonly resetSeconds: number;
}

/** Counts a request; a principal is counted by user, everybody else by address. */
export type RateLimiter = (principal: Principal | undefined, address: string) => Promise<RateDecision>;

/** Fixed windows in this process's memory. A tier without a limit of its own gets the anonymous one, by user. */
export function createRateLimiter(limits: RateLimits): RateLimiter {
  const keys = new AddressKeys();
  const limiters = new Map(Object.entries(limits).map(([tier, limit]) => [tier, limiterOf(tier, limit)]));
  return async (principal, address) => {
    const tier = principal && limits[principal.tier] ? principal.tier : 'anonymous';
    const limit = limits[tier] ?? limits.anonymous;
    const key = principal ? `user:${principal.userId}` : keys.get(address);
    let state: RateLimiterRes | undefined;
    try {
      state = await limiters.get(tier)?.consume(key);
    } catch (reason) {
      // The library rejects with its result when the points are used up; anything else is a fault.
      if (!(reason instanceof RateLimiterRes)) throw reason;
      state = reason;
    }
    return {
      tier, limit,
      allowed: (state?.consumedPoints ?? 0) <= limit.requests,
      remaining: Math.max(0, state?.remainingPoints ?? 0),
      resetSeconds: Math.ceil((state?.msBeforeNext ?? 0) / 1_000),
    };
  };
}

const limiterOf = (tier: string, { requests, seconds }: RateLimit): RateLimiterMemory =>
  new RateLimiterMemory({ keyPrefix: tier, points: requests, duration: seconds });

/** Addresses whose key is remembered; then all are forgotten. */
const MAX_ADDRESSES = 5_000;

/** Keys of the addresses seen lately: reading an address costs as much as the rest of the limit. */
class AddressKeys {
  readonly #known = new Map<string, string>();

  get(address: string): string {
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_ADDRESSES) this.#known.clear();
    const key = `address:${addressKey(address)}`;
    this.#known.set(address, key);
    return key;
  }
}

/** An IPv6 customer owns a /64: the whole network counts as one caller. */
export function addressKey(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4' ? parsed.toString() : parsed.toNormalizedString().split(':').slice(0, 4).join(':');
}

/** Tells the caller where it stands. @throws Problem rate-limited */
export function applyRateDecision(response: ServerResponse, { tier, limit, allowed, remaining, resetSeconds }: RateDecision): void {
  addHeader(response, 'RateLimit-Limit', limit.requests);
  addHeader(response, 'RateLimit-Remaining', remaining);
  addHeader(response, 'RateLimit-Reset', resetSeconds);
  if (!allowed) throw platformProblem('rate-limited', { limit: limit.requests, seconds: limit.seconds, tier, retryAfter: Math.max(1, resetSeconds) });
}
