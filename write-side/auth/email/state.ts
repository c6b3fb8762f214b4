import type { EmailEvent } from '#contracts/events/auth.js';
import type { UserId } from '#contracts/kernel/ids.js';

export interface FreeEmail { readonly status: 'free' }
export interface ClaimedEmail { readonly status: 'claimed'; readonly user: UserId; readonly since: string }
export type EmailState = FreeEmail | ClaimedEmail;

export const initial: EmailState = { status: 'free' };

export function evolve(state: EmailState, event: EmailEvent): EmailState {
  switch (event.type) {
    case 'auth.email.claimed': return state.status === 'free' ? { status: 'claimed', user: event.data.user, since: event.recordedAt } : state;
    case 'auth.email.released': return state.status === 'claimed' && state.user === event.data.user ? { status: 'free' } : state;
    default: return event satisfies never;
  }
}
