import type { Rejection } from '#contracts/errors.js';
import type { SessionFact } from '#contracts/events/auth.js';
import { evolve, initial, type SessionCommand, type SessionState } from './state.js';

/** What happened is recorded once; a full journal takes revocations only. Nothing is ever refused here. */
export function decide(command: SessionCommand, state: SessionState): readonly SessionFact[] | Rejection {
  if (state.status === 'full' && command.kind !== 'record-revocation') return [];
  switch (command.kind) {
    case 'record-sign-in': {
      const { user, method, tokenId, family, expiresAt } = command;
      if (state.lastToken === tokenId) return [];
      return [{ type: 'auth.user.authenticated', data: { user, method } }, { type: 'auth.token.issued', data: { user, tokenId, family, expiresAt } }];
    }
    case 'record-failure': return [{ type: 'auth.user.authentication-failed', data: { user: command.user, reason: command.reason } }];
    case 'record-refresh': {
      const { kind: _kind, ...data } = command;
      return state.lastToken === command.tokenId ? [] : [{ type: 'auth.token.refreshed', data }];
    }
    case 'record-revocation': {
      const { kind: _kind, ...data } = command;
      return state.lastRevoked === command.family ? [] : [{ type: 'auth.token.revoked', data }];
    }
    default: return command satisfies never;
  }
}

export const sessionDecider = { initial, evolve, decide };
