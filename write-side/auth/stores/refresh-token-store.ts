import type { UserId } from '#contracts/kernel/ids.js';

/** A refresh token as stored: the token itself is known to its holder only. */
export interface RefreshToken {
  /** SHA-256 of the token, hex. */
  readonly hash: string;
  readonly user: UserId;
  /** All tokens that follow from one sign-in by rotation. */
  readonly family: string;
  /** Id of the access token that was issued with it. */
  readonly tokenId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface TokenFamily {
  readonly user: UserId;
  readonly family: string;
}

/** `reused`: the token was rotated before, so two parties hold it; its whole family is revoked by this very call. */
export type Rotation =
  | { readonly outcome: 'rotated'; readonly previous: RefreshToken }
  | { readonly outcome: 'reused'; readonly previous: RefreshToken }
  | { readonly outcome: 'refused'; readonly why: 'unknown' | 'expired' | 'revoked' };

export type TokenSelector = { readonly hash: string } | { readonly user: UserId } | { readonly family: string };

/**
 * Refresh tokens with rotation. Order: none across families. Atomicity: of two racing rotations of one token exactly one is `rotated`,
 * the other `reused`. Idempotency: `add` and `revoke` may be repeated. Errors: Problem `store-unavailable`.
 */
export interface RefreshTokenStore {
  add(token: RefreshToken): Promise<void>;
  /** Uses the token up and puts its successor (same user and family) in its place. */
  rotate(hash: string, next: Pick<RefreshToken, 'hash' | 'tokenId' | 'expiresAt'>, now: number): Promise<Rotation>;
  /** Ends every family that a token of the selection belongs to. @returns them, also those that had ended before */
  revoke(selector: TokenSelector): Promise<readonly TokenFamily[]>;
  /** Deletes what expired before the instant. @returns how many */
  purge(before: number): Promise<number>;
}
