import { join } from 'node:path';
import type pg from 'pg';
import type { EventStore } from '#platform/event-store/port.js';
import type { Logger } from '#platform/logger.js';
import { createPasswordHasher } from './passwords/hasher.js';
import { createSignInThrottle } from './passwords/throttle.js';
import { loadServerSecret, type ServerSecret } from './secrets.js';
import { createAuthService, type AuthService } from './service.js';
import { DEFAULT_LIFETIMES } from './services/dependencies.js';
import type { MadeAdmin } from './services/ensure-admin.js';
import { PostgresCredentialStore, PostgresRefreshTokenStore, PostgresRevocationStore } from './stores/postgres.js';
import { createAccessTokens, type AccessTokens } from './tokens/access-token.js';
import { openKeyRing } from './tokens/key-ring.js';
import { createRevocationList, followRevocations, type RevocationList } from './tokens/revocations.js';

export interface VerifierOptions {
  readonly store: EventStore;
  readonly pool: pg.Pool;
  readonly logger: Logger;
  readonly keyFolder: string;
}

export interface AuthOptions extends VerifierOptions {
  readonly admin: { readonly email: string; readonly password?: string };
  readonly onSignIn?: (outcome: string) => void;
}

export interface RunningAuth {
  readonly service: AuthService;
  readonly tokens: AccessTokens;
  readonly secret: ServerSecret;
  /** The first admin, when this start made one. */
  readonly admin: MadeAdmin | undefined;
  stop(): Promise<void>;
}

const ISSUER = 'folio';

export interface RunningVerifier {
  readonly tokens: AccessTokens;
  readonly revocations: RevocationList;
  stop(): Promise<void>;
}

/** Key ring and revocations up to the head of the log: after this tokens can be judged. */
export async function startVerifier({ store, pool, logger, keyFolder }: VerifierOptions): Promise<RunningVerifier> {
  const tokenLifeMs = DEFAULT_LIFETIMES.accessMs;
  const keys = await openKeyRing({ folder: join(keyFolder, 'tokens'), tokenLifeMs });
  const revocations = createRevocationList();
  const tokens = createAccessTokens({ keys, revocations, issuer: ISSUER, audience: ISSUER });
  const stopped = new AbortController();
  const following = await followRevocations({ log: store, store: new PostgresRevocationStore(pool), list: revocations, tokenLifeMs, logger }, stopped.signal);
  return {
    tokens, revocations,
    stop: async () => {
      stopped.abort();
      await following.done;
    },
  };
}

/** The same, with everything that gives tokens out, and an active admin. */
export async function startAuth({ admin, onSignIn = () => undefined, ...options }: AuthOptions): Promise<RunningAuth> {
  const { store, pool, logger, keyFolder } = options;
  const secret = await loadServerSecret(keyFolder);
  const verifier = await startVerifier(options);
  const { tokens, revocations } = verifier;
  const service = createAuthService({
    log: store, credentials: new PostgresCredentialStore(pool), refreshTokens: new PostgresRefreshTokenStore(pool), hasher: createPasswordHasher(), throttle: createSignInThrottle(),
    accessTokens: tokens, revocations, secret, lifetimes: DEFAULT_LIFETIMES, logger, onSignIn, now: Date.now,
  });
  return { service, tokens, secret, stop: () => verifier.stop(), admin: await service.ensureAdmin({ name: 'Administrator', ...admin }) };
}
