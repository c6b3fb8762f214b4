import { errors, jwtVerify, SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { z } from 'zod';
import { ROLES, TIERS, type Role, type Tier } from '#contracts/roles.js';
import { uuid } from '#contracts/scalars.js';
import type { UserId } from '#contracts/kernel/ids.js';
import { tokenInvalid, type TokenVerifier, type VerifiedToken } from '#platform/http/authenticate.js';
import type { KeyRing } from './key-ring.js';
import type { RevocationList } from './revocations.js';

/** What an access token says. `revision` is that of the user's stream when it was issued: later revocations are later revisions. */
export interface AccessGrant {
  readonly user: UserId;
  readonly role: Role;
  readonly tier: Tier;
  readonly revision: number;
  /** `<family>.<random>`. */
  readonly tokenId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface VerifiedGrant extends VerifiedToken {
  readonly family: string;
  readonly revision: number;
}

export interface AccessTokenOptions {
  readonly keys: KeyRing;
  readonly revocations: RevocationList;
  readonly issuer: string;
  readonly audience: string;
  readonly now?: () => number;
}

export interface AccessTokens extends TokenVerifier<VerifiedGrant> {
  sign(grant: AccessGrant): Promise<string>;
}

const ALGORITHM = 'EdDSA';
/** RFC 9068: an access token cannot be mistaken for another kind of JWT signed with the same key. */
const TYPE = 'at+jwt';

const claims = z.object({ sub: uuid, jti: z.string().min(1).max(64), role: z.enum(ROLES), tier: z.enum(TIERS), rev: z.int().min(0), exp: z.number() });

export const familyOf = (tokenId: string): string => tokenId.split('.')[0] ?? tokenId;

/** EdDSA JWTs. The algorithm, type, issuer and audience are fixed here; the header only chooses among our own keys. */
export function createAccessTokens({ keys, revocations, issuer, audience, now = Date.now }: AccessTokenOptions): AccessTokens {
  const sign = ({ user, role, tier, revision, tokenId, expiresAt }: AccessGrant): Promise<string> => {
    const { kid, privateKey } = keys.signing();
    return new SignJWT({ role, tier, rev: revision })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
      .setIssuer(issuer).setAudience(audience).setSubject(user).setJti(tokenId)
      .setIssuedAt(Math.floor(now() / 1_000)).setExpirationTime(Math.floor(expiresAt / 1_000))
      .sign(privateKey);
  };
  const verify = async (token: string): Promise<VerifiedGrant> => {
    const checks = { algorithms: [ALGORITHM], typ: TYPE, issuer, audience, currentDate: new Date(now()), requiredClaims: ['sub', 'jti', 'exp', 'iat'] };
    const { payload } = await jwtVerify(token, async (header: JWTHeaderParameters) => publicKey(keys, header.kid), checks).catch(refuse);
    return verifiedGrant(payload);
  };
  const isCurrent = ({ principal, family, revision }: VerifiedGrant): boolean => !revocations.concerns(principal.userId, revision, family);
  return { sign, verify, isCurrent };
}

async function publicKey(keys: KeyRing, kid: string | undefined) {
  const key = kid === undefined ? undefined : await keys.find(kid);
  if (!key) throw tokenInvalid('it is signed with a key that is not known here');
  return key.publicKey;
}

function verifiedGrant(payload: JWTPayload): VerifiedGrant {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) throw tokenInvalid('its claims are not those of an access token');
  const { sub, jti, role, tier, rev, exp } = parsed.data;
  return { principal: { userId: sub, role, tier, tokenId: jti }, family: familyOf(jti), revision: rev, expiresAt: exp * 1_000 };
}

function refuse(error: unknown): never {
  if (error instanceof errors.JWTExpired) throw tokenInvalid('it has expired');
  if (error instanceof errors.JOSEError) throw tokenInvalid('its signature or its claims are not right');
  throw error;
}
