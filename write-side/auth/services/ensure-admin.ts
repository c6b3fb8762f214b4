import type { UserId } from '#contracts/kernel/ids.js';
import { commandIdOf, randomUuid, toCorrelationId } from '#contracts/kernel/ids.js';
import { isActiveAdmin } from '../user/state.js';
import { settleDirectory } from './administer.js';
import { loadDirectory, loadUser, type AuthDependencies, type Invocation } from './dependencies.js';
import { generatePassword } from './passwords.js';
import { registerUser } from './register.js';

export interface FirstAdmin {
  readonly email: string;
  readonly name: string;
  /** `FOLIO_ADMIN_PASSWORD`; absent: one is made up. */
  readonly password?: string;
}

export interface MadeAdmin {
  readonly id: UserId;
  readonly email: string;
  /** To be shown once; it is not kept. */
  readonly password: string;
  readonly generated: boolean;
}

/**
 * Run at every start: with no active admin it makes the first one and tells its password this once, otherwise nothing is returned.
 * Entries of the directory that a crash left without their user's event are brought in line.
 * @throws Problem password-weak | email-taken (the address belongs to a user who is no admin)
 */
export async function ensureAdmin(deps: AuthDependencies, { email, name, password }: FirstAdmin): Promise<MadeAdmin | undefined> {
  const call = systemCall(deps, `ensure-admin:${email}`);
  const { state: { admins } } = await loadDirectory(deps);
  const users = await Promise.all(admins.map(async (user) => ({ user, active: isActiveAdmin((await loadUser(deps, user)).state) })));
  if (users.some(({ active }) => active)) {
    for (const { user, active } of users) if (!active) await settleDirectory(deps, user, call);
    return undefined;
  }
  const chosen = password ?? generatePassword();
  const { id } = await registerUser(deps, { email, name, role: 'admin', tier: 'enterprise', password: chosen }, call);
  return { id, email, password: chosen, generated: password === undefined };
}

/** The same id at every start, so that a first start that was cut off is completed by the next one. */
const systemCall = ({ now }: AuthDependencies, key: string): Invocation => ({
  commandId: commandIdOf('system', 'start', key),
  correlationId: toCorrelationId(randomUuid()),
  actor: { kind: 'system', id: 'start' },
  occurredAt: new Date(now()).toISOString(),
});
