import { expect } from 'chai';
import { randomUuid, toUserId } from '#contracts/kernel/ids.js';
import { toPosition } from '#contracts/kernel/position.js';
import type { CredentialStore } from '../../write-side/auth/stores/credential-store.js';
import type { RefreshToken, RefreshTokenStore } from '../../write-side/auth/stores/refresh-token-store.js';
import type { RevocationStore } from '../../write-side/auth/stores/revocation-store.js';

/** What the stores beside the log promise, for every adapter. `open` gives stores that share nothing with those of other tests' users. */
export interface SecretStores {
  readonly credentials: CredentialStore;
  readonly refreshTokens: RefreshTokenStore;
  readonly revocations: RevocationStore;
}

export function secretStoresSuite(name: string, open: () => Promise<SecretStores>): void {
  describe(`Stores of secrets (${name})`, () => {
    let stores: SecretStores;
    beforeEach(async () => { stores = await open(); });
    describe('credentials', () => credentialCases(() => stores.credentials));
    describe('refresh tokens', () => refreshTokenCases(() => stores.refreshTokens));
    describe('revocations', () => revocationCases(() => stores.revocations));
  });
}

function credentialCases(store: () => CredentialStore): void {
  const make = (user = toUserId(randomUuid())) => ({ id: randomUuid(), user, passwordHash: `hash ${randomUuid()}` });

  it('keep the first row of an id', async () => {
    const row = make();
    await store().add(row);
    await store().add({ ...row, passwordHash: 'another' });
    expect(await store().find(row.id)).to.deep.equal(row);
    expect(await store().find(randomUuid())).to.equal(undefined);
  });

  it('are removed one by one or for a user, and that may be repeated', async () => {
    const first = make();
    const [second, third, stranger] = [make(first.user), make(first.user), make()];
    for (const row of [first, second, third, stranger]) await store().add(row);
    await store().remove(first.id);
    await store().remove(first.id);
    expect([await store().find(first.id), await store().find(second.id)]).to.deep.equal([undefined, second]);
    await store().removeAll(first.user);
    await store().removeAll(first.user);
    expect(await Promise.all([second, third, stranger].map((row) => store().find(row.id)))).to.deep.equal([undefined, undefined, stranger]);
  });
}

const NOW = 1_000_000;
const tokenOf = (more: Partial<RefreshToken> = {}): RefreshToken =>
  ({ hash: randomUuid(), user: toUserId(randomUuid()), family: randomUuid(), tokenId: randomUuid(), expiresAt: NOW + 1_000, ...more });
const nextOf = () => ({ hash: randomUuid(), tokenId: randomUuid(), expiresAt: NOW + 2_000 });

function refreshTokenCases(store: () => RefreshTokenStore): void {
  it('are used up by a rotation, and the next one takes their place', async () => {
    const token = tokenOf();
    const [next, third] = [nextOf(), nextOf()];
    await store().add(token);
    expect(await store().rotate(token.hash, next, NOW)).to.deep.equal({ outcome: 'rotated', previous: token });
    expect(await store().rotate(next.hash, third, NOW)).to.deep.equal({ outcome: 'rotated', previous: { ...token, ...next } });
  });

  it('end their family when one comes a second time', async () => {
    const token = tokenOf();
    const next = nextOf();
    await store().add(token);
    await store().rotate(token.hash, next, NOW);
    expect(await store().rotate(token.hash, nextOf(), NOW)).to.deep.equal({ outcome: 'reused', previous: token });
    expect(await store().rotate(next.hash, nextOf(), NOW)).to.deep.equal({ outcome: 'refused', why: 'revoked' });
  });

  it('are rotated by exactly one of twenty who race', async () => {
    const token = tokenOf();
    await store().add(token);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => store().rotate(token.hash, nextOf(), NOW)));
    expect(outcomes.filter(({ outcome }) => outcome === 'rotated')).to.have.length(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'reused')).to.have.length.at.least(1);
  });

  it('are refused when unknown or expired', async () => {
    const token = tokenOf({ expiresAt: NOW });
    await store().add(token);
    expect(await store().rotate(randomUuid(), nextOf(), NOW)).to.deep.equal({ outcome: 'refused', why: 'unknown' });
    expect(await store().rotate(token.hash, nextOf(), NOW)).to.deep.equal({ outcome: 'refused', why: 'expired' });
    expect(await store().rotate(token.hash, nextOf(), NOW - 1)).to.have.property('outcome', 'rotated');
  });

  it('are revoked by hash with their family, by family, and by user', async () => {
    const user = toUserId(randomUuid());
    const [one, two, stranger] = [tokenOf({ user }), tokenOf({ user }), tokenOf()];
    for (const token of [one, two, stranger]) await store().add(token);
    expect(await store().revoke({ hash: one.hash })).to.deep.equal([{ user, family: one.family }]);
    expect(await store().rotate(one.hash, nextOf(), NOW)).to.deep.equal({ outcome: 'refused', why: 'revoked' });
    expect((await store().revoke({ user })).map(({ family }) => family)).to.have.members([one.family, two.family]);
    expect(await store().revoke({ family: two.family })).to.deep.equal([{ user, family: two.family }]);
    expect(await store().revoke({ hash: randomUuid() })).to.deep.equal([]);
    expect(await store().rotate(stranger.hash, nextOf(), NOW)).to.have.property('outcome', 'rotated');
  });

  it('are deleted once they have expired', async () => {
    const [old, young] = [tokenOf({ expiresAt: 10 }), tokenOf({ expiresAt: 20 })];
    for (const token of [old, young]) await store().add(token);
    expect(await store().purge(15)).to.equal(1);
    expect(await store().rotate(old.hash, nextOf(), 0)).to.deep.equal({ outcome: 'refused', why: 'unknown' });
    expect(await store().rotate(young.hash, nextOf(), 0)).to.have.property('outcome', 'rotated');
  });
}

function revocationCases(store: () => RevocationStore): void {
  const at = (position: string, logId = 'log') => ({ logId, position: toPosition(position) });

  it('are nothing at the beginning', async () => {
    expect(await store().load(0)).to.deep.equal({ revocations: [], checkpoint: undefined });
  });

  it('keep the greatest epoch of a subject and the latest position', async () => {
    await store().save([{ subject: 'user:a', epoch: 5, expiresAt: 100 }], at('9'), 0);
    await store().save([{ subject: 'user:a', epoch: 3, expiresAt: 200 }, { subject: 'family:b', epoch: 0, expiresAt: 100 }], at('10'), 0);
    await store().save([], at('7'), 0);
    const { revocations, checkpoint } = await store().load(0);
    expect(revocations).to.have.deep.members([{ subject: 'user:a', epoch: 5, expiresAt: 100 }, { subject: 'family:b', epoch: 0, expiresAt: 100 }]);
    expect(checkpoint).to.deep.equal(at('10'));
  });

  it('begin anew with another log', async () => {
    await store().save([], at('10'), 0);
    await store().save([], at('2', 'other'), 0);
    expect((await store().load(0)).checkpoint).to.deep.equal(at('2', 'other'));
  });

  it('are forgotten when they have expired', async () => {
    await store().save([{ subject: 'user:a', epoch: 1, expiresAt: 50 }], at('1'), 0);
    expect((await store().load(50)).revocations).to.deep.equal([]);
    await store().save([], at('2'), 50);
    expect((await store().load(0)).revocations).to.deep.equal([]);
  });
}
