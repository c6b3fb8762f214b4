import type { EmailCommand } from '#contracts/commands/auth.js';
import { reject, type Rejection } from '#contracts/errors.js';
import type { EmailFact } from '#contracts/events/auth.js';
import { evolve, initial, type EmailState } from './state.js';

/** One address belongs to at most one user. Releasing what one does not hold changes nothing. */
export function decide(command: EmailCommand, state: EmailState): readonly EmailFact[] | Rejection {
  const { user } = command;
  switch (command.kind) {
    case 'claim':
      if (state.status === 'free') return [{ type: 'auth.email.claimed', data: { user } }];
      return state.user === user ? [] : reject('email-taken');
    case 'release':
      return state.status === 'claimed' && state.user === user ? [{ type: 'auth.email.released', data: { user, reason: command.reason } }] : [];
    default: return command satisfies never;
  }
}

export const emailDecider = { initial, evolve, decide };
