import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Principal } from './route.js';

/** A token whose signature and claims have been checked. */
export interface VerifiedToken {
  readonly principal: Principal;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Who can tell a good token from a bad one. `verify` is the costly step (4,600/s a core), `isCurrent` a look into memory. */
export interface TokenVerifier<Verified extends VerifiedToken = VerifiedToken> {
  /** @throws Problem token-invalid */
  verify(token: string): Promise<Verified>;
  /** False once the token or its user was revoked. Asked on every request, so a revocation holds at once. */
  isCurrent(verified: Verified): boolean;
}

/** The caller of a request. @throws Problem token-missing | token-invalid */
export type Authenticate = (request: IncomingMessage) => Promise<Principal>;

const MAX_CACHED_TOKENS = 10_000;
const MAX_TOKEN_LENGTH = 4_096;
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/iu;

export const tokenInvalid = (reason: string) => platformProblem('token-invalid', { reason });

/** @throws Problem token-missing | token-invalid */
export function bearerToken(request: IncomingMessage): string {
  const header = request.headers.authorization;
  if (header === undefined) throw platformProblem('token-missing');
  const token = header.length <= MAX_TOKEN_LENGTH ? BEARER.exec(header)?.[1] : undefined;
  if (token === undefined) throw tokenInvalid('the Authorization header is not "Bearer <token>"');
  return token;
}

/** Verifies each token once and remembers it until it expires or is revoked; the cache is bounded. */
export function createAuthenticator<Verified extends VerifiedToken>(
  verifier: TokenVerifier<Verified>,
  options: { readonly maxCached?: number; readonly now?: () => number } = {},
): Authenticate {
  const { maxCached = MAX_CACHED_TOKENS, now = Date.now } = options;
  const cache = new LRUCache<string, Verified>({ max: maxCached });
  return async (request) => {
    const token = bearerToken(request);
    const known = cache.get(token);
    const verified = known ?? (await verifier.verify(token));
    const fault = verified.expiresAt <= now() ? 'it has expired' : verifier.isCurrent(verified) ? undefined : 'it was revoked';
    if (fault !== undefined) {
      cache.delete(token);
      throw tokenInvalid(fault);
    }
    if (!known) cache.set(token, verified);
    return verified.principal;
  };
}
