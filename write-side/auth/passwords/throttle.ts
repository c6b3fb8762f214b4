import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { problem } from '#contracts/errors.js';
import { addressKey } from '#platform/http/rate-limit.js';

export interface ThrottleLimits {
  /** Attempts per account (known or not) within the window. */
  readonly perAccount: number;
  /** Attempts per network address within the window. */
  readonly perAddress: number;
  readonly windowSeconds: number;
}

export const DEFAULT_THROTTLE_LIMITS: ThrottleLimits = { perAccount: 10, perAddress: 100, windowSeconds: 900 };

/** Counts attempts to sign in before anything costly is done for them. */
export interface SignInThrottle {
  /** @throws Problem sign-in-throttled */
  attempt(account: string, address: string): Promise<void>;
  /** The account has proved itself: its count begins anew. */
  succeeded(account: string): Promise<void>;
}

export function createSignInThrottle({ perAccount, perAddress, windowSeconds }: ThrottleLimits = DEFAULT_THROTTLE_LIMITS): SignInThrottle {
  const accounts = new RateLimiterMemory({ keyPrefix: 'account', points: perAccount, duration: windowSeconds });
  const addresses = new RateLimiterMemory({ keyPrefix: 'address', points: perAddress, duration: windowSeconds });
  return {
    attempt: async (account, address) => {
      // The address first: one that is used up must not lock accounts of others.
      await addresses.consume(addressKey(address)).catch(refuse);
      await accounts.consume(account).catch(refuse);
    },
    succeeded: async (account) => void (await accounts.delete(account)),
  };
}

function refuse(reason: unknown): never {
  if (reason instanceof RateLimiterRes) throw problem('sign-in-throttled', { seconds: Math.max(1, Math.ceil(reason.msBeforeNext / 1_000)) });
  throw reason;
}
