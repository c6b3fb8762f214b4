import type { DirectoryCommand } from '#contracts/commands/auth.js';
import { reject, type Rejection } from '#contracts/errors.js';
import type { DirectoryFact } from '#contracts/events/auth.js';
import { evolve, initial, type DirectoryState } from './state.js';

/** The last active admin stays: whoever would empty the directory is refused. */
export function decide(command: DirectoryCommand, { admins }: DirectoryState): readonly DirectoryFact[] | Rejection {
  const { user } = command;
  const member = admins.includes(user);
  switch (command.kind) {
    case 'grant': return member ? [] : [{ type: 'auth.admin.granted', data: { user } }];
    case 'revoke':
      if (!member) return [];
      return admins.length === 1 ? reject('last-admin') : [{ type: 'auth.admin.revoked', data: { user, reason: command.reason } }];
    default: return command satisfies never;
  }
}

export const directoryDecider = { initial, evolve, decide };
