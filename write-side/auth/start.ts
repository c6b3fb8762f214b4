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
import { createRevocationList, followRevocations } from './tokens/revocations.js';

export interface AuthOptions {
  readonly store: EventStore;
  readonly pool: pg.Pool;
  readonly logger: Logger;
  readonly keyFolder: string;
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

/** Key ring, revocations up to the head of the log, and an active admin: after this tokens can be judged. */
export async function startAuth({ store, pool, logger, keyFolder, admin, onSignIn = () => undefined }: AuthOptions): Promise<RunningAuth> {
  const lifetimes = DEFAULT_LIFETIMES;
  const [keys, secret] = await Promise.all([openKeyRing({ folder: join(keyFolder, 'tokens'), tokenLifeMs: lifetimes.accessMs }), loadServerSecret(keyFolder)]);
  const revocations = createRevocationList();
  const tokens = createAccessTokens({ keys, revocations, issuer: ISSUER, audience: ISSUER });
  const service = createAuthService({
    log: store, credentials: new PostgresCredentialStore(pool), refreshTokens: new PostgresRefreshTokenStore(pool), hasher: createPasswordHasher(), throttle: createSignInThrottle(),
    accessTokens: tokens, revocations, secret, lifetimes, logger, onSignIn, now: Date.now,
  });
  const stopped = new AbortController();
  const following = await followRevocations({ log: store, store: new PostgresRevocationStore(pool), list: revocations, tokenLifeMs: lifetimes.accessMs, logger }, stopped.signal);
  const made = await service.ensureAdmin({ name: 'Administrator', ...admin });
  return {
    service, tokens, secret, admin: made,
    stop: async () => {
      stopped.abort();
      await following.done;
    },
  };
}
