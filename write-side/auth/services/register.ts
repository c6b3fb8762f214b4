import { derivedUuid, randomUuid, toCommandId, toUserId, type UserId } from '#contracts/kernel/ids.js';
import { Problem } from '#contracts/kernel/problem.js';
import { problem } from '#contracts/errors.js';
import type { Role, Tier } from '#contracts/roles.js';
import { passwordRule } from '../rules.js';
import { emailHmac, normaliseEmail } from '../secrets.js';
import { administer } from './administer.js';
import { handleDirectory, handleEmail, handleUser, loadEmail, loadUser, outcomeOf, type AuthDependencies, type Invocation, type UserOutcome } from './dependencies.js';

export interface Registration {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly tier: Tier;
  readonly password: string;
}

/** The user that this call makes, however often it is repeated. */
export const userIdOf = ({ commandId }: Invocation): UserId => toUserId(derivedUuid('user', commandId));

/** @throws Problem password-weak */
export function checkPassword(password: string): void {
  const weak = passwordRule(password);
  if (weak) throw problem(weak.rejected, weak.detail);
}

/**
 * Makes a user: the address is claimed first (losers of a race do no work), then the secret row is written, then the directory for an admin,
 * then the user's stream. Interrupted anywhere, the same call completes it; left unfinished, the claim may be taken over.
 * @throws Problem email-taken | password-weak
 */
export async function registerUser(deps: AuthDependencies, { password, ...profile }: Registration, call: Invocation): Promise<UserOutcome> {
  checkPassword(password);
  const user = userIdOf(call);
  const email = normaliseEmail(profile.email);
  const credential = randomUuid();
  const hmac = emailHmac(deps.secret, email);
  const isNew = (await loadUser(deps, user)).state.status === 'absent';
  if (isNew) {
    await claimEmail(deps, hmac, user, call);
    await deps.credentials.add({ id: credential, user, passwordHash: await deps.hasher.hash(password) });
    if (profile.role === 'admin') await handleDirectory(deps, { kind: 'grant', user }, call);
  }
  const handled = await handleUser(deps, user, { kind: 'register', ...profile, email, credential }, call);
  const { state } = handled;
  if (isNew && state.status !== 'absent' && state.credential !== credential) await deps.credentials.remove(credential);
  if (isNew) await confirmClaim(deps, hmac, user, call);
  return outcomeOf(user, handled);
}

async function claimEmail(deps: AuthDependencies, hmac: string, user: UserId, call: Invocation): Promise<void> {
  const claim = () => handleEmail(deps, hmac, { kind: 'claim', user }, call, 'claim');
  const { state } = await claim().catch(async (error: unknown) => {
    const owner = isEmailTaken(error) ? await unfinishedOwner(deps, hmac) : undefined;
    if (owner === undefined) throw error;
    deps.logger.warn({ owner }, 'an unfinished claim of an e-mail address is taken over');
    await handleEmail(deps, hmac, { kind: 'release', user: owner, reason: 'registration was not finished' }, call, 'take-over');
    return claim();
  });
  // A repeated call finds its earlier claim, which may have been taken over since.
  if (state.status !== 'claimed' || state.user !== user) throw problem('email-taken');
}

const isEmailTaken = (error: unknown): boolean => error instanceof Problem && error.code === 'email-taken';

/** Who holds an address without being a user: never registered in time, or deleted without the release that belongs to it. */
async function unfinishedOwner(deps: AuthDependencies, hmac: string): Promise<UserId | undefined> {
  const { state } = await loadEmail(deps, hmac);
  if (state.status !== 'claimed') return undefined;
  const { status } = (await loadUser(deps, state.user)).state;
  const overdue = Date.parse(state.since) + deps.lifetimes.unfinishedClaimMs < deps.now();
  return status === 'deleted' || (status === 'absent' && overdue) ? state.user : undefined;
}

/** A registration that slept past its time may have lost its claim; the user that came of it too late is taken back. */
async function confirmClaim(deps: AuthDependencies, hmac: string, user: UserId, call: Invocation): Promise<void> {
  const { state } = await loadEmail(deps, hmac);
  if (state.status === 'claimed' && state.user === user) return;
  const { ifRevision: _ofTheUser, ...rest } = call;
  const commandId = toCommandId(derivedUuid('command', call.commandId, 'take-back'));
  await administer(deps, user, { kind: 'delete', reason: 'the e-mail address was taken over' }, { ...rest, commandId });
  throw problem('email-taken');
}
