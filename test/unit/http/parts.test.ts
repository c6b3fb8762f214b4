import { Writable } from 'node:stream';
import { expect } from 'chai';
import { IsInt, IsString, MaxLength } from 'class-validator';
import { PLATFORM_ERRORS } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import { toRevision } from '#contracts/kernel/position.js';
import { createAuthenticator, type VerifiedToken } from '#platform/http/authenticate.js';
import { entityTag, ifMatchRevision, isNotModified } from '#platform/http/etag.js';
import { htmlPolicy } from '#platform/http/html.js';
import { DEFAULT_MULTIPART_LIMITS, readMultipart } from '#platform/http/multipart.js';
import { openApiDocument } from '#platform/http/openapi.js';
import { FieldProblem } from '#platform/http/problem-document.js';
import { addressKey } from '#platform/http/rate-limit.js';
import { validateDto } from '#platform/http/validate-dto.js';
import { createLogger } from '#platform/logger.js';
import { principalOf, problemOf, routeOf, serve } from './support.js';

const requestWith = (headers: Record<string, string>) => ({ headers }) as unknown as Parameters<typeof ifMatchRevision>[0];
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return error instanceof Problem ? error.code : 'uncoded';
  }
};

describe('An entity tag', () => {
  it('carries revision and generation, and If-Match names the revision', () => {
    expect(entityTag(toRevision(7), 2)).to.equal('"7.2"');
    expect(ifMatchRevision(requestWith({ 'if-match': '"7.2"' }))).to.equal(7);
    expect(ifMatchRevision(requestWith({ 'if-match': '*' }))).to.equal(undefined);
    expect(ifMatchRevision(requestWith({}))).to.equal(undefined);
  });
  for (const tag of ['7.2', 'W/"7.2"', '"seven"', '""', '"7.2", "8.2"']) {
    it(`is refused as ${tag}`, () => expect(codeOf(() => ifMatchRevision(requestWith({ 'if-match': tag })))).to.equal('precondition-malformed'));
  }
  it('is compared weakly by If-None-Match', () => {
    expect(isNotModified(requestWith({ 'if-none-match': '"1.0", W/"7.2"' }), '"7.2"')).to.equal(true);
    expect(isNotModified(requestWith({ 'if-none-match': '"1.0"' }), '"7.2"')).to.equal(false);
  });
});

describe('A verified token', () => {
  const verifiedTill = (expiresAt: number): VerifiedToken => ({ principal: principalOf('viewer'), expiresAt });
  const setUp = (expiresAt: number) => {
    const world = { verifications: 0, current: true, now: 0 };
    const verifier = { verify: async () => { world.verifications += 1; return verifiedTill(expiresAt); }, isCurrent: () => world.current };
    const authenticate = createAuthenticator(verifier, { now: () => world.now });
    const call = () => authenticate(requestWith({ authorization: 'Bearer abc' })).then((principal) => principal.role, (error: unknown) => (error instanceof Problem ? error.message : 'uncoded'));
    return { world, call };
  };
  it('is verified once and remembered', async () => {
    const { world, call } = setUp(100);
    expect([await call(), await call(), world.verifications]).to.deep.equal(['viewer', 'viewer', 1]);
  });
  it('is not remembered past its end', async () => {
    const { world, call } = setUp(100);
    await call();
    world.now = 100;
    expect(await call()).to.contain('expired');
  });
  it('stops at once when it is revoked, although it was remembered', async () => {
    const { world, call } = setUp(100);
    await call();
    world.current = false;
    expect(await call()).to.contain('revoked');
  });
});

class LineDto {
  @IsString() @MaxLength(5)
  name!: string;

  @IsInt()
  count!: number;
}

describe('A body as a DTO', () => {
  it('is accepted when it is as declared', async () => {
    expect(await validateDto(LineDto, { name: 'a', count: 1 })).to.be.instanceOf(LineDto).and.to.deep.include({ name: 'a', count: 1 });
  });
  it('is refused with every faulty and every unknown field, without their values', async () => {
    const fault: unknown = await validateDto(LineDto, { name: 'far too long', extra: 's3cret', __proto__: { polluted: 1 } }).catch((error: unknown) => error);
    if (!(fault instanceof FieldProblem)) throw new Error('not refused');
    expect(fault.errors.map(({ field }) => field)).to.have.members(['name', 'count', 'extra']);
    expect(JSON.stringify([fault.errors, fault.message])).not.to.contain('s3cret').and.not.to.contain('far too long');
  });
  for (const body of [undefined, null, [], 'text', 7]) {
    it(`is refused when it is ${JSON.stringify(body) ?? 'absent'}`, async () => {
      expect(await validateDto(LineDto, body).catch((error: unknown) => error)).to.be.instanceOf(FieldProblem);
    });
  }
});

describe('A multipart body', () => {
  const upload = async (form: FormData | string, limits = DEFAULT_MULTIPART_LIMITS, type?: string) => {
    const running = await serve([routeOf({ method: 'post', path: '/', handle: async (request, response) => {
      const files: unknown[] = [];
      for await (const { content, ...file } of readMultipart(request, limits)) {
        let size = 0;
        for await (const chunk of content) size += chunk.length;
        files.push({ ...file, size });
      }
      response.json(files);
    } })]);
    try {
      const answer = await fetch(running.url, { method: 'POST', body: form, ...(type && { headers: { 'content-type': type } }) });
      return answer.ok ? await answer.json() : (await problemOf(answer)).code;
    } finally {
      await running.stop();
    }
  };
  const formOf = (...sizes: readonly number[]): FormData => {
    const form = new FormData();
    form.set('note', 'a field beside the files');
    for (const [index, size] of sizes.entries()) form.append('file', new Blob(['x'.repeat(size)], { type: 'application/xml' }), `f${index}.xml`);
    return form;
  };
  it('gives its files one after the other', async () => {
    expect(await upload(formOf(10, 300_000, 0))).to.deep.equal([
      { field: 'file', filename: 'f0.xml', mediaType: 'application/xml', size: 10 },
      { field: 'file', filename: 'f1.xml', mediaType: 'application/xml', size: 300_000 },
      { field: 'file', filename: 'f2.xml', mediaType: 'application/xml', size: 0 },
    ]);
  });
  it('is refused when a file is too large', async () => {
    expect(await upload(formOf(10, 5_000), { ...DEFAULT_MULTIPART_LIMITS, maxFileBytes: 4_000 })).to.equal('body-too-large');
  });
  it('is refused when it has too many files', async () => {
    expect(await upload(formOf(1, 1, 1), { ...DEFAULT_MULTIPART_LIMITS, maxFiles: 2 })).to.equal('body-malformed');
  });
  it('is refused when it is cut off', async () => {
    expect(await upload('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf', DEFAULT_MULTIPART_LIMITS, 'multipart/form-data; boundary=b')).to.equal('body-malformed');
  });
  it('is refused without a boundary', async () => {
    expect(await upload('x', DEFAULT_MULTIPART_LIMITS, 'multipart/form-data')).to.equal('media-type-unsupported');
  });
});

describe('The OpenAPI document', () => {
  const document = openApiDocument([
    routeOf({ path: '/api/v1/invoices/:id', roles: ['viewer'], problems: ['report-unknown'], handle: () => undefined }),
    routeOf({ method: 'post', path: '/api/v1/invoices/:id', reads: 'json', body: { 'application/json': { type: 'object' } }, handle: () => undefined }),
  ], { title: 'Folio', version: '1', catalogue: PLATFORM_ERRORS });
  const operations = (document['paths'] as Record<string, Record<string, Record<string, unknown>>>)['/api/v1/invoices/{id}'];
  it('has one operation per route, with its path parameters', () => {
    expect(operations).to.have.all.keys('get', 'post');
    expect(operations?.['get']?.['parameters']).to.deep.equal([{ name: 'id', in: 'path', description: 'id', required: true, schema: { type: 'string' } }]);
    expect([operations?.['get']?.['operationId'], operations?.['post']?.['operationId']]).to.deep.equal(['getInvoicesId', 'postInvoicesId']);
  });
  it('lists the problems of a route under their status, and asks for a token where roles are named', () => {
    expect(operations?.['get']?.['responses']).to.include.keys('200', '401', '403', '404', '429', '500');
    expect(operations?.['get']).to.have.property('security');
    expect(operations?.['post']).not.to.have.property('security');
    expect(operations?.['post']?.['responses']).to.include.keys('400', '413', '415').and.not.to.include.keys('401');
  });
});

describe('Small parts of the HTTP platform', () => {
  it('counts an IPv6 network and an IPv4 address as one caller each', () => {
    expect(addressKey('2001:db8:1:2::1')).to.equal(addressKey('2001:db8:1:2:ffff::9'));
    expect(addressKey('2001:db8:1:2::1')).not.to.equal(addressKey('2001:db8:1:3::1'));
    expect(addressKey('::ffff:127.0.0.1')).to.equal('127.0.0.1');
  });
  it('allows exactly the inline scripts of a page', () => {
    const policy = htmlPolicy('<style>a{}</style><script>go()</script><script src="/a.js"></script>');
    expect(policy.match(/'sha256-/gu)).to.have.length(2);
    expect(policy).not.to.contain('unsafe');
  });
  it('keeps secrets out of log lines however deep they lie', () => {
    const lines: string[] = [];
    const logger = createLogger({ stream: new Writable({ write: (chunk: Buffer, _encoding, done) => { lines.push(chunk.toString()); done(); } }) });
    logger.child({ part: 'x' }).info({ password: 'pw-1', a: { token: 'pw-2', b: { authorization: 'pw-3', c: { refresh_token: 'pw-4' } } }, kept: 'yes' }, 'line');
    expect(lines.join('')).to.contain('"kept":"yes"').and.to.contain('"part":"x"').and.not.to.match(/pw-\d/u);
  });
});
