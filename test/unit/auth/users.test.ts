import { expect } from 'chai';
import { derivedUuid, randomUuid, toCommandId, toUserId } from '#contracts/kernel/ids.js';
import { toRevision } from '#contracts/kernel/position.js';
import { emailHmac } from '../../../write-side/auth/secrets.js';
import { handleDirectory, handleEmail, loadDirectory, loadEmail, loadUser } from '../../../write-side/auth/services/dependencies.js';
import { MemoryCredentialStore } from '../../../write-side/auth/stores/memory.js';
import { PASSWORD, refusalOf, removeFolders, world } from './support.js';

after(removeFolders);

describe('Registering a user', () => {
  it('claims the address, writes the secret row, then the user', async () => {
    const { register, events, deps } = await world();
    const { id } = await register('  Ana@Example.COM ');
    expect((await events()).map((event) => event.type)).to.deep.equal(['auth.email.claimed', 'auth.user.registered']);
    const { state } = await loadUser(deps, id);
    if (state.status !== 'active') throw new Error('not active');
    expect(state.email).to.equal('ana@example.com');
    expect(await deps.credentials.find(state.credential)).to.include({ user: id });
    expect(JSON.stringify(await events())).not.to.contain('hash of');
  });

  it('happens once for fifty who race for one address, and only one password is hashed', async () => {
    const { register, events, hasher } = await world();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => refusalOf(register('ana@example.com'))));
    expect(outcomes.filter((code) => code === 'none')).to.have.length(1);
    expect(outcomes.filter((code) => code === 'email-taken')).to.have.length(49);
    expect(await events('auth.user.registered')).to.have.length(1);
    expect(hasher.hashed).to.equal(1);
  });

  it('is the same user and no second event when the call is repeated', async () => {
    const { register, events } = await world();
    const commandId = toCommandId(randomUuid());
    const [first, second] = [await register('ana@example.com', 'admin', { commandId }), await register('ana@example.com', 'admin', { commandId })];
    expect([second.id, second.revision, second.position]).to.deep.equal([first.id, first.revision, first.position]);
    expect(await events()).to.have.length(3);
  });

  it('is completed by a repetition after it was cut off behind the claim', async () => {
    const credentials = new MemoryCredentialStore();
    const add = credentials.add.bind(credentials);
    credentials.add = () => Promise.reject(new Error('killed'));
    const { register, signIn } = await world({ credentials });
    const commandId = toCommandId(randomUuid());
    expect(await register('ana@example.com', 'viewer', { commandId }).then(() => 'done', () => 'killed')).to.equal('killed');
    credentials.add = add;
    await register('ana@example.com', 'viewer', { commandId });
    expect((await signIn('ana@example.com')).accessToken).to.be.a('string');
  });

  it('may take over a claim that was left unfinished, but not before its time', async () => {
    const { register, deps, call, clock, events } = await world();
    const lost = toUserId(derivedUuid('lost'));
    await handleEmail(deps, emailHmac(deps.secret, 'ana@example.com'), { kind: 'claim', user: lost }, call(), 'claim');
    clock.now = Date.now();
    expect(await refusalOf(register('ana@example.com'))).to.equal('email-taken');
    clock.now = Date.now() + deps.lifetimes.unfinishedClaimMs + 1_000;
    const { id } = await register('ana@example.com');
    expect((await loadEmail(deps, emailHmac(deps.secret, 'ana@example.com'))).state).to.include({ status: 'claimed', user: id });
    expect(await events('auth.email.released')).to.have.length(1);
  });

  it('is taken back when it slept so long that its claim was taken over', async () => {
    const { deps, register, clock, call } = await world();
    const hmac = emailHmac(deps.secret, 'ana@example.com');
    let second: string | undefined;
    const hash = deps.hasher.hash.bind(deps.hasher);
    deps.hasher.hash = async (password) => {
      deps.hasher.hash = hash;
      clock.now = Date.now() + deps.lifetimes.unfinishedClaimMs + 1_000;
      second = (await register('ana@example.com')).id;
      return hash(password);
    };
    const commandId = toCommandId(randomUuid());
    expect(await refusalOf(register('ana@example.com', 'viewer', call({ commandId })))).to.equal('email-taken');
    expect((await loadEmail(deps, hmac)).state).to.include({ status: 'claimed', user: second });
    expect((await loadUser(deps, toUserId(derivedUuid('user', commandId)))).state.status).to.equal('deleted');
  });

  it('refuses a password that is too short or too long', async () => {
    const { service, call, events } = await world();
    const attempt = (password: string) => refusalOf(service.registerUser({ email: 'a@example.com', name: 'A', role: 'viewer', tier: 'free', password }, call()));
    expect([await attempt('elevenchars'), await attempt('x'.repeat(201)), await attempt('🔑'.repeat(12))]).to.deep.equal(['password-weak', 'password-weak', 'none']);
    expect(await events('auth.email.claimed')).to.have.length(1);
  });
});

describe('The last active admin', () => {
  const twoAdmins = async () => {
    const all = await world();
    return { ...all, first: (await all.register('a@example.com', 'admin')).id, second: (await all.register('b@example.com', 'admin')).id };
  };

  it('stays when the last two are demoted at the same time: exactly one is refused', async () => {
    const { service, call, first, second, deps } = await twoAdmins();
    const demote = (user: typeof first) => refusalOf(service.administer(user, { kind: 'change-role', role: 'viewer' }, call()));
    expect((await Promise.all([demote(first), demote(second)])).sort()).to.deep.equal(['last-admin', 'none']);
    const states = await Promise.all([first, second].map(async (user) => (await loadUser(deps, user)).state));
    expect(states.filter((state) => state.status === 'active' && state.role === 'admin')).to.have.length(1);
    expect((await loadDirectory(deps)).state.admins).to.have.length(1);
  });

  for (const command of [{ kind: 'suspend', reason: 'r' }, { kind: 'delete', reason: 'r' }, { kind: 'change-role', role: 'analyst' }] as const) {
    it(`is not lost by ${command.kind}`, async () => {
      const { service, call, register, events } = await world();
      const { id } = await register('a@example.com', 'admin');
      const before = (await events()).length;
      expect(await refusalOf(service.administer(id, command, call()))).to.equal('last-admin');
      expect(await events()).to.have.length(before);
    });
  }

  it('may go after another became one, and the directory is written first', async () => {
    const { service, call, register, events } = await world();
    const [admin, other] = [await register('a@example.com', 'admin'), await register('b@example.com')];
    await service.administer(other.id, { kind: 'change-role', role: 'admin' }, call());
    await service.administer(admin.id, { kind: 'suspend', reason: 'r' }, call());
    expect((await events()).slice(-4).map((event) => event.type)).to.deep.equal(['auth.admin.granted', 'auth.user.role-changed', 'auth.admin.revoked', 'auth.user.suspended']);
  });

  it('is counted again after being reinstated', async () => {
    const { service, call, deps, first, second } = await twoAdmins();
    await service.administer(first, { kind: 'suspend', reason: 'r' }, call());
    expect(await refusalOf(service.administer(second, { kind: 'suspend', reason: 'r' }, call()))).to.equal('last-admin');
    await service.administer(first, { kind: 'reinstate', reason: 'r' }, call());
    expect((await loadDirectory(deps)).state.admins).to.have.members([first, second]);
  });
});

describe('The directory of admins', () => {
  // An admin is reinstated while somebody deletes the same user: the grant is written, then the deletion wins the user's stream.
  it('loses a member again whose command lost the race for the user', async () => {
    const { service, call, register, deps } = await world();
    const [admin, other] = [await register('a@example.com', 'admin'), await register('b@example.com', 'admin')];
    await service.administer(other.id, { kind: 'suspend', reason: 'r' }, call());
    const append = deps.log.append.bind(deps.log);
    deps.log.append = async (stream, ...rest) => {
      if (stream !== `user-${other.id}`) return append(stream, ...rest);
      deps.log.append = append;
      await service.administer(other.id, { kind: 'delete', reason: 'r' }, call());
      await handleDirectory(deps, { kind: 'grant', user: other.id }, call());
      return append(stream, ...rest);
    };
    expect(await refusalOf(service.administer(other.id, { kind: 'reinstate', reason: 'r' }, call()))).to.equal('user-not-suspended');
    expect((await loadDirectory(deps)).state.admins).to.deep.equal([admin.id]);
  });

  it('is brought in line at the next start after a crash between directory and user', async () => {
    const { service, call, register, deps } = await world();
    const [admin, other] = [await register('a@example.com', 'admin'), await register('b@example.com')];
    await handleDirectory(deps, { kind: 'grant', user: other.id }, call());
    expect(await service.ensureAdmin({ email: 'a@example.com', name: 'Admin' })).to.equal(undefined);
    expect((await loadDirectory(deps)).state.admins).to.deep.equal([admin.id]);
  });
});

describe('Administering a user', () => {
  it('honours the revision that the caller saw, before the directory is touched', async () => {
    const { service, call, register, events } = await world();
    const { id } = await register('a@example.com');
    const before = (await events()).length;
    const command = { kind: 'change-role', role: 'admin' } as const;
    expect(await refusalOf(service.administer(id, command, call({ ifRevision: toRevision(5) })))).to.equal('precondition-failed');
    expect(await events()).to.have.length(before);
    expect(await refusalOf(service.administer(id, command, call({ ifRevision: toRevision(0) })))).to.equal('none');
  });

  it('frees the address of a deleted user and deletes the secrets', async () => {
    const { service, call, register, deps } = await world();
    const { id, state } = await register('a@example.com');
    await service.administer(id, { kind: 'delete', reason: 'r' }, call());
    expect(state.status === 'active' && (await deps.credentials.find(state.credential))).to.equal(undefined);
    expect((await register('a@example.com')).id).not.to.equal(id);
  });

  it('answers a repeated call with the first outcome', async () => {
    const { service, call, register, events } = await world();
    const { id } = await register('a@example.com');
    const commandId = toCommandId(randomUuid());
    const suspend = () => service.administer(id, { kind: 'suspend', reason: 'r' }, call({ commandId }));
    const first = await suspend();
    await service.administer(id, { kind: 'reinstate', reason: 'r' }, call());
    expect((await suspend()).position).to.equal(first.position);
    expect(await events('auth.user.suspended')).to.have.length(1);
  });

  it('knows nobody under an id that was never given', async () => {
    const { service, call } = await world();
    expect(await refusalOf(service.administer(toUserId(randomUuid()), { kind: 'suspend', reason: 'r' }, call()))).to.equal('user-unknown');
  });
});

describe('The first start', () => {
  const admin = { email: 'admin@example.com', name: 'Admin' };
  it('makes an admin with a password that is told once', async () => {
    const { service, signIn } = await world();
    const made = await service.ensureAdmin(admin);
    expect(made).to.include({ generated: true });
    expect((await signIn(admin.email, made?.password)).user).to.equal(made?.id);
    expect(await service.ensureAdmin(admin)).to.equal(undefined);
  });
  it('takes the password that was given', async () => {
    const { service } = await world();
    expect(await service.ensureAdmin({ ...admin, password: PASSWORD })).to.include({ generated: false, password: PASSWORD });
  });
  it('is completed by the second one when it was cut off before the user was written', async () => {
    const all = await world();
    const append = all.deps.log.append.bind(all.deps.log);
    all.deps.log.append = (stream, ...rest) => (stream.startsWith('user-') ? Promise.reject(new Error('killed')) : append(stream, ...rest));
    expect(await all.service.ensureAdmin(admin).then(() => 'made', () => 'killed')).to.equal('killed');
    all.deps.log.append = append;
    const made = await all.service.ensureAdmin(admin);
    expect((await all.signIn(admin.email, made?.password)).user).to.equal(made?.id);
    expect((await loadDirectory(all.deps)).state.admins).to.deep.equal([made?.id]);
  });
});
