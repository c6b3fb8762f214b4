import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { randomUuid, toUserId } from '#contracts/kernel/ids.js';
import { ORIGIN } from '#contracts/kernel/position.js';
import { createAuthenticator } from '#platform/http/authenticate.js';
import { createLogger } from '#platform/logger.js';
import { createPasswordHasher } from '../../../write-side/auth/passwords/hasher.js';
import { createSignInThrottle } from '../../../write-side/auth/passwords/throttle.js';
import { loadServerSecret } from '../../../write-side/auth/secrets.js';
import { MemoryRevocationStore } from '../../../write-side/auth/stores/memory.js';
import { userStream } from '../../../write-side/auth/streams.js';
import { createAccessTokens } from '../../../write-side/auth/tokens/access-token.js';
import { openKeyRing } from '../../../write-side/auth/tokens/key-ring.js';
import { createRevocationList, followRevocations } from '../../../write-side/auth/tokens/revocations.js';
import { PASSWORD, refusalOf, removeFolders, START, temporaryFolder, world } from './support.js';

after(removeFolders);
const HOUR = 3_600_000;

/** A user who is signed in, and how its access token is taken now. */
const signedIn = async (overrides: Parameters<typeof world>[0] = {}) => {
  const all = await world(overrides);
  const { id } = await all.register('a@example.com');
  const tokens = await all.signIn('a@example.com');
  const authenticate = createAuthenticator(all.deps.accessTokens, { now: all.deps.now });
  const use = (token: string) => refusalOf(authenticate({ headers: { authorization: `Bearer ${token}` } } as unknown as Parameters<typeof authenticate>[0]));
  return { ...all, id, tokens, use };
};

describe('Signing in', () => {
  it('gives tokens that name the user, and a journal entry without them', async () => {
    const { deps, tokens, id, events } = await signedIn();
    const { principal } = await deps.accessTokens.verify(tokens.accessToken);
    expect(principal).to.include({ userId: id, role: 'viewer', tier: 'standard' });
    const journal = (await events()).slice(-2);
    expect(journal.map((event) => [event.type, event.stream])).to.deep.equal([['auth.user.authenticated', `session-${id}-202611`], ['auth.token.issued', `session-${id}-202611`]]);
    expect(JSON.stringify(await events())).not.to.contain(tokens.refreshToken?.split('.')[1] ?? 'no token').and.not.to.contain(tokens.accessToken);
  });

  it('is throttled before the hash is computed, also for an address that nobody has', async () => {
    const { signIn, register, hasher } = await world({ throttle: createSignInThrottle({ perAccount: 3, perAddress: 100, windowSeconds: 60 }) });
    await register('a@example.com');
    for (const email of ['a@example.com', 'nobody@example.com']) {
      hasher.verified = [];
      const codes = await Promise.all(Array.from({ length: 8 }, () => refusalOf(signIn(email, 'wrong password'))));
      expect(codes.filter((code) => code === 'credentials-wrong')).to.have.length(3);
      expect(codes.filter((code) => code === 'sign-in-throttled')).to.have.length(5);
      expect(hasher.verified).to.have.length(3);
    }
  });

  it('is throttled by network address, whatever the accounts', async () => {
    const { signIn, hasher } = await world({ throttle: createSignInThrottle({ perAccount: 10, perAddress: 4, windowSeconds: 60 }) });
    for (let index = 0; index < 6; index += 1) await refusalOf(signIn(`user${index}@example.com`, 'wrong'));
    expect(hasher.verified).to.have.length(4);
  });

  it('forgives an account its failures when it succeeds', async () => {
    const { signIn, register } = await world({ throttle: createSignInThrottle({ perAccount: 2, perAddress: 100, windowSeconds: 60 }) });
    await register('a@example.com');
    for (let round = 0; round < 3; round += 1) {
      expect(await refusalOf(signIn('a@example.com', 'wrong'))).to.equal('credentials-wrong');
      expect(await refusalOf(signIn('a@example.com'))).to.equal('none');
    }
  });

  it('does the same work and makes no stream for an unknown address', async () => {
    const { signIn, hasher, events, signIns } = await world();
    expect(await refusalOf(signIn('nobody@example.com'))).to.equal('credentials-wrong');
    expect(hasher.verified).to.deep.equal([undefined]);
    expect(await events()).to.be.empty;
    expect(signIns).to.deep.equal(['unknown']);
  });

  it('tells a suspended user no more than a stranger, and records the failure', async () => {
    const { service, signIn, id, call, deps } = await signedIn();
    await service.administer(id, { kind: 'suspend', reason: 'r' }, call());
    expect(await refusalOf(signIn('a@example.com'))).to.equal('credentials-wrong');
    const controller = new AbortController();
    for await (const page of deps.log.subscribe({ after: ORIGIN, filter: { types: ['auth.user.authentication-failed'] }, signal: controller.signal })) {
      if (page.events.length > 0) controller.abort();
    }
  });

  it('works for a program by id and password, without a refresh token', async () => {
    const { service, id, call } = await signedIn();
    const tokens = await service.signInAsClient({ clientId: id, clientSecret: PASSWORD, address: '' }, call());
    expect(tokens).to.have.property('accessToken');
    expect(tokens).not.to.have.property('refreshToken');
    expect(await refusalOf(service.signInAsClient({ clientId: randomUuid(), clientSecret: PASSWORD, address: '' }, call()))).to.equal('credentials-wrong');
  });
});

describe('A refresh token', () => {
  it('is used up by giving a new pair', async () => {
    const { service, tokens, call, use } = await signedIn();
    const next = await service.refreshTokens(tokens.refreshToken ?? '', call());
    expect(next.refreshToken).not.to.equal(tokens.refreshToken);
    expect([await use(next.accessToken), await use(tokens.accessToken)]).to.deep.equal(['none', 'none']);
  });

  it('that comes a second time ends its whole family, access tokens included', async () => {
    const { service, tokens, call, use, events } = await signedIn();
    const next = await service.refreshTokens(tokens.refreshToken ?? '', call());
    expect(await refusalOf(service.refreshTokens(tokens.refreshToken ?? '', call()))).to.equal('refresh-reused');
    expect(await refusalOf(service.refreshTokens(next.refreshToken ?? '', call()))).to.equal('token-invalid');
    expect([await use(next.accessToken), await use(tokens.accessToken)]).to.deep.equal(['token-invalid', 'token-invalid']);
    expect(await events('auth.token.revoked')).to.have.length(1);
  });

  it('is rotated once when twenty race with it', async () => {
    const { service, tokens, call } = await signedIn();
    const codes = await Promise.all(Array.from({ length: 20 }, () => refusalOf(service.refreshTokens(tokens.refreshToken ?? '', call()))));
    expect(codes.filter((code) => code === 'none')).to.have.length(1);
  });

  it('carries the role that the user has now', async () => {
    const { service, tokens, call, id, deps } = await signedIn();
    await service.administer(id, { kind: 'change-role', role: 'analyst' }, call());
    const next = await service.refreshTokens(tokens.refreshToken ?? '', call());
    expect((await deps.accessTokens.verify(next.accessToken)).principal.role).to.equal('analyst');
  });

  it('is refused when it is unknown, expired or no refresh token at all', async () => {
    const { service, tokens, call, clock, deps } = await signedIn();
    const refresh = (token: string) => refusalOf(service.refreshTokens(token, call()));
    expect([await refresh('x'), await refresh(`${randomUuid()}.${'A'.repeat(43)}`)]).to.deep.equal(['token-invalid', 'token-invalid']);
    clock.now += deps.lifetimes.refreshMs;
    expect(await refresh(tokens.refreshToken ?? '')).to.equal('token-invalid');
    expect(await service.purge()).to.equal(0);
    clock.now += 1;
    expect(await service.purge()).to.equal(1);
  });
});

describe('An access token', () => {
  const endings: readonly (readonly [string, (all: Awaited<ReturnType<typeof signedIn>>) => Promise<unknown>])[] = [
    ['suspended', ({ service, id, call }) => service.administer(id, { kind: 'suspend', reason: 'r' }, call())],
    ['deleted', ({ service, id, call }) => service.administer(id, { kind: 'delete', reason: 'r' }, call())],
    ['given another role', ({ service, id, call }) => service.administer(id, { kind: 'change-role', role: 'analyst' }, call())],
    ['given a new password by an admin', ({ service, id, call }) => service.adminResetPassword(id, undefined, call())],
    ['signed out with the refresh token', ({ service, tokens, call }) => service.revokeToken(tokens.refreshToken ?? '', call())],
    ['signed out with the access token', ({ service, tokens, call }) => service.revokeToken(tokens.accessToken, call())],
  ];
  for (const [what, end] of endings) {
    it(`stops at once, although remembered, when its user is ${what}`, async () => {
      const all = await signedIn();
      expect(await all.use(all.tokens.accessToken)).to.equal('none');
      await end(all);
      expect(await all.use(all.tokens.accessToken)).to.equal('token-invalid');
    });
  }

  it('is good again for a user who signs in after being reinstated', async () => {
    const { service, id, call, signIn, use } = await signedIn();
    await service.administer(id, { kind: 'suspend', reason: 'r' }, call());
    await service.administer(id, { kind: 'reinstate', reason: 'r' }, call());
    expect(await use((await signIn('a@example.com')).accessToken)).to.equal('none');
  });

  it('ends after 24 hours', async () => {
    const { clock, tokens, use } = await signedIn();
    clock.now = START + 24 * HOUR - 1_000;
    expect(await use(tokens.accessToken)).to.equal('none');
    clock.now = START + 24 * HOUR;
    expect(await use(tokens.accessToken)).to.equal('token-invalid');
  });

  const user = toUserId(randomUuid());
  const claims = { role: 'admin', tier: 'enterprise', rev: 0 };
  const forge = (header: { kid?: string; typ?: string; alg?: string }, more: { issuer?: string; audience?: string; expires?: number } = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', ...header }).setIssuer(more.issuer ?? 'folio').setAudience(more.audience ?? 'folio')
      .setSubject(user).setJti('f.t').setIssuedAt(START / 1_000).setExpirationTime(more.expires ?? START / 1_000 + 60);

  it('is refused when it is forged in any way, and taken when it is not', async () => {
    const { deps, keys } = await world();
    const { kid, privateKey, publicKey } = keys.signing();
    const foreign = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    const genuine = await forge({ kid }).sign(privateKey);
    const [head, body, signature] = genuine.split('.');
    const forged = {
      'alg none': new UnsecuredJWT(claims).setSubject(user).setJti('f.t').setIssuer('folio').setAudience('folio').setExpirationTime(START / 1_000 + 60).encode(),
      'HMAC with the public key': await forge({ kid, alg: 'HS256' }).sign(Buffer.from(JSON.stringify(await crypto.subtle.exportKey('jwk', publicKey)).padEnd(64))),
      'another key under our id': await forge({ kid }).sign(foreign.privateKey),
      'a key id that is not ours': await forge({ kid: '../../etc/passwd' }).sign(privateKey),
      'no key id': await forge({}).sign(privateKey),
      'another type': await forge({ kid, typ: 'JWT' }).sign(privateKey),
      'another issuer': await forge({ kid }, { issuer: 'other' }).sign(privateKey),
      'another audience': await forge({ kid }, { audience: 'other' }).sign(privateKey),
      'expired': await forge({ kid }, { expires: START / 1_000 - 1 }).sign(privateKey),
      'changed claims': `${head}.${Buffer.from(JSON.stringify({ ...claims, sub: user, role: 'admin2' })).toString('base64url')}.${signature}`,
      'cut signature': `${head}.${body}.${signature?.slice(0, -4)}`,
      'no token': 'abc',
    };
    for (const [how, token] of Object.entries(forged)) expect(await refusalOf(deps.accessTokens.verify(token)), how).to.equal('token-invalid');
    expect(await refusalOf(deps.accessTokens.verify(genuine))).to.equal('none');
  });
});

describe('The key ring', () => {
  it('signs with the newest key and still verifies with older ones, until no token of theirs can live', async () => {
    const [clock, folder] = [{ now: START }, await temporaryFolder()];
    const open = () => openKeyRing({ folder, tokenLifeMs: HOUR, now: () => clock.now });
    const keys = await open();
    const first = keys.signing().kid;
    clock.now += 1_000;
    const second = (await keys.rotate()).kid;
    expect([keys.signing().kid, (await keys.find(first))?.kid]).to.deep.equal([second, first]);
    clock.now += 2 * HOUR;
    const third = (await keys.rotate()).kid;
    expect([await keys.find(first), (await keys.find(second))?.kid]).to.deep.equal([undefined, second]);
    expect((await open()).signing().kid).to.equal(third);
  });

  it('finds a key that another process has made', async () => {
    const [clock, folder] = [{ now: START }, await temporaryFolder()];
    const open = () => openKeyRing({ folder, tokenLifeMs: HOUR, now: () => clock.now });
    const [ours, theirs] = [await open(), await open()];
    clock.now += 1_000;
    const { kid } = await theirs.rotate();
    expect((await ours.find(kid))?.kid).to.equal(kid);
  });

  it('keeps its files to itself', async () => {
    const folder = await temporaryFolder();
    await openKeyRing({ folder, tokenLifeMs: HOUR });
    await loadServerSecret(folder);
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777, name).to.equal(0o600);
  });
});

describe('The server secret', () => {
  it('is one for all that start together, and one for all times', async () => {
    const folder = await temporaryFolder();
    const hmacs = (await Promise.all(Array.from({ length: 5 }, () => loadServerSecret(folder)))).map((secret) => secret.hmac('email', 'a'));
    expect(new Set([...hmacs, (await loadServerSecret(folder)).hmac('email', 'a')])).to.have.property('size', 1);
    expect((await loadServerSecret(folder)).hmac('idempotency-body', 'a')).not.to.equal(hmacs[0]);
    expect(await readdir(folder)).to.deep.equal(['server.secret']);
    expect(await readFile(join(folder, 'server.secret'), 'utf8')).to.match(/^[0-9a-f]{64}$/u);
  });
});

describe('Password hashing', () => {
  it('uses Argon2id, is salted, and knows the password again in any spelling of its characters', async () => {
    const hasher = createPasswordHasher();
    const [first, second] = [await hasher.hash('contraseña larga'), await hasher.hash('contraseña larga')];
    expect(first).to.match(/^\$argon2id\$v=19\$m=19456,(?:t=2,p=1|p=1,t=2)\$/u).and.not.to.equal(second);
    expect(await hasher.verify(first, 'contrasen\u0303a larga')).to.equal(true);
    expect([await hasher.verify(first, 'other'), await hasher.verify(undefined, 'a password that nobody has')]).to.deep.equal([false, false]);
  });
  it('refuses more than may wait', async () => {
    const hasher = createPasswordHasher({ maxConcurrent: 1, maxWaiting: 1 });
    const codes = await Promise.all([1, 2, 3].map(() => refusalOf(hasher.hash(PASSWORD))));
    expect(codes.sort()).to.deep.equal(['none', 'none', 'sign-in-throttled']);
  });
});

describe('Changing the own password', () => {
  it('needs the current one, ends every session and deletes the old secret', async () => {
    const { service, call, id, tokens, use, signIn, deps } = await signedIn();
    const change = (currentPassword: string) => refusalOf(service.changePassword(id, { currentPassword, newPassword: 'another long password', address: '' }, call()));
    const old = (await deps.log.readStream(userStream(id)))[0]?.data as { credential: string };
    expect(await change('wrong')).to.equal('password-wrong');
    expect(await change(PASSWORD)).to.equal('none');
    expect(await use(tokens.accessToken)).to.equal('token-invalid');
    expect(await refusalOf(service.refreshTokens(tokens.refreshToken ?? '', call()))).to.equal('token-invalid');
    expect(await deps.credentials.find(old.credential)).to.equal(undefined);
    expect([await refusalOf(signIn('a@example.com')), await refusalOf(signIn('a@example.com', 'another long password'))]).to.deep.equal(['credentials-wrong', 'none']);
  });
});

describe('Revocations', () => {
  const logger = createLogger({ level: 'silent' });
  it('reach another process through the log, and a restarted one through the store', async () => {
    const all = await signedIn();
    const { deps, service, id, call, clock, tokens, keys } = all;
    clock.now = Date.now();
    const store = new MemoryRevocationStore();
    const start = async () => {
      const [list, controller] = [createRevocationList(deps.now), new AbortController()];
      const following = await followRevocations({ log: deps.log, store, list, tokenLifeMs: 24 * HOUR, logger, now: deps.now }, controller.signal);
      const verifier = createAccessTokens({ keys, revocations: list, issuer: 'folio', audience: 'folio', now: () => START });
      const isCurrent = async () => verifier.isCurrent(await verifier.verify(tokens.accessToken));
      return { list, isCurrent, stop: async () => { controller.abort(); await following.done; } };
    };
    const other = await start();
    expect(await other.isCurrent()).to.equal(true);
    await service.administer(id, { kind: 'suspend', reason: 'r' }, call());
    while (other.list.size === 0) await new Promise((resolve) => { setImmediate(resolve); });
    expect(await other.isCurrent()).to.equal(false);
    await other.stop();
    const restarted = await start();
    expect(await restarted.isCurrent()).to.equal(false);
    await restarted.stop();
    const { checkpoint, revocations } = await store.load(clock.now);
    expect([checkpoint !== undefined, revocations.length]).to.deep.equal([true, 1]);
    expect((await store.load(clock.now + 25 * HOUR)).revocations).to.be.empty;
  });
});
