import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand, DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command, PutObjectCommand,
  type ListObjectsV2CommandOutput, type PutObjectCommandInput, type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Sha256 } from '#contracts/kernel/ids.js';
import { ARCHIVE_PREFIX, archiveKey, checkHash, checkKept, checkSize, compress, corrupt, hashOf, inflate, MAX_OBJECT_BYTES, objectKey, OBJECTS_PREFIX, parseKey } from './content.js';
import type { KeptObject, ObjectStore, StoredObject } from './port.js';
import type { S3Address } from './s3-address.js';
import { s3Client, S3_LIMITS, type S3Limits } from './s3-client.js';
import { isMissing, isNotImplemented, isThereAlready, s3Problem } from './s3-errors.js';
import { hasLock, probeS3, type S3Facts } from './s3-probe.js';
import { spool, type Spooled } from './spool.js';

export interface S3ObjectStoreOptions {
  readonly address: S3Address;
  /** Archived objects cannot be deleted for so long (COMPLIANCE: by nobody), where the bucket has object lock. */
  readonly retention?: { readonly mode: 'COMPLIANCE' | 'GOVERNANCE'; readonly years: number };
  /** Where streams larger than a part wait, in files without a name, until their hash is known. */
  readonly spoolFolder?: string;
  readonly limits?: Partial<S3Limits>;
}

type Put = Pick<PutObjectCommandInput, 'Key' | 'ContentType' | 'ObjectLockMode' | 'ObjectLockRetainUntilDate'>;

/** An upload that was not completed for so long belongs to a process that is no more. */
const STALE_UPLOAD_MS = 24 * 3_600_000;

const base64Of = (sha256: Sha256): string => Buffer.from(sha256, 'hex').toString('base64');

/**
 * Objects in a bucket under the same keys as in a folder. A stream is read to its end before anything is sent: only bytes whose hash is known and
 * as declared get a key, in one request or in parts that become visible together. S3 verifies SHA-256 of what it receives (of each part),
 * `get` verifies it against the key. Nothing is overwritten: each put is conditional on the key being free.
 */
export class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client;
  readonly #options: S3ObjectStoreOptions;
  readonly #limits: S3Limits;
  readonly #bucket: string;
  /** False: this store knows no conditional put; then looking first has to do, and the same key means the same bytes anyway. */
  #conditional = true;
  #lock: Promise<boolean> | undefined;

  constructor(options: S3ObjectStoreOptions) {
    this.#options = options;
    this.#limits = { ...S3_LIMITS, ...options.limits };
    this.#bucket = options.address.bucket;
    this.#client = s3Client(options.address, this.#limits);
  }

  async put(bytes: Uint8Array | Readable, { expected, maxBytes }: { readonly expected?: Sha256; readonly maxBytes?: number } = {}): Promise<StoredObject> {
    try {
      if (bytes instanceof Uint8Array) {
        checkSize(bytes.byteLength, maxBytes);
        return await this.#putVerified({ sha256: hashOf(bytes), size: bytes.byteLength, body: () => bytes }, expected);
      }
      const spooled = await spool(bytes, { folder: this.#options.spoolFolder ?? tmpdir(), memoryBytes: this.#limits.partBytes, maxBytes: maxBytes ?? MAX_OBJECT_BYTES });
      return await this.#putVerified(spooled, expected).finally(() => spooled.close());
    } catch (error) {
      throw s3Problem(error);
    }
  }

  async #putVerified({ sha256, size, body }: Omit<Spooled, 'close'>, expected: Sha256 | undefined): Promise<StoredObject> {
    checkHash(sha256, expected);
    if (await this.#has(sha256)) return { sha256, size };
    const put = { Key: objectKey(sha256), ContentType: 'application/octet-stream' };
    const whole = size <= this.#limits.partBytes ? body() : undefined;
    if (whole instanceof Uint8Array) await this.#putWhole(put, whole, sha256);
    else await this.#putParts(put, body);
    return { sha256, size };
  }

  #putWhole(put: Put, bytes: Uint8Array, sha256: Sha256): Promise<void> {
    return this.#onlyIfFree((condition) => this.#client.send(new PutObjectCommand({ ...put, ...condition, Bucket: this.#bucket, Body: bytes, ChecksumSHA256: base64Of(sha256) })));
  }

  /** Nothing is visible before the last request completes it; when it fails, the parts are removed. */
  #putParts(put: Put, body: Spooled['body']): Promise<void> {
    const { partBytes, partsAtOnce } = this.#limits;
    return this.#onlyIfFree((condition) => new Upload({
      client: this.#client, partSize: partBytes, queueSize: partsAtOnce, params: { ...put, ...condition, Bucket: this.#bucket, Body: body(), ChecksumAlgorithm: 'SHA256' },
    }).done());
  }

  async #onlyIfFree(send: (condition: { IfNoneMatch?: string }) => Promise<unknown>): Promise<void> {
    try {
      await send(this.#conditional ? { IfNoneMatch: '*' } : {});
    } catch (error) {
      if (isThereAlready(error)) return;
      if (!this.#conditional || !isNotImplemented(error)) throw error;
      this.#conditional = false;
      await send({});
    }
  }

  async get(sha256: Sha256): Promise<Uint8Array | undefined> {
    try {
      const bytes = (await this.#read(objectKey(sha256))) ?? (await this.#readArchived(sha256));
      if (bytes && hashOf(bytes) !== sha256) throw corrupt();
      return bytes;
    } catch (error) {
      throw s3Problem(error);
    }
  }

  async #read(key: string): Promise<Uint8Array | undefined> {
    try {
      const { Body, ContentLength = 0 } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      if (ContentLength > MAX_OBJECT_BYTES) throw corrupt();
      return await Body?.transformToByteArray();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async #readArchived(sha256: Sha256): Promise<Uint8Array | undefined> {
    const compressed = await this.#read(archiveKey(sha256));
    return compressed && inflate(compressed);
  }

  async has(sha256: Sha256): Promise<boolean> {
    try {
      return await this.#has(sha256);
    } catch (error) {
      throw s3Problem(error);
    }
  }

  async #has(sha256: Sha256): Promise<boolean> {
    const sizes = await Promise.all([this.#sizeOf(objectKey(sha256)), this.#sizeOf(archiveKey(sha256))]);
    return sizes.some((size) => size !== undefined);
  }

  async #sizeOf(key: string): Promise<number | undefined> {
    try {
      return (await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }))).ContentLength ?? 0;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** S3 lists in ascending order of keys; plain ones first, so that what is archived meanwhile is found under its other key. */
  async *all(): AsyncIterable<KeptObject> {
    for (const prefix of [OBJECTS_PREFIX, ARCHIVE_PREFIX]) for (let token: string | undefined, more = true; more;) {
      const page = await this.#page(prefix, token);
      for (const { Key = '' } of page.Contents ?? []) {
        const named = parseKey(Key);
        if (named) yield { key: Key, sha256: named.sha256, read: () => this.#readKept(Key) };
      }
      token = page.NextContinuationToken;
      more = token !== undefined;
    }
  }

  async #page(prefix: string, token: string | undefined): Promise<ListObjectsV2CommandOutput> {
    try {
      const { listPage: MaxKeys } = this.#limits;
      return await this.#client.send(new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, MaxKeys, ...(token !== undefined && { ContinuationToken: token }) }));
    } catch (error) {
      throw s3Problem(error);
    }
  }

  async #readKept(key: string): Promise<Uint8Array | undefined> {
    try {
      const bytes = await this.#read(key);
      if (bytes) await checkKept(key, bytes);
      return bytes;
    } catch (error) {
      throw s3Problem(error);
    }
  }

  async archive(sha256: Sha256, bytes?: Uint8Array): Promise<{ key: string; originalSize: number; compressedSize: number }> {
    try {
      return await this.#archive(sha256, bytes ?? (await this.get(sha256)));
    } catch (error) {
      throw s3Problem(error);
    }
  }

  async #archive(sha256: Sha256, bytes: Uint8Array | undefined): Promise<{ key: string; originalSize: number; compressedSize: number }> {
    if (!bytes) throw platformProblem('object-store-unavailable', { reason: 'the original is not there' });
    // What is locked for years must be what its name says.
    checkHash(hashOf(bytes), sha256);
    const key = archiveKey(sha256);
    const compressedSize = (await this.#sizeOf(key)) ?? (await this.#compress(key, bytes));
    // The compressed form is durable under the same hash: the plain one has done its work. Without the right to delete it stays, which harms nothing.
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: objectKey(sha256) })).catch(() => undefined);
    return { key, originalSize: bytes.byteLength, compressedSize };
  }

  async #compress(key: string, bytes: Uint8Array): Promise<number> {
    const compressed = await compress(bytes);
    const put = { Key: key, ContentType: 'application/gzip', ...(await this.#retention()) };
    if (compressed.byteLength <= this.#limits.partBytes) await this.#putWhole(put, compressed, hashOf(compressed));
    else await this.#putParts(put, () => compressed);
    return compressed.byteLength;
  }

  async #retention(): Promise<Pick<Put, 'ObjectLockMode' | 'ObjectLockRetainUntilDate'>> {
    const { retention } = this.#options;
    if (!retention || !(await this.#hasLock())) return {};
    const until = new Date();
    until.setUTCFullYear(until.getUTCFullYear() + retention.years);
    return { ObjectLockMode: retention.mode, ObjectLockRetainUntilDate: until };
  }

  /** Asked once; not knowing is a fault, so that nothing is archived without the lock that was asked for. */
  #hasLock(): Promise<boolean> {
    this.#lock ??= hasLock(this.#client, this.#bucket).catch((error: unknown) => {
      this.#lock = undefined;
      throw error;
    });
    return this.#lock;
  }

  /**
   * Whether the bucket can be reached and written now. Only a start may ask for a missing one to be made, with object lock when there is a
   * retention: a bucket that is lost later must be told, not replaced by an empty one.
   * @throws Problem setting-wrong (address, credentials, TLS, bucket) | object-store-unavailable
   */
  probe({ createBucket = false }: { readonly createBucket?: boolean } = {}): Promise<S3Facts> {
    const { address, retention } = this.#options;
    return probeS3(address, { createBucket, withLock: retention !== undefined });
  }

  /** Removes the parts of uploads that a process which died left behind; the bucket's own life-cycle rule may do it instead. @returns how many */
  async abortStaleUploads(olderThanMs = STALE_UPLOAD_MS, prefix = ''): Promise<number> {
    const before = Date.now() - olderThanMs;
    try {
      const { Uploads = [] } = await this.#client.send(new ListMultipartUploadsCommand({ Bucket: this.#bucket, Prefix: prefix }));
      const stale = Uploads.filter(({ Initiated }) => Initiated !== undefined && Initiated.getTime() <= before);
      for (const { Key, UploadId } of stale) await this.#client.send(new AbortMultipartUploadCommand({ Bucket: this.#bucket, Key, UploadId }));
      return stale.length;
    } catch (error) {
      throw s3Problem(error);
    }
  }

  close(): void {
    this.#client.destroy();
  }
}
