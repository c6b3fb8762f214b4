import type { Json } from '#contracts/kernel/json.js';

export interface IdempotencyKey {
  /** User id, or the name under which anonymous callers count. */
  readonly principal: string;
  /** Method and path as called. */
  readonly route: string;
  readonly key: string;
}

/** An answer that can be given again. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

export interface Attempt {
  /** Keyed hash of the body: the body may hold a password, and a plain hash of it could be guessed. */
  readonly bodyHash: string;
  /** Random name of this attempt. */
  readonly lease: string;
  readonly leasedUntil: number;
  readonly expiresAt: number;
}

/** `begun`: the caller has the lease and must complete or abandon it. `answered`: the answer of the first attempt. */
export type Begun =
  | { readonly outcome: 'begun' }
  | { readonly outcome: 'in-flight'; readonly leasedUntil: number }
  | { readonly outcome: 'mismatch' }
  | { readonly outcome: 'answered'; readonly answer: Answer };

/**
 * Requests by key. Atomicity: of racing attempts exactly one has `begun`. A lease that ran out (its process died) goes to the next attempt with
 * the same body. Idempotency: completing or abandoning a lease that is no longer one's own changes nothing. Times are milliseconds since 1970.
 * Errors: Problem `store-unavailable`.
 */
export interface IdempotencyStore {
  begin(key: IdempotencyKey, attempt: Attempt, now: number): Promise<Begun>;
  complete(key: IdempotencyKey, lease: string, answer: Answer): Promise<void>;
  /** Forgets the attempt: the next one begins anew. */
  abandon(key: IdempotencyKey, lease: string): Promise<void>;
  /** Deletes what has expired. @returns how many */
  purge(now: number): Promise<number>;
}
