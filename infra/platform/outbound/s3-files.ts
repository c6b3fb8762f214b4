import type { Readable } from 'node:stream';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { S3Address } from '../object-store/s3-address.js';
import { S3_LIMITS, s3Client } from '../object-store/s3-client.js';
import { reasonOf } from './fetch-file.js';
import { HostPolicies, type HostLimits } from './host-policies.js';

export interface S3FileLimits extends HostLimits {
  readonly connectTimeoutMs: number;
  /** Longest silence. */
  readonly idleTimeoutMs: number;
  /** Whole fetch. */
  readonly totalTimeoutMs: number;
}

export const S3_FILE_DEFAULTS: S3FileLimits = { connectTimeoutMs: S3_LIMITS.connectTimeoutMs, idleTimeoutMs: 15_000, totalTimeoutMs: 120_000, perHostConcurrency: 25, perHostQueue: 1_000, breakerFailures: 8, breakerOpenMs: 10_000 };

/** What no repetition helps: what is not there, or not ours to read. */
const FINAL: ReadonlySet<unknown> = new Set([401, 403, 404]);

/** Fetches `s3://bucket/key` from the buckets that the operator named; where they lie and who asks never comes from a document or a command. */
export class S3FileFetcher {
  readonly #limits: S3FileLimits;
  readonly #clients: ReadonlyMap<string, S3Client>;
  readonly #policies: HostPolicies;

  constructor(buckets: readonly S3Address[], limits: Partial<S3FileLimits> = {}) {
    this.#limits = { ...S3_FILE_DEFAULTS, ...limits };
    this.#policies = new HostPolicies(this.#limits);
    // Repetitions are the processor's.
    const each = { connectTimeoutMs: this.#limits.connectTimeoutMs, requestTimeoutMs: this.#limits.idleTimeoutMs, attempts: 1 };
    this.#clients = new Map(buckets.map((address) => [address.bucket, s3Client(address, each)]));
  }

  /** Hands the object as a stream to `consume`. @throws Problem url-not-allowed (final) | fetch-failed (`final: true` where repeating cannot help) */
  async fetch<Result>(address: string, consume: (body: Readable) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const { client, bucket, key } = this.#target(address);
    const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(this.#limits.totalTimeoutMs)]);
    try {
      return await this.#policies.execute(bucket, async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal });
        const body = Body as Readable | undefined;
        if (!body) throw new Error('the answer has no body');
        const abort = (): void => void body.destroy(abortSignal.reason instanceof Error ? abortSignal.reason : new Error('given up'));
        abortSignal.addEventListener('abort', abort, { once: true });
        return consume(body).finally(() => {
          abortSignal.removeEventListener('abort', abort);
          body.destroy();
        });
      });
    } catch (error) {
      if (error instanceof Problem) throw error;
      const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
      throw platformProblem('fetch-failed', { reason: status === undefined ? reasonOf(error) : `the store answered ${status}`, final: FINAL.has(status) }, { cause: error });
    }
  }

  /** @throws Problem url-not-allowed */
  #target(address: string): { readonly client: S3Client; readonly bucket: string; readonly key: string } {
    const [, bucket = '', path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/([^?#]+)$/u.exec(address) ?? [];
    const client = this.#clients.get(bucket);
    if (bucket === '') throw platformProblem('url-not-allowed', { reason: 'it is not of the form s3://bucket/key' });
    if (!client) throw platformProblem('url-not-allowed', { reason: 'the operator has not named this bucket' });
    try {
      return { client, bucket, key: decodeURIComponent(path) };
    } catch {
      throw platformProblem('url-not-allowed', { reason: 'its key is not well-formed' });
    }
  }

  close(): void {
    for (const client of this.#clients.values()) client.destroy();
  }
}
