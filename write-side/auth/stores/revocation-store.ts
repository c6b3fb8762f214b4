import type { Position } from '#contracts/kernel/position.js';

/**
 * Access tokens of the subject made before `epoch` are dead. Subject `user:<id>`: the epoch is a revision of the user's stream.
 * Subject `family:<id>`: every token of the family is dead.
 */
export interface Revocation {
  readonly subject: string;
  readonly epoch: number;
  /** Milliseconds since 1970; after it no token that it could concern is alive any more. */
  readonly expiresAt: number;
}

export interface RevocationSnapshot {
  readonly revocations: readonly Revocation[];
  /** Place in the log up to which they are complete, and which log that is; undefined at the very beginning. */
  readonly checkpoint: { readonly logId: string; readonly position: Position } | undefined;
}

/**
 * What the log says of revocations, kept so that a start need not read the whole log. Atomicity: rows and checkpoint move together.
 * Idempotency: the greater epoch and the later position win, so several processes may write. Errors: Problem `store-unavailable`.
 */
export interface RevocationStore {
  /** What has not expired. */
  load(now: number): Promise<RevocationSnapshot>;
  /** Adds rows, moves the checkpoint, deletes what has expired. */
  save(revocations: readonly Revocation[], checkpoint: { readonly logId: string; readonly position: Position }, now: number): Promise<void>;
}
