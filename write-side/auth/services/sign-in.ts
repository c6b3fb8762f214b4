import { randomUuid, toUserId, type UserId } from '#contracts/kernel/ids.js';
import { problem } from '#contracts/errors.js';
import { emailHmac } from '../secrets.js';
import type { UserState } from '../user/state.js';
import { loadEmail, loadUser, type AuthDependencies, type Invocation } from './dependencies.js';
import { freshRefreshToken, freshTokenId, instantOf, recordSession, signAccessToken, type IssuedTokens, type Signed } from './issue.js';

export interface PasswordGrant {
  readonly email: string;
  readonly password: string;
  /** Network address of the caller, for the throttle. */
  readonly address: string;
}

/** A program signs in with the id of a user and its password. */
export interface ClientGrant {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly address: string;
}

/** Stands in for an unknown address, so that the same streams are read for it. */
const NOBODY = toUserId('00000000-0000-0000-0000-000000000000');

/**
 * E-mail and password for an access token and a refresh token.
 * @throws Problem sign-in-throttled (before any hash is computed) | credentials-wrong (the same for unknown, wrong and inactive)
 */
export async function signInWithPassword(deps: AuthDependencies, { email, password, address }: PasswordGrant, call: Invocation): Promise<IssuedTokens> {
  const hmac = emailHmac(deps.secret, email);
  await deps.throttle.attempt(hmac, address);
  const { state: owner } = await loadEmail(deps, hmac);
  const signed = await prove(deps, owner.status === 'claimed' ? owner.user : NOBODY, password, call);
  await deps.throttle.succeeded(hmac);
  const { user, tokenId } = signed;
  const family = familyOfNew(tokenId);
  const refresh = freshRefreshToken(family);
  const expiresAt = deps.now() + deps.lifetimes.refreshMs;
  await deps.refreshTokens.add({ hash: refresh.hash, user, family, tokenId, expiresAt });
  await recordSession(deps, { kind: 'record-sign-in', user, method: 'password', tokenId, family, expiresAt: accessExpiry(deps) }, call);
  return { ...(await signAccessToken(deps, signed)), refreshToken: refresh.token };
}

/**
 * The client credentials grant: an access token only (RFC 6749, 4.4.3).
 * @throws Problem sign-in-throttled | credentials-wrong
 */
export async function signInAsClient(deps: AuthDependencies, { clientId, clientSecret, address }: ClientGrant, call: Invocation): Promise<IssuedTokens> {
  const user = toUserId(clientId);
  const account = `user:${user}`;
  await deps.throttle.attempt(account, address);
  const signed = await prove(deps, user, clientSecret, call);
  await deps.throttle.succeeded(account);
  const { tokenId } = signed;
  await recordSession(deps, { kind: 'record-sign-in', user, method: 'client-credentials', tokenId, family: familyOfNew(tokenId), expiresAt: accessExpiry(deps) }, call);
  return signAccessToken(deps, signed);
}

const accessExpiry = (deps: AuthDependencies): string => instantOf(deps.now() + deps.lifetimes.accessMs);
const familyOfNew = (tokenId: string): string => tokenId.split('.')[0] ?? tokenId;

/** Checks the password with the same work for everybody. @throws Problem credentials-wrong */
async function prove(deps: AuthDependencies, user: UserId, password: string, call: Invocation): Promise<Signed> {
  const { state, history } = await loadUser(deps, user);
  const credential = state.status === 'absent' ? undefined : await deps.credentials.find(state.credential);
  const matches = await deps.hasher.verify(credential?.passwordHash, password);
  const last = history.at(-1);
  if (state.status === 'active' && matches && last) {
    deps.onSignIn('succeeded');
    return { user, state, revision: last.revision, tokenId: freshTokenId(randomUuid()) };
  }
  noteFailure(deps, user, state, call);
  throw problem('credentials-wrong');
}

/**
 * A failure of a known user goes into its journal, one of an unknown address makes no stream. The answer does not wait for it:
 * its time must not tell which of the two it was.
 */
function noteFailure(deps: AuthDependencies, user: UserId, { status }: UserState, call: Invocation): void {
  deps.onSignIn(status === 'absent' ? 'unknown' : 'failed');
  if (status === 'absent') return deps.logger.info({ correlationId: call.correlationId }, 'somebody unknown tried to sign in');
  recordSession(deps, { kind: 'record-failure', user, reason: status === 'active' ? 'wrong password' : `the user is ${status}` }, call)
    .catch((error: unknown) => deps.logger.warn({ err: error, correlationId: call.correlationId }, 'a failed sign-in could not be recorded'));
}
