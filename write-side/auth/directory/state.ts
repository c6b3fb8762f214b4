import type { DirectoryEvent } from '#contracts/events/auth.js';
import type { UserId } from '#contracts/kernel/ids.js';

/** The active admins. */
export interface DirectoryState {
  readonly admins: readonly UserId[];
}

export const initial: DirectoryState = { admins: [] };

export function evolve({ admins }: DirectoryState, event: DirectoryEvent): DirectoryState {
  const others = admins.filter((admin) => admin !== event.data.user);
  switch (event.type) {
    case 'auth.admin.granted': return { admins: [...others, event.data.user] };
    case 'auth.admin.revoked': return { admins: others };
    default: return event satisfies never;
  }
}
