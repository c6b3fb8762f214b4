import { createHash, randomBytes } from 'node:crypto';
import type { UserId } from '#contracts/kernel/ids.js';
import { handleCommand } from '../../handle-command.js';
import { sessionDecider } from '../session/decide.js';
import type { SessionCommand } from '../session/state.js';
import { routingOf, sessionStream } from '../streams.js';
import type { ActiveUser } from '../user/state.js';
import type { AuthDependencies, Invocation } from './dependencies.js';

/** What a client gets; secret as a whole: never logged, never stored. */
export interface IssuedTokens {
  readonly user: UserId;
  readonly accessToken: string;
  /** Seconds until the access token expires. */
  readonly expiresIn: number;
  readonly refreshToken?: string;
}

/** A refresh token before it is handed out: `<family>.<32 random bytes>`; only its hash is kept. */
export interface FreshRefreshToken {
  readonly token: string;
  readonly hash: string;
}

const REFRESH_TOKEN = /^([0-9a-f-]{36})\.[\w-]{43}$/u;

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

export function freshRefreshToken(family: string): FreshRefreshToken {
  const token = `${family}.${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashOf(token) };
}

/** The family that a refresh token names; undefined when the text cannot be one. */
export const familyOfRefreshToken = (token: string): string | undefined => REFRESH_TOKEN.exec(token)?.[1];

export const freshTokenId = (family: string): string => `${family}.${randomBytes(6).toString('hex')}`;

export interface Signed {
  readonly user: UserId;
  readonly state: ActiveUser;
  /** Last revision of the user's stream: whatever revokes tokens later has a greater one. */
  readonly revision: number;
  readonly tokenId: string;
}

export async function signAccessToken(deps: AuthDependencies, { user, state, revision, tokenId }: Signed): Promise<Pick<IssuedTokens, 'user' | 'accessToken' | 'expiresIn'>> {
  const { role, tier } = state;
  const accessToken = await deps.accessTokens.sign({ user, role, tier, revision, tokenId, expiresAt: deps.now() + deps.lifetimes.accessMs });
  return { user, accessToken, expiresIn: Math.floor(deps.lifetimes.accessMs / 1_000) };
}

/** Writes into the user's journal of this month. */
export async function recordSession({ log }: AuthDependencies, command: SessionCommand, call: Invocation): Promise<void> {
  const stream = sessionStream(command.user, call.occurredAt);
  const { ifRevision: _none, ...rest } = call;
  await handleCommand(log, sessionDecider, stream, command, { ...rest, routing: routingOf(stream) });
}

export const instantOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
