import type { UserCommand } from '#contracts/commands/auth.js';
import { reject, type Rejection } from '#contracts/errors.js';
import type { UserFact } from '#contracts/events/auth.js';
import { evolve, initial, type UserState } from './state.js';

type Decision = readonly UserFact[] | Rejection;

/** What a command makes of a user. What is so already yields no event. */
export function decide(command: UserCommand, state: UserState): Decision {
  switch (command.kind) {
    case 'register': return register(command, state);
    case 'change-role': return onlyActive(state, (user) =>
      user.role === command.role ? [] : [{ type: 'auth.user.role-changed', data: { from: user.role, to: command.role } }]);
    case 'change-password': return onlyActive(state, (user) =>
      user.credential === command.credential ? [] : [{ type: 'auth.user.password-changed', data: { credential: command.credential, by: command.by } }]);
    case 'suspend':
      return state.status === 'suspended' ? [] : onlyActive(state, () => [{ type: 'auth.user.suspended', data: { reason: command.reason } }]);
    case 'reinstate': return reinstate(command.reason, state);
    case 'delete': return remove(command.reason, state);
    default: return command satisfies never;
  }
}

function register({ kind: _kind, ...profile }: Extract<UserCommand, { kind: 'register' }>, state: UserState): Decision {
  if (state.status === 'absent') return [{ type: 'auth.user.registered', data: profile }];
  return state.email === profile.email ? [] : reject('email-taken');
}

function reinstate(reason: string, state: UserState): Decision {
  switch (state.status) {
    case 'absent': return reject('user-unknown');
    case 'active': return [];
    case 'suspended': return [{ type: 'auth.user.reinstated', data: { reason } }];
    case 'deleted': return reject('user-not-suspended', { status: state.status });
    default: return state satisfies never;
  }
}

function remove(reason: string, state: UserState): Decision {
  switch (state.status) {
    case 'absent': return reject('user-unknown');
    case 'active': case 'suspended': return [{ type: 'auth.user.deleted', data: { reason } }];
    case 'deleted': return [];
    default: return state satisfies never;
  }
}

function onlyActive(state: UserState, facts: (user: Extract<UserState, { status: 'active' }>) => readonly UserFact[]): Decision {
  switch (state.status) {
    case 'absent': return reject('user-unknown');
    case 'active': return facts(state);
    case 'suspended': case 'deleted': return reject('user-not-active', { status: state.status });
    default: return state satisfies never;
  }
}

export const userDecider = { initial, evolve, decide };
