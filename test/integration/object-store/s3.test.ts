import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import {
  CreateMultipartUploadCommand, DeleteObjectCommand, HeadObjectCommand, ListMultipartUploadsCommand, DeleteBucketCommand, ListObjectsV2Command, ListObjectVersionsCommand, PutObjectCommand, type S3Client,
} from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { toSha256 } from '#contracts/kernel/ids.js';
import { archiveKey, compress, objectKey } from '#platform/object-store/content.js';
import { parseS3Address, type S3Address } from '#platform/object-store/s3-address.js';
import { S3_LIMITS, s3Client } from '#platform/object-store/s3-client.js';
import { S3ObjectStore, type S3ObjectStoreOptions } from '#platform/object-store/s3.js';
import { objectStoreSuite } from '../../suites/object-store.js';
import { describeWith } from '../../support/engines.js';
import { codeOf } from '../../support/until.js';

const MEBIBYTE = 1024 * 1024;
const hashOf = (bytes: Uint8Array) => toSha256(createHash('sha256').update(bytes).digest('hex'));
const inChunks = (bytes: Uint8Array): Readable => Readable.from((function* () { for (let at = 0; at < bytes.byteLength; at += 300_000) yield bytes.subarray(at, at + 300_000); })());

describeWith('s3', 'object store: S3', (engine) => {
  const closing: (() => unknown)[] = [];
  after(() => { for (const close of closing) close(); });

  /** A store on a bucket of its own, and the way to look behind it. */
  async function storeOf(options: Partial<S3ObjectStoreOptions> = {}): Promise<{ store: S3ObjectStore; raw: S3Client; Bucket: string; address: S3Address }> {
    const address = options.address ?? { ...parseS3Address(engine()), bucket: `folio-${randomUUID()}` };
    const store = new S3ObjectStore({ ...options, address });
    const raw = s3Client(address, S3_LIMITS);
    closing.push(() => store.close(), () => raw.destroy());
    await store.probe({ createBucket: true });
    return { store, raw, Bucket: address.bucket, address };
  }
  const keysIn = async (raw: S3Client, Bucket: string): Promise<string[]> => ((await raw.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key = '' }) => Key);

  objectStoreSuite('S3', async () => (await storeOf()).store);
  // Every listing of the suite then has several pages.
  objectStoreSuite('S3, listed by pages of two', async () => (await storeOf({ limits: { listPage: 2 } })).store);

  it('tells that its bucket is lost, and puts no empty one in its place', async () => {
    const { store, raw, Bucket } = await storeOf();
    await raw.send(new DeleteBucketCommand({ Bucket }));
    expect(await codeOf(store.probe())).to.equal('setting-wrong');
    expect(await codeOf(store.probe())).to.equal('setting-wrong');
    await store.probe({ createBucket: true });
    await store.probe();
  });

  it('takes 20 MB of unknown size and hash in parts, which become visible together', async () => {
    const { store, raw, Bucket } = await storeOf();
    const bytes = randomBytes(20 * MEBIBYTE);
    const { sha256, size } = await store.put(inChunks(bytes), { expected: hashOf(bytes) });
    expect(size).to.equal(bytes.byteLength);
    const { ETag, ContentLength } = await raw.send(new HeadObjectCommand({ Bucket, Key: objectKey(sha256) }));
    expect([ETag?.endsWith('-3"'), ContentLength]).to.deep.equal([true, size]);
    expect(Buffer.compare((await store.get(sha256)) ?? Buffer.alloc(0), bytes)).to.equal(0);
    expect(await store.put(bytes)).to.deep.equal({ sha256, size });
  });

  it('leaves nothing of a large stream that breaks off, is too large or is not as declared', async () => {
    const { store, raw, Bucket } = await storeOf();
    const part = Buffer.alloc(12 * MEBIBYTE, 'x');
    const broken = Readable.from((function* () { yield part; throw new Error('cut'); })());
    expect(await codeOf(store.put(broken))).to.equal('object-store-unavailable');
    expect(await codeOf(store.put(inChunks(part), { maxBytes: 10 * MEBIBYTE }))).to.equal('body-too-large');
    expect(await codeOf(store.put(inChunks(part), { expected: hashOf(Buffer.from('other')) }))).to.equal('checksum-mismatch');
    expect(await keysIn(raw, Bucket)).to.deep.equal([]);
  });

  it('leaves no parts behind when the store fails in the middle', async () => {
    const { address, raw, Bucket } = await storeOf();
    const proxy = await failing(address.endpoint, (url) => url.includes('partNumber=2'));
    closing.push(() => proxy.server.close());
    const { store } = await storeOf({ address: { ...address, endpoint: proxy.endpoint }, limits: { attempts: 1 } });
    const bytes = randomBytes(20 * MEBIBYTE);
    expect(await codeOf(store.put(inChunks(bytes)))).to.equal('object-store-unavailable');
    expect(proxy.aborted).to.have.length(1);
    const { Uploads = [] } = await raw.send(new ListMultipartUploadsCommand({ Bucket, Prefix: objectKey(hashOf(bytes)) }));
    expect([Uploads, await keysIn(raw, Bucket)]).to.deep.equal([[], []]);
  });

  it('removes the parts that a process left behind when it died', async () => {
    const { store, raw, Bucket } = await storeOf();
    const Key = objectKey(hashOf(Buffer.from('left behind')));
    await raw.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    // MinIO lists uploads by the whole key only.
    expect(await store.abortStaleUploads(undefined, Key)).to.equal(0);
    expect(await store.abortStaleUploads(0, Key)).to.equal(1);
    expect((await raw.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }))).Uploads ?? []).to.deep.equal([]);
  });

  it('refuses to serve bytes that somebody changed, plain or archived', async () => {
    const { store, raw, Bucket } = await storeOf();
    const { sha256 } = await store.put(Buffer.from('genuine'));
    await raw.send(new PutObjectCommand({ Bucket, Key: objectKey(sha256), Body: 'forged!' }));
    expect(await codeOf(store.get(sha256))).to.equal('original-corrupt');
    expect(await codeOf(store.archive(sha256))).to.equal('original-corrupt');
    expect(await codeOf(store.archive(sha256, Buffer.from('another')))).to.equal('checksum-mismatch');
    await raw.send(new DeleteObjectCommand({ Bucket, Key: objectKey(sha256) }));
    for (const forged of [await compress(Buffer.from('forged!')), Buffer.from('no gzip')]) {
      await raw.send(new PutObjectCommand({ Bucket, Key: archiveKey(sha256), Body: forged }));
      expect(await codeOf(store.get(sha256))).to.equal('original-corrupt');
    }
  });

  it('keeps one object of many puts of the same bytes at once, and never a second version', async () => {
    const { store, raw, Bucket } = await storeOf({ retention: { mode: 'GOVERNANCE', years: 1 } });
    const bytes = Buffer.from('the same');
    const results = await Promise.all(Array.from({ length: 8 }, () => store.put(bytes)));
    expect(new Set(results.map(({ sha256 }) => sha256))).to.deep.equal(new Set([hashOf(bytes)]));
    expect((await raw.send(new ListObjectVersionsCommand({ Bucket }))).Versions).to.have.length(1);
  });

  it('locks what is archived until its time is over, where the bucket can', async () => {
    const { store, raw, Bucket } = await storeOf({ retention: { mode: 'COMPLIANCE', years: 5 } });
    expect(await store.probe()).to.deep.equal({ objectLock: true });
    const { sha256 } = await store.put(Buffer.from('<Invoice/>'));
    const { key } = await store.archive(sha256);
    const { ObjectLockMode, ObjectLockRetainUntilDate, VersionId } = await raw.send(new HeadObjectCommand({ Bucket, Key: key }));
    expect([ObjectLockMode, ObjectLockRetainUntilDate?.getUTCFullYear()]).to.deep.equal(['COMPLIANCE', new Date().getUTCFullYear() + 5]);
    expect(await codeOf(raw.send(new DeleteObjectCommand({ Bucket, Key: key, VersionId })))).to.not.equal('no error');
    expect(Buffer.from((await store.get(sha256)) ?? []).toString()).to.equal('<Invoice/>');
  });

  it('archives without a lock where the bucket has none', async () => {
    const { address, raw, Bucket } = await storeOf();
    const { store } = await storeOf({ address, retention: { mode: 'COMPLIANCE', years: 5 } });
    expect(await store.probe()).to.deep.equal({ objectLock: false });
    const { sha256 } = await store.put(Buffer.from('<Invoice/>'));
    const { key } = await store.archive(sha256);
    expect((await raw.send(new HeadObjectCommand({ Bucket, Key: key }))).ObjectLockMode).to.equal(undefined);
    expect(await keysIn(raw, Bucket)).to.deep.equal([key]);
  });
});

/** Hands everything on but what `fails` names, which is answered with an error; counts the uploads that were taken back. */
async function failing(endpoint: string, fails: (url: string) => boolean): Promise<{ readonly endpoint: string; readonly server: Server; readonly aborted: readonly string[] }> {
  const aborted: string[] = [];
  const server = createServer((incoming, answer) => {
    const url = incoming.url ?? '';
    if (incoming.method === 'DELETE' && url.includes('/objects/')) aborted.push(url);
    if (fails(url)) {
      incoming.resume().on('end', () => answer.writeHead(500).end());
      return;
    }
    const onward = request(`${endpoint}${url}`, { method: incoming.method, headers: incoming.headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, aborted };
}
