import { toUserId } from '#contracts/kernel/ids.js';
import { Problem } from '#contracts/kernel/problem.js';
import { problem } from '#contracts/errors.js';
import { familyRevocation } from '../tokens/revocations.js';
import type { TokenFamily } from '../stores/refresh-token-store.js';
import { loadUser, type AuthDependencies, type Invocation } from './dependencies.js';
import { familyOfRefreshToken, freshRefreshToken, freshTokenId, hashOf, instantOf, recordSession, signAccessToken, type IssuedTokens } from './issue.js';

const refused = () => problem('token-invalid', { reason: 'the refresh token is unknown, expired or revoked' });

/**
 * A refresh token for a new pair; the old one is used up. One that comes a second time was stolen from one of its two holders:
 * the whole family ends, and with it the access tokens of the family.
 * @throws Problem token-invalid | refresh-reused
 */
export async function refreshTokens(deps: AuthDependencies, token: string, call: Invocation): Promise<IssuedTokens> {
  const family = familyOfRefreshToken(token);
  if (family === undefined) throw refused();
  const [next, tokenId] = [freshRefreshToken(family), freshTokenId(family)];
  const rotation = await deps.refreshTokens.rotate(hashOf(token), { hash: next.hash, tokenId, expiresAt: deps.now() + deps.lifetimes.refreshMs }, deps.now());
  if (rotation.outcome === 'refused') throw refused();
  const { user, tokenId: replaces } = rotation.previous;
  if (rotation.outcome === 'reused') {
    await endFamily(deps, { user, family }, 'a refresh token was used twice', call);
    throw problem('refresh-reused');
  }
  const { state, history } = await loadUser(deps, user);
  const last = history.at(-1);
  if (state.status !== 'active' || !last) {
    await deps.refreshTokens.revoke({ family });
    throw refused();
  }
  await recordSession(deps, { kind: 'record-refresh', user, tokenId, family, replaces, expiresAt: instantOf(deps.now() + deps.lifetimes.accessMs) }, call);
  return { ...(await signAccessToken(deps, { user, state, revision: last.revision, tokenId })), refreshToken: next.token };
}

/**
 * Ends the session that a refresh or an access token belongs to; holding it is the right to do so (RFC 7009).
 * A token that is none is no error: what the caller wants is so already.
 */
export async function revokeToken(deps: AuthDependencies, token: string, call: Invocation): Promise<void> {
  const session = familyOfRefreshToken(token) === undefined ? await sessionOfAccessToken(deps, token) : (await deps.refreshTokens.revoke({ hash: hashOf(token) }))[0];
  if (!session) return;
  await endFamily(deps, session, 'signed out', call);
}

async function sessionOfAccessToken({ accessTokens }: AuthDependencies, token: string): Promise<TokenFamily | undefined> {
  try {
    const { principal, family } = await accessTokens.verify(token);
    return { user: toUserId(principal.userId), family };
  } catch (error) {
    if (error instanceof Problem && error.code === 'token-invalid') return undefined;
    throw error;
  }
}

async function endFamily(deps: AuthDependencies, { user, family }: TokenFamily, reason: string, call: Invocation): Promise<void> {
  deps.revocations.note(familyRevocation(family, deps.now() + deps.lifetimes.accessMs));
  await deps.refreshTokens.revoke({ family });
  await recordSession(deps, { kind: 'record-revocation', user, family, reason }, call);
}
