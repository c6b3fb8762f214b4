import { expect } from 'chai';
import pg from 'pg';
import { migrate } from '#platform/postgres/migrate.js';
import { PostgresCredentialStore, PostgresRefreshTokenStore, PostgresRevocationStore } from '../../../write-side/auth/stores/postgres.js';
import { PostgresIdempotencyStore } from '../../../write-side/idempotency/postgres.js';
import { WRITE_STATE_MIGRATIONS } from '../../../write-side/state/migrations.js';
import { secretStoresSuite } from '../../suites/credential-store.js';
import { idempotencyStoreSuite } from '../../suites/idempotency-store.js';
import { freshDatabase } from '../../support/postgres.js';
import { refusalOf, removeFolders, world } from '../../unit/auth/support.js';

const pools: pg.Pool[] = [];

async function freshPool(): Promise<pg.Pool> {
  const settings = await freshDatabase();
  await migrate(settings, WRITE_STATE_MIGRATIONS);
  const pool = new pg.Pool({ ...settings, max: 10 });
  pool.on('error', () => undefined);
  pools.push(pool);
  return pool;
}

const open = (pool: pg.Pool) => ({ credentials: new PostgresCredentialStore(pool), refreshTokens: new PostgresRefreshTokenStore(pool) });

after(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
  await removeFolders();
});

let shared: Promise<pg.Pool> | undefined;
secretStoresSuite('postgres', async () => {
  shared ??= freshPool();
  const pool = await shared;
  await pool.query('TRUNCATE credential, refresh_token, revocation, revocation_checkpoint');
  return { ...open(pool), revocations: new PostgresRevocationStore(pool) };
});
idempotencyStoreSuite('postgres', async () => new PostgresIdempotencyStore(await freshPool()));

describe('Users on the real credential store', () => {
  it('fifty racing registrations of one address make one user and one secret', async () => {
    const pool = await freshPool();
    const { register, events } = await world(open(pool));
    const codes = await Promise.all(Array.from({ length: 50 }, () => refusalOf(register('ana@example.com'))));
    expect(codes.filter((code) => code === 'none')).to.have.length(1);
    expect(codes.filter((code) => code === 'email-taken')).to.have.length(49);
    expect(await events('auth.user.registered')).to.have.length(1);
    expect((await pool.query('SELECT 1 FROM credential')).rowCount).to.equal(1);
  });

  it('a refresh token that comes a second time ends its family', async () => {
    const { register, signIn, service, call } = await world(open(await freshPool()));
    await register('ana@example.com');
    const { refreshToken = '' } = await signIn('ana@example.com');
    const next = await service.refreshTokens(refreshToken, call());
    expect(await refusalOf(service.refreshTokens(refreshToken, call()))).to.equal('refresh-reused');
    expect(await refusalOf(service.refreshTokens(next.refreshToken ?? '', call()))).to.equal('token-invalid');
  });

  it('keep neither passwords nor tokens in the clear', async () => {
    const pool = await freshPool();
    const { register, signIn } = await world(open(pool));
    await register('ana@example.com');
    const { refreshToken = '', accessToken } = await signIn('ana@example.com');
    const { rows } = await pool.query<{ row: string }>('SELECT row_to_json(t)::text AS row FROM refresh_token t');
    const stored = rows.map(({ row }) => row).join();
    expect(stored).to.contain(refreshToken.slice(0, 36)).and.not.to.contain(refreshToken.slice(37)).and.not.to.contain(accessToken);
  });

  it('are told to come again when the database is gone', async () => {
    const pool = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 1_000 });
    const { credentials, refreshTokens } = open(pool);
    expect([await refusalOf(credentials.find('x')), await refusalOf(refreshTokens.rotate('x', { hash: 'y', tokenId: 'z', expiresAt: 0 }, 0))]).to.deep.equal(['store-unavailable', 'store-unavailable']);
    await pool.end();
  });
});
