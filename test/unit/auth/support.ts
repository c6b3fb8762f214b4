import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { randomUuid, toCommandId, toCorrelationId } from '#contracts/kernel/ids.js';
import { ORIGIN } from '#contracts/kernel/position.js';
import { Problem } from '#contracts/kernel/problem.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import { createLogger } from '#platform/logger.js';
import type { PasswordHasher } from '../../../write-side/auth/passwords/hasher.js';
import { createSignInThrottle } from '../../../write-side/auth/passwords/throttle.js';
import { serverSecret } from '../../../write-side/auth/secrets.js';
import { createAuthService } from '../../../write-side/auth/service.js';
import { DEFAULT_LIFETIMES, type AuthDependencies, type Invocation } from '../../../write-side/auth/services/dependencies.js';
import { MemoryCredentialStore, MemoryRefreshTokenStore } from '../../../write-side/auth/stores/memory.js';
import { createAccessTokens } from '../../../write-side/auth/tokens/access-token.js';
import { openKeyRing } from '../../../write-side/auth/tokens/key-ring.js';
import { createRevocationList } from '../../../write-side/auth/tokens/revocations.js';

export const PASSWORD = 'correct horse battery';
export const START = Date.parse('2026-11-20T12:00:00.000Z');

/** As slow as a map: what it costs is tested where the real one is used. Counts its work. */
export class SpyHasher implements PasswordHasher {
  hashed = 0;
  verified: (string | undefined)[] = [];
  async hash(password: string): Promise<string> {
    this.hashed += 1;
    return `hash of ${password} ${this.hashed}`;
  }
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    this.verified.push(passwordHash);
    return passwordHash?.startsWith(`hash of ${password} `) ?? false;
  }
}

const folders: string[] = [];
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'folio-auth-'));
  folders.push(folder);
  return folder;
}
export async function removeFolders(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}

/** The whole service on memory, with a clock that stands until it is moved. */
export async function world(overrides: Partial<AuthDependencies> = {}) {
  const clock = { now: START };
  const now = (): number => clock.now;
  const [log, hasher, revocations] = [new MemoryEventStore(), new SpyHasher(), createRevocationList(now)];
  const keys = await openKeyRing({ folder: await temporaryFolder(), tokenLifeMs: DEFAULT_LIFETIMES.accessMs, now });
  const accessTokens = createAccessTokens({ keys, revocations, issuer: 'folio', audience: 'folio', now });
  const signIns: string[] = [];
  const deps: AuthDependencies = {
    log, hasher, revocations, accessTokens, now,
    credentials: new MemoryCredentialStore(), refreshTokens: new MemoryRefreshTokenStore(), throttle: createSignInThrottle(),
    secret: serverSecret(new Uint8Array(32)), lifetimes: DEFAULT_LIFETIMES, logger: createLogger({ level: 'silent' }),
    onSignIn: (outcome) => void signIns.push(outcome),
    ...overrides,
  };
  const call = (more: Partial<Invocation> = {}): Invocation => ({
    commandId: toCommandId(randomUuid()), correlationId: toCorrelationId('test'), actor: { kind: 'system', id: 'test' }, occurredAt: new Date(clock.now).toISOString(), ...more,
  });
  const service = createAuthService(deps);
  const register = (email: string, role: 'admin' | 'analyst' | 'viewer' = 'viewer', more: Partial<Invocation> = {}) =>
    service.registerUser({ email, name: 'Somebody', role, tier: 'standard', password: PASSWORD }, call(more));
  const events = async (type?: string): Promise<readonly Envelope[]> => (await deps.log.readAll(ORIGIN, { ...(type && { filter: { types: [type] } }) })).events;
  const signIn = (email: string, password = PASSWORD, address = '192.0.2.1') => service.signInWithPassword({ email, password, address }, call());
  return { clock, deps, hasher, keys, service, call, register, events, signIn, signIns };
}

/** The code that a promise is refused with; `none` when it is kept. Faults without a code pass through. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}
