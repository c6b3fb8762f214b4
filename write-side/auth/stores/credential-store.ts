import type { UserId } from '#contracts/kernel/ids.js';

export interface Credential {
  /** Reference that events carry. */
  readonly id: string;
  readonly user: UserId;
  /** PHC string of Argon2id. Never leaves the write side. */
  readonly passwordHash: string;
}

/**
 * Password hashes, beside the log because they are secrets that must be deletable.
 * Order: a row is written before the event that names it. Atomicity: one row at a time. Idempotency: `add` keeps the first row of an id,
 * the others may be repeated. Errors: Problem `store-unavailable`.
 */
export interface CredentialStore {
  /** A row that exists already stays as it is. */
  add(credential: Credential): Promise<void>;
  find(id: string): Promise<Credential | undefined>;
  remove(id: string): Promise<void>;
  removeAll(user: UserId): Promise<void>;
}
