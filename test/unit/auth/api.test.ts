import { expect } from 'chai';
import { readToken } from '#contracts/kernel/lane.js';
import { randomUuid } from '#contracts/kernel/ids.js';
import { ERRORS } from '#contracts/errors.js';
import { createAuthenticator } from '#platform/http/authenticate.js';
import { openApiDocument } from '#platform/http/openapi.js';
import { authRoutes } from '../../../write-side/api/auth/routes.js';
import { MemoryIdempotencyStore } from '../../../write-side/idempotency/memory.js';
import { problemOf, serve, type Running } from '../http/support.js';
import { PASSWORD, removeFolders, world } from './support.js';

describe('The auth command API', () => {
  let all: Awaited<ReturnType<typeof world>>;
  let running: Running;
  let admin: string;

  beforeEach(async () => {
    all = await world();
    const routes = authRoutes({ auth: all.service, idempotency: new MemoryIdempotencyStore(), secret: all.deps.secret, now: all.deps.now });
    running = await serve(routes, { authenticate: createAuthenticator(all.deps.accessTokens, { now: all.deps.now }) });
    await all.register('admin@example.com', 'admin');
    admin = (await all.signIn('admin@example.com')).accessToken;
  });
  afterEach(() => running.stop());
  after(removeFolders);

  const post = (path: string, body: unknown, headers: Record<string, string> = { authorization: `Bearer ${admin}` }) =>
    fetch(`${running.url}/api/v1/auth${path}`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });
  const withKey = (key: string) => ({ authorization: `Bearer ${admin}`, 'idempotency-key': key });
  const ana = { email: 'ana@example.com', name: 'Ana', role: 'viewer', password: PASSWORD };
  const registerAna = async () => (await (await post('/users', ana)).json()) as { id: string; revision: string };
  const token = async (body: unknown) => {
    const answer = await post('/token', body, {});
    return { status: answer.status, cache: answer.headers.get('cache-control'), body: (await answer.json()) as Record<string, string> };
  };

  it('registers a user and answers with revision, position, tag and token', async () => {
    const answer = await post('/users', ana);
    const body = (await answer.json()) as { id: string; revision: string; position: string };
    expect([answer.status, body.revision, answer.headers.get('etag'), answer.headers.get('location')]).to.deep.equal([201, '0', '"0.0"', `/api/v1/auth/users/${body.id}`]);
    expect(readToken(answer.headers.get('folio-position') ?? '')?.[0]).to.have.property('position', body.position);
  });

  it('gives the first answer again for the same key, refusals included, and no second event', async () => {
    const [first, second] = [await post('/users', ana, withKey('k1')), await post('/users', ana, withKey('k1'))];
    expect(await second.text()).to.equal(await first.text());
    expect([second.status, second.headers.get('idempotency-replayed'), second.headers.get('folio-position')]).to.deep.equal([201, 'true', first.headers.get('folio-position')]);
    const taken = [await post('/users', ana, withKey('k2')), await post('/users', ana, withKey('k2'))];
    for (const answer of taken) expect([answer.status, (await problemOf(answer)).code]).to.deep.equal([409, 'email-taken']);
    expect(await all.events('auth.user.registered')).to.have.length(2);
  });

  it('refuses a key with another body, a key that is none, and one that is under way', async () => {
    await post('/users', ana, withKey('k1'));
    expect((await problemOf(await post('/users', { ...ana, name: 'B' }, withKey('k1')))).code).to.equal('idempotency-mismatch');
    expect((await problemOf(await post('/users', ana, withKey('k'.repeat(201))))).code).to.equal('idempotency-key-invalid');
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => { release = resolve; });
    let inside: () => void = () => undefined;
    const entered = new Promise<void>((resolve) => { inside = resolve; });
    all.deps.hasher.hash = async () => { inside(); await gate; return 'hash'; };
    const slow = post('/users', { ...ana, email: 'slow@example.com' }, withKey('k3'));
    await entered;
    const busy = await post('/users', { ...ana, email: 'slow@example.com' }, withKey('k3'));
    expect([busy.status, Number(busy.headers.get('retry-after')) >= 1, (await problemOf(busy)).code]).to.deep.equal([409, true, 'idempotency-in-flight']);
    release();
    expect((await slow).status).to.equal(201);
  });

  it('lists every field that it cannot accept', async () => {
    const problem = await problemOf(await post('/users', { email: 'no address', name: 'a\u0000b', role: 'root', admin: true }));
    expect(problem).to.include({ code: 'field-invalid', status: 422 });
    expect(problem.errors?.map(({ field }) => field)).to.have.members(['email', 'name', 'role', 'password', 'admin']);
  });

  it('gives, renews and ends tokens', async () => {
    const { id } = await registerAna();
    const { status, cache, body: tokens } = await token({ grant_type: 'password', username: 'ana@example.com', password: PASSWORD });
    expect([status, cache, tokens['token_type'], tokens['user_id']]).to.deep.equal([200, 'no-store', 'Bearer', id]);
    const renewed = (await token({ grant_type: 'refresh_token', refresh_token: tokens['refresh_token'] })).body;
    expect((await token({ grant_type: 'refresh_token', refresh_token: tokens['refresh_token'] })).body['code']).to.equal('refresh-reused');
    expect((await token({ grant_type: 'client_credentials', client_id: id, client_secret: PASSWORD })).body).to.have.property('access_token').and.not.equal(renewed['access_token']);
    expect((await token({ grant_type: 'magic' })).body['code']).to.equal('field-invalid');
    expect((await token({ grant_type: 'password', username: 'ana@example.com', password: 'wrong' })).body['code']).to.equal('credentials-wrong');
    expect((await post('/token/revoke', { token: 'never given' }, {})).status).to.equal(200);
  });

  it('ends the session of a token that is signed out', async () => {
    expect((await post('/token/revoke', { token: admin }, {})).status).to.equal(200);
    expect((await post('/users', ana)).status).to.equal(401);
  });

  it('changes role, suspends, reinstates and deletes, with If-Match', async () => {
    const { id } = await registerAna();
    const change = async (verb: string, body: unknown, tag?: string) => {
      const answer = await post(`/users/${id}/${verb}`, body, { authorization: `Bearer ${admin}`, ...(tag && { 'if-match': tag }) });
      return answer.ok ? answer.headers.get('etag') : (await problemOf(answer)).code;
    };
    expect(await change('role', { role: 'analyst' }, '"0.4"')).to.equal('"1.0"');
    expect(await change('suspend', { reason: 'left' }, '"0.0"')).to.equal('precondition-failed');
    expect(await change('suspend', { reason: 'left' }, 'nonsense')).to.equal('precondition-malformed');
    expect(await change('suspend', { reason: 'left' })).to.equal('"2.0"');
    expect(await change('role', { role: 'viewer' })).to.equal('user-not-active');
    expect(await change('reinstate', { reason: 'back' })).to.equal('"3.0"');
    expect(await change('delete', { reason: 'gone' })).to.equal('"4.0"');
    expect(await change('reinstate', { reason: 'back' })).to.equal('user-not-suspended');
    expect((await problemOf(await post('/users/not-an-id/suspend', { reason: 'r' }))).code).to.equal('user-unknown');
    expect((await problemOf(await post(`/users/${randomUuid()}/suspend`, { reason: 'r' }))).code).to.equal('user-unknown');
  });

  it('lets users change their own password, and admins reset it', async () => {
    const { id } = await registerAna();
    const own = (await token({ grant_type: 'password', username: 'ana@example.com', password: PASSWORD })).body['access_token'] ?? '';
    const weak = await post('/password', { currentPassword: PASSWORD, newPassword: 'short' }, { authorization: `Bearer ${own}` });
    expect([weak.status, (await problemOf(weak)).code]).to.deep.equal([422, 'password-weak']);
    expect((await post('/password', { currentPassword: PASSWORD, newPassword: 'another long one' }, { authorization: `Bearer ${own}` })).status).to.equal(200);
    const reset = (await (await post(`/users/${id}/reset-password`, {})).json()) as { password: string };
    expect((await token({ grant_type: 'password', username: 'ana@example.com', password: reset.password })).status).to.equal(200);
  });

  it('is for admins where it changes users', async () => {
    await registerAna();
    const own = (await token({ grant_type: 'password', username: 'ana@example.com', password: PASSWORD })).body['access_token'] ?? '';
    for (const path of ['/users', `/users/${randomUuid()}/role`, `/users/${randomUuid()}/delete`, `/users/${randomUuid()}/reset-password`]) {
      expect((await problemOf(await post(path, {}, { authorization: `Bearer ${own}` }))).code, path).to.equal('role-insufficient');
    }
  });

  it('logs no secret, whatever happens', async () => {
    all.deps.log.append = () => Promise.reject(new Error('down'));
    await post('/users', ana);
    await token({ grant_type: 'password', username: 'admin@example.com', password: PASSWORD });
    expect(running.lines).not.to.be.empty;
    expect(running.lines.join('')).not.to.contain(PASSWORD).and.not.to.contain(admin).and.not.to.contain('ana@example.com');
  });

  it('is described with all its problems', () => {
    const routes = authRoutes({ auth: all.service, idempotency: new MemoryIdempotencyStore(), secret: all.deps.secret });
    for (const code of routes.flatMap((route) => route.problems ?? [])) expect(ERRORS).to.have.property(code);
    expect(JSON.stringify(openApiDocument(routes, { title: 'Folio', version: '1', catalogue: ERRORS }))).not.to.contain('not described');
  });
});
