import type { ChangeRole, DeleteUser, ReinstateUser, SuspendUser } from '#contracts/commands/auth.js';
import type { UserId } from '#contracts/kernel/ids.js';
import { Problem } from '#contracts/kernel/problem.js';
import { isRejection, type Handled } from '../../handle-command.js';
import { emailHmac } from '../secrets.js';
import { userRevocation } from '../tokens/revocations.js';
import { decide } from '../user/decide.js';
import { isActiveAdmin, type UserState } from '../user/state.js';
import { handleDirectory, handleEmail, handleUser, loadDirectory, loadUser, outcomeOf, wasDone, type AuthDependencies, type Invocation, type Loaded, type UserOutcome } from './dependencies.js';

export type AdministrationCommand = ChangeRole | SuspendUser | ReinstateUser | DeleteUser;

/**
 * Changes a user. Whatever makes or unmakes an active admin is decided by the directory first, which alone knows who is the last one.
 * @throws Problem user-unknown | user-not-active | user-not-suspended | last-admin | precondition-failed
 */
export async function administer(deps: AuthDependencies, user: UserId, command: AdministrationCommand, call: Invocation): Promise<UserOutcome> {
  const before = await loadUser(deps, user);
  if (!wasDone(before, call)) await askDirectory(deps, user, command, before, call);
  const handled = await handleUser(deps, user, command, call).catch(async (error: unknown) => {
    // Refused after the directory was asked: somebody else was faster, and what was asked for may stand there without its user.
    if (error instanceof Problem && error.kind.status < 500 && concernsAdmins(before.state)) await settleDirectory(deps, user, call);
    throw error;
  });
  if (concernsAdmins(before.state, handled.state)) await settleDirectory(deps, user, call);
  await endAccess(deps, user, command, handled, call);
  return outcomeOf(user, handled);
}

/** Only for a change that will take place: what the user's own stream would refuse must not touch the directory. */
async function askDirectory(deps: AuthDependencies, user: UserId, command: AdministrationCommand, { state, history }: Loaded<UserState>, call: Invocation): Promise<void> {
  if (call.ifRevision !== undefined && call.ifRevision !== history.at(-1)?.revision) return;
  const decision = decide(command, state);
  if (isRejection(decision) || decision.length === 0) return;
  const [is, becomes] = [isActiveAdmin(state), willBeActiveAdmin(command, state)];
  if (is && !becomes) await handleDirectory(deps, { kind: 'revoke', user, reason: command.kind }, call);
  if (!is && becomes) await handleDirectory(deps, { kind: 'grant', user }, call);
}

function willBeActiveAdmin(command: AdministrationCommand, state: UserState): boolean {
  switch (command.kind) {
    case 'change-role': return command.role === 'admin';
    case 'reinstate': return state.status !== 'absent' && state.role === 'admin';
    case 'suspend': case 'delete': return false;
    default: return command satisfies never;
  }
}

const concernsAdmins = (...states: readonly UserState[]): boolean => states.some((state) => state.status !== 'absent' && state.role === 'admin');

/**
 * Makes the directory agree with the user after commands that raced, or were cut off between the two streams. The directory is read first:
 * a grant that is seen here and belongs to a command still under way is repeated by that command's own settling.
 */
export async function settleDirectory(deps: AuthDependencies, user: UserId, call: Invocation): Promise<void> {
  const listed = (await loadDirectory(deps)).state.admins.includes(user);
  const belongs = isActiveAdmin((await loadUser(deps, user)).state);
  if (listed === belongs) return;
  deps.logger.info({ user, belongs }, 'the directory of admins is brought in line');
  if (belongs) await handleDirectory(deps, { kind: 'grant', user }, call);
  else await handleDirectory(deps, { kind: 'revoke', user, reason: 'not an active admin' }, call).catch(ignoreLastAdmin);
}

function ignoreLastAdmin(error: unknown): void {
  if (!(error instanceof Problem) || error.code !== 'last-admin') throw error;
}

/** Tokens of the time before end here at once, elsewhere as soon as the event is read there. All of it may be repeated. */
async function endAccess(deps: AuthDependencies, user: UserId, { kind }: AdministrationCommand, { outcome, revision, state }: Handled<UserState>, call: Invocation): Promise<void> {
  if (kind === 'reinstate') return;
  if (outcome !== 'unchanged') deps.revocations.note(userRevocation(user, revision, deps.now() + deps.lifetimes.accessMs));
  if (kind === 'change-role') return;
  await deps.refreshTokens.revoke({ user });
  if (state.status !== 'deleted') return;
  await deps.credentials.removeAll(user);
  await handleEmail(deps, emailHmac(deps.secret, state.email), { kind: 'release', user, reason: 'the user was deleted' }, call, 'release');
}
