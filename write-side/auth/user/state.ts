import type { UserEvent } from '#contracts/events/auth.js';
import type { Role, Tier } from '#contracts/roles.js';

interface Profile {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly tier: Tier;
  /** Row of the credential table that holds the password hash now. */
  readonly credential: string;
}

export interface AbsentUser { readonly status: 'absent' }
export interface ActiveUser extends Profile { readonly status: 'active' }
export interface SuspendedUser extends Profile { readonly status: 'suspended' }
export interface DeletedUser extends Profile { readonly status: 'deleted' }

export type UserState = AbsentUser | ActiveUser | SuspendedUser | DeletedUser;

export const initial: UserState = { status: 'absent' };

export function evolve(state: UserState, event: UserEvent): UserState {
  if (event.type === 'auth.user.registered') return state.status === 'absent' ? { status: 'active', ...event.data } : state;
  if (state.status === 'absent') return state;
  switch (event.type) {
    case 'auth.user.role-changed': return { ...state, role: event.data.to };
    case 'auth.user.password-changed': return { ...state, credential: event.data.credential };
    case 'auth.user.suspended': return { ...state, status: 'suspended' };
    case 'auth.user.reinstated': return { ...state, status: 'active' };
    case 'auth.user.deleted': return { ...state, status: 'deleted' };
    default: return event satisfies never;
  }
}

/** Whether the user belongs into the directory of active admins. */
export const isActiveAdmin = (state: UserState): boolean => state.status === 'active' && state.role === 'admin';
