import { DIRECTORY_EVENTS, EMAIL_EVENTS, SESSION_EVENTS, USER_EVENTS, type UserEvent } from '#contracts/events/auth.js';
import { toUserId } from '#contracts/kernel/ids.js';
import type { UserRow } from '#contracts/read-models/other.js';
import { plainInstant } from '../invoice-row/canonical.js';
import type { Projection } from '../kit/projection.js';

const typesOf = (definitions: readonly { readonly type: string }[]): readonly string[] => definitions.map(({ type }) => type);

type Registered = Extract<UserEvent, { type: 'auth.user.registered' }>;

const registeredRow = (event: Registered): UserRow => ({
  id: toUserId(event.stream.slice('user-'.length)), shardKey: event.shardKey, month: event.month, revision: event.revision, position: event.position,
  email: event.data.email, name: event.data.name, role: event.data.role, tier: event.data.tier, status: 'active',
  registeredAt: plainInstant(event.occurredAt), updatedAt: plainInstant(event.occurredAt),
});

function changesOf(event: Exclude<UserEvent, Registered>): Partial<UserRow> {
  switch (event.type) {
    case 'auth.user.role-changed':
      return { role: event.data.to };
    case 'auth.user.suspended':
      return { status: 'suspended' };
    case 'auth.user.reinstated':
      return { status: 'active' };
    case 'auth.user.deleted':
      return { status: 'deleted' };
    case 'auth.user.password-changed':
      return {};
  }
}

function evolve(row: UserRow | undefined, event: UserEvent): UserRow {
  if (event.type === 'auth.user.registered') return registeredRow(event);
  if (!row) throw new Error(`${event.type} is the first event of its stream`);
  return { ...row, ...changesOf(event), revision: event.revision, position: event.position, updatedAt: plainInstant(event.occurredAt) };
}

/** One row per user for the user management; credentials and sessions are never in it. */
export const users: Projection<UserRow> = {
  name: 'users',
  source: import.meta.url,
  topics: ['auth-events'],
  handles: typesOf(USER_EVENTS),
  ignores: typesOf([...EMAIL_EVENTS, ...DIRECTORY_EVENTS, ...SESSION_EVENTS]),
  evolve: (row, event) => evolve(row, event as UserEvent),
};
