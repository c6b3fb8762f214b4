import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import { readBody } from '#platform/http/body.js';
import { createMetrics } from '#platform/http/metrics.js';
import { createRateLimiter } from '#platform/http/rate-limit.js';
import { problemOf, routeOf, serve, type Running } from './support.js';

describe('An HTTP server made from the route table', () => {
  let running: Running;
  const metrics = createMetrics({ processMetrics: false });

  before(async () => {
    running = await serve([
      routeOf({ path: '/things/:id', handle: (request, response) => void response.json({ id: request.params['id'] }) }),
      routeOf({ method: 'delete', path: '/things/:id', roles: ['admin'], handle: (_, response) => void response.status(204).end() }),
      routeOf({ method: 'post', path: '/echo', reads: 'json', handle: (request, response) => void response.json({ got: request.body as unknown }) }),
      routeOf({ method: 'post', path: '/bytes', handle: async (request, response) => void response.json({ size: (await readBody(request, 1_000)).length }) }),
      routeOf({ path: '/context', roles: ['admin', 'viewer'], handle: (_, response, context) => void response.json(context) }),
      routeOf({ path: '/broken', handle: () => { throw new Error('secret detail of the inside'); } }),
      routeOf({ path: '/down', handle: () => Promise.reject(platformProblem('store-unavailable')) }),
      routeOf({ path: '/half', handle: (_, response) => { response.write('half'); throw new Error('too late'); } }),
    ], { metrics });
  });
  after(() => running.stop());

  const get = (path: string, headers: Record<string, string> = {}) => fetch(running.url + path, { headers });
  const post = (path: string, body: string | Uint8Array<ArrayBuffer>, type = 'application/json') => fetch(running.url + path, { method: 'POST', body, headers: { 'content-type': type } });

  it('answers a route with the headers that every answer has', async () => {
    const answer = await get('/things/7', { 'x-correlation-id': 'order.7' });
    expect(await answer.json()).to.deep.equal({ id: '7' });
    expect(answer.headers.get('x-correlation-id')).to.equal('order.7');
    expect(answer.headers.get('x-content-type-options')).to.equal('nosniff');
    expect(answer.headers.has('x-powered-by')).to.equal(false);
  });

  it('replaces a correlation id that could break a log line', async () => {
    const answer = await get('/things/7', { 'x-correlation-id': 'a"b c' });
    expect(answer.headers.get('x-correlation-id')).to.match(/^[0-9a-f-]{36}$/u);
  });

  it('answers an unknown address with 404', async () => {
    const answer = await get('/nothing', { 'x-correlation-id': 'c1' });
    expect(answer.status).to.equal(404);
    expect(await problemOf(answer)).to.include({ code: 'route-unknown', status: 404, correlationId: 'c1', type: 'urn:folio:problem:route-unknown' });
  });

  it('answers a method that no route has with 405 and the possible ones', async () => {
    const answer = await fetch(`${running.url}/things/7`, { method: 'PUT' });
    expect(answer.status).to.equal(405);
    expect(answer.headers.get('allow')).to.equal('GET, HEAD, DELETE');
    expect(await problemOf(answer)).to.include({ code: 'method-not-allowed' });
  });

  it('answers OPTIONS with the possible methods', async () => {
    const answer = await fetch(`${running.url}/things/7`, { method: 'OPTIONS' });
    expect([answer.status, answer.headers.get('allow')]).to.deep.equal([204, 'GET, HEAD, DELETE']);
  });

  it('refuses a path whose percent-encoding is broken', async () => {
    const answer = await get('/things/%E0%A4%A');
    expect([answer.status, (await problemOf(answer)).code]).to.deep.equal([400, 'query-invalid']);
  });

  const refusals: readonly (readonly [string, number, string, () => Promise<Response>])[] = [
    ['another media type', 415, 'media-type-unsupported', () => post('/echo', '{}', 'text/plain')],
    ['another charset', 415, 'media-type-unsupported', () => post('/echo', '{}', 'application/json; charset=latin1')],
    ['broken JSON', 400, 'body-malformed', () => post('/echo', '{"a":')],
    ['bytes that are not UTF-8', 400, 'body-malformed', () => post('/echo', new Uint8Array([0x22, 0xff, 0x22]))],
    ['a JSON body over 1 MB', 413, 'body-too-large', () => post('/echo', JSON.stringify('x'.repeat(1_100_000)))],
    ['a stream over the limit of the route', 413, 'body-too-large', () => post('/bytes', 'x'.repeat(3_000_000), 'application/octet-stream')],
  ];
  for (const [title, status, code, send] of refusals) {
    it(`refuses ${title} with ${status}`, async () => {
      const answer = await send();
      expect([answer.status, (await problemOf(answer)).code]).to.deep.equal([status, code]);
    });
  }

  it('refuses a body of unknown length as soon as it passes the limit', async () => {
    const chunk = new Uint8Array(64 * 1024);
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => { sent += 1; if (sent > 40) controller.close(); else controller.enqueue(chunk); } });
    let sent = 0;
    const request = new Request(`${running.url}/bytes`, { method: 'POST', body, duplex: 'half' } as RequestInit);
    const answer = await fetch(request);
    expect([answer.status, (await problemOf(answer)).code]).to.deep.equal([413, 'body-too-large']);
  });

  it('keeps the words of a broken body out of its answer', async () => {
    expect(await (await post('/echo', '{"password":"hunter2-hunter2",}')).text()).not.to.contain('hunter2');
  });

  it('passes a JSON body on, and none as undefined', async () => {
    expect(await (await post('/echo', '{"a":[1]}', 'application/json; charset=utf-8')).json()).to.deep.equal({ got: { a: [1] } });
    expect(await (await fetch(`${running.url}/echo`, { method: 'POST' })).json()).to.deep.equal({});
  });

  it('asks for a token, refuses a forged one, and refuses a role that may not', async () => {
    const missing = await get('/context');
    expect([missing.status, missing.headers.get('www-authenticate'), (await problemOf(missing)).code]).to.deep.equal([401, 'Bearer', 'token-missing']);
    const forged = await get('/context', { authorization: 'Bearer forged' });
    expect([forged.status, (await problemOf(forged)).code]).to.deep.equal([401, 'token-invalid']);
    const analyst = await get('/context', { authorization: 'Bearer role.analyst' });
    expect([analyst.status, (await problemOf(analyst)).code]).to.deep.equal([403, 'role-insufficient']);
  });

  it('hands the handler the caller, the correlation id and the trace of the caller', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await get('/context', { authorization: 'Bearer role.viewer', 'x-correlation-id': 'c2', traceparent });
    expect(await answer.json()).to.deep.include({ correlationId: 'c2', traceparent, principal: { userId: 'user-viewer', role: 'viewer', tier: 'free', tokenId: 'token-viewer' } });
  });

  it('starts a trace of its own for a malformed traceparent', async () => {
    const { traceparent } = (await (await get('/context', { authorization: 'Bearer role.viewer', traceparent: 'ff-1-2-3' })).json()) as { traceparent: string };
    expect(traceparent).to.match(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/u);
  });

  it('answers what has no code with 500, logs it under the correlation id, and tells nothing of it', async () => {
    const answer = await get('/broken', { 'x-correlation-id': 'c3' });
    const text = await answer.text();
    expect([answer.status, text.includes('inside'), /\bat .+:\d+/u.test(text)]).to.deep.equal([500, false, false]);
    expect(running.lines.filter((line) => line.includes('c3') && line.includes('secret detail of the inside'))).to.have.length(1);
  });

  it('says when a retryable fault may be tried again', async () => {
    const answer = await get('/down');
    expect([answer.status, answer.headers.get('retry-after'), (await problemOf(answer)).retryable]).to.deep.equal([503, '1', true]);
  });

  it('cuts an answer that fails half way, so that it cannot pass for a whole one', async () => {
    const outcome = await get('/half').then((answer) => answer.text()).then(() => 'whole', () => 'cut');
    expect(outcome).to.equal('cut');
  });

  it('answers what is not HTTP with a problem document', async () => {
    const { port } = new URL(running.url);
    const text = await new Promise<string>((resolve, reject) => {
      let received = '';
      connect(Number(port), '127.0.0.1').on('data', (chunk: Buffer) => { received += chunk.toString(); }).on('error', reject).on('close', () => resolve(received)).end('HELLO\r\n\r\n');
    });
    expect(text).to.match(/^HTTP\/1\.1 400 /u).and.to.contain('application/problem+json').and.to.contain('"code":"body-malformed"');
  });

  it('measures by pattern, method and status', async () => {
    await get('/things/8');
    await get('/nothing');
    const text = await metrics.expose();
    expect(text).to.match(/folio_http_request_duration_seconds_count\{route="\/things\/:id",method="GET",status="200"\} [1-9]/u);
    expect(text).to.contain('route="none",method="GET",status="404"').and.not.to.contain('/things/8');
  });

  it('gives requests and responses the prototypes of the application from the start, so that Express changes nothing', async () => {
    const { app, node } = running.server;
    const kinds: boolean[] = [];
    node.prependOnceListener('request', (request, response) => {
      kinds.push(Object.getPrototypeOf(request) === app.request, Object.getPrototypeOf(response) === app.response);
    });
    await get('/things/9');
    expect(kinds).to.deep.equal([true, true]);
  });
});

describe('The rate limit of a tier', () => {
  const limits = { anonymous: { requests: 2, seconds: 60 }, free: { requests: 3, seconds: 60 }, enterprise: { requests: 100, seconds: 60 } };
  const handle = (_: unknown, response: { end(): unknown }): void => void response.end();
  let running: Running;

  beforeEach(async () => {
    const routes = [routeOf({ path: '/open', handle }), routeOf({ path: '/closed', roles: ['viewer', 'admin'], handle }), routeOf({ path: '/health', limited: false, handle })];
    running = await serve(routes, { rateLimiter: createRateLimiter(limits) });
  });
  afterEach(() => running.stop());

  const statuses = async (count: number, path: string, token?: string): Promise<number[]> => {
    const results: number[] = [];
    for (let index = 0; index < count; index += 1) results.push((await fetch(running.url + path, token ? { headers: { authorization: `Bearer ${token}` } } : {})).status);
    return results;
  };

  it('answers 429 with Retry-After when it is used up', async () => {
    expect(await statuses(2, '/open')).to.deep.equal([200, 200]);
    const answer = await fetch(`${running.url}/open`);
    expect([answer.status, (await problemOf(answer)).code]).to.deep.equal([429, 'rate-limited']);
    expect(Number(answer.headers.get('retry-after'))).to.be.within(1, 60);
    expect(answer.headers.get('ratelimit-limit')).to.equal('2');
    expect(answer.headers.get('ratelimit-remaining')).to.equal('0');
  });

  it('counts each user alone, by tier', async () => {
    expect(await statuses(4, '/closed', 'role.viewer.free')).to.deep.equal([200, 200, 200, 429]);
    expect(await statuses(5, '/closed', 'role.admin.enterprise')).to.deep.equal([200, 200, 200, 200, 200]);
  });

  it('counts guessed tokens by address', async () => {
    expect(await statuses(4, '/closed', 'guess')).to.deep.equal([401, 401, 429, 429]);
  });

  it('leaves out routes that say so', async () => {
    expect(await statuses(6, '/health')).to.deep.equal([200, 200, 200, 200, 200, 200]);
  });
});

describe('Stopping the server', () => {
  it('lets a request in flight finish and closes its connection', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => { release = resolve; });
    let entered: () => void = () => undefined;
    const inside = new Promise<void>((resolve) => { entered = resolve; });
    const { server, url } = await serve([routeOf({ path: '/slow', handle: async (_, response) => { entered(); await released; response.end('done'); } })]);
    const pending = fetch(`${url}/slow`);
    await inside;
    const closed = server.close(5_000);
    expect(server.draining.aborted).to.equal(true);
    release();
    const answer = await pending;
    expect([await answer.text(), answer.headers.get('connection'), await closed]).to.deep.equal(['done', 'close', true]);
    expect(await fetch(url).then(() => 'answered', () => 'refused')).to.equal('refused');
  });

  it('answers a request that arrives on an open connection with Connection: close', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => { release = resolve; });
    const { server, url } = await serve([
      routeOf({ path: '/stream', handle: async (_, response) => { response.write('first;'); await released; response.end('last;'); } }),
      routeOf({ path: '/late', handle: (_, response) => void response.end('late;') }),
    ]);
    let closed: Promise<boolean> | undefined;
    const text = await new Promise<string>((resolve) => {
      let received = '';
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => void socket.write('GET /stream HTTP/1.1\r\nHost: a\r\n\r\n'));
      socket.on('data', (chunk: Buffer) => {
        received += chunk.toString();
        if (received.includes('first;') && !closed) {
          closed = server.close(5_000);
          socket.write('GET /late HTTP/1.1\r\nHost: a\r\n\r\n');
          release();
        }
      }).on('close', () => resolve(received)).on('error', () => undefined);
    });
    const [stream, late] = text.split('last;');
    expect(stream).to.contain('first;').and.not.to.contain('Connection: close');
    expect(late).to.contain('late;').and.to.contain('Connection: close');
    expect(await closed).to.equal(true);
  });

  it('cuts what does not finish within the grace', async () => {
    let arrived: () => void = () => undefined;
    const inside = new Promise<void>((resolve) => { arrived = resolve; });
    const { server, url } = await serve([routeOf({ path: '/endless', handle: () => { arrived(); return new Promise<void>(() => undefined); } })]);
    const pending = fetch(`${url}/endless`).then(() => 'answered', () => 'cut');
    await inside;
    expect(await server.close(30)).to.equal(false);
    expect(await pending).to.equal('cut');
  });

  it('says so when the port belongs to another program', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = address && typeof address === 'object' ? address.port : 0;
    const second = await serve([]);
    await second.stop();
    const fault = await second.server.listen(port, '127.0.0.1').then(() => undefined, (error: unknown) => error);
    other.close();
    expect(fault).to.be.instanceOf(Problem).and.to.have.property('code', 'port-in-use');
  });
});
