import { randomBytes } from 'node:crypto';
import { randomUuid, type UserId } from '#contracts/kernel/ids.js';
import { Problem } from '#contracts/kernel/problem.js';
import { problem } from '#contracts/errors.js';
import { userRevocation } from '../tokens/revocations.js';
import { handleUser, loadUser, outcomeOf, wasDone, type AuthDependencies, type Invocation, type Loaded, type UserOutcome } from './dependencies.js';
import { checkPassword } from './register.js';
import type { UserState } from '../user/state.js';

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
  /** Network address of the caller, for the throttle. */
  readonly address: string;
}

const GENERATED_BYTES = 18;

/** 144 bits of chance in 24 characters. */
export const generatePassword = (): string => randomBytes(GENERATED_BYTES).toString('base64url');

/**
 * The user's own change; guessing the current password is throttled like signing in. Ends every session of the user.
 * @throws Problem password-weak | password-wrong | sign-in-throttled | user-unknown | user-not-active
 */
export async function changePassword(deps: AuthDependencies, user: UserId, change: PasswordChange, call: Invocation): Promise<UserOutcome> {
  checkPassword(change.newPassword);
  const before = await loadUser(deps, user);
  if (!wasDone(before, call)) await checkCurrent(deps, user, before, change);
  return replacePassword(deps, user, before, change.newPassword, 'self', call);
}

/**
 * An admin's reset. Without a password one is made up; it is in the answer and nowhere else. Ends every session of the user.
 * @throws Problem password-weak | user-unknown | user-not-active
 */
export async function adminResetPassword(
  deps: AuthDependencies, user: UserId, given: string | undefined, call: Invocation,
): Promise<UserOutcome & { readonly password: string }> {
  const password = given ?? generatePassword();
  checkPassword(password);
  const outcome = await replacePassword(deps, user, await loadUser(deps, user), password, 'admin', call);
  return { ...outcome, password };
}

async function checkCurrent(deps: AuthDependencies, user: UserId, { state }: Loaded<UserState>, { currentPassword, address }: PasswordChange): Promise<void> {
  const account = `user:${user}`;
  await deps.throttle.attempt(account, address);
  const credential = state.status === 'active' ? await deps.credentials.find(state.credential) : undefined;
  if (!(await deps.hasher.verify(credential?.passwordHash, currentPassword))) throw problem('password-wrong');
  await deps.throttle.succeeded(account);
}

/** The new row, then the event that names it, then the end of the old row and of everything signed in with it. */
async function replacePassword(
  deps: AuthDependencies, user: UserId, before: Loaded<UserState>, password: string, by: 'self' | 'admin', call: Invocation,
): Promise<UserOutcome> {
  const credential = randomUuid();
  if (!wasDone(before, call)) {
    const { status } = before.state;
    if (status !== 'active') throw status === 'absent' ? problem('user-unknown') : problem('user-not-active', { status });
    await deps.credentials.add({ id: credential, user, passwordHash: await deps.hasher.hash(password) });
  }
  const handled = await handleUser(deps, user, { kind: 'change-password', credential, by }, call).catch(async (error: unknown) => {
    // Only a plain refusal: after an unknown outcome the event may stand and need its row.
    if (error instanceof Problem && error.kind.status < 500) await deps.credentials.remove(credential);
    throw error;
  });
  const { state, revision } = handled;
  if (state.status === 'absent') throw problem('user-unknown');
  // A row that was the current one and no longer is, or never became it, is named by nothing any more.
  for (const row of [credential, ...('credential' in before.state ? [before.state.credential] : [])]) {
    if (row !== state.credential) await deps.credentials.remove(row);
  }
  deps.revocations.note(userRevocation(user, revision, deps.now() + deps.lifetimes.accessMs));
  await deps.refreshTokens.revoke({ user });
  return outcomeOf(user, handled);
}
