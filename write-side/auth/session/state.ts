import type { SessionEvent } from '#contracts/events/auth.js';
import type { UserId } from '#contracts/kernel/ids.js';

/** Commands of the session journal. They are made here and nowhere else, so they are no contract. */
export type SessionCommand =
  | { readonly kind: 'record-sign-in'; readonly user: UserId; readonly method: 'password' | 'client-credentials'; readonly tokenId: string; readonly family: string; readonly expiresAt: string }
  | { readonly kind: 'record-failure'; readonly user: UserId; readonly reason: string }
  | { readonly kind: 'record-refresh'; readonly user: UserId; readonly tokenId: string; readonly family: string; readonly replaces: string; readonly expiresAt: string }
  | { readonly kind: 'record-revocation'; readonly user: UserId; readonly family: string; readonly reason: string };

/** A user's sign-ins and tokens of one month: a journal with a bounded length. */
export interface SessionState {
  readonly status: 'open' | 'full';
  readonly records: number;
  readonly lastToken: string | undefined;
  readonly lastRevoked: string | undefined;
}

/** Events of a month's journal; later sign-ins of that month are counted by metrics only. Revocations are always written. */
export const MAX_SESSION_RECORDS = 8_000;

export const initial: SessionState = { status: 'open', records: 0, lastToken: undefined, lastRevoked: undefined };

export function evolve(before: SessionState, event: SessionEvent): SessionState {
  const records = before.records + 1;
  const state: SessionState = { ...before, records, status: records >= MAX_SESSION_RECORDS ? 'full' : 'open' };
  switch (event.type) {
    case 'auth.user.authenticated': case 'auth.user.authentication-failed': return state;
    case 'auth.token.issued': case 'auth.token.refreshed': return { ...state, lastToken: event.data.tokenId };
    case 'auth.token.revoked': return { ...state, lastRevoked: event.data.family };
    default: return event satisfies never;
  }
}
