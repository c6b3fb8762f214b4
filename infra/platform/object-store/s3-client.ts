import { S3Client } from '@aws-sdk/client-s3';
import type { S3Address } from './s3-address.js';

export interface S3Limits {
  readonly connectTimeoutMs: number;
  /** Longest wait for the answer to one request (a part is one request), and longest silence while its body comes. */
  readonly requestTimeoutMs: number;
  /** Attempts of one request, the first included; the SDK waits longer between them each time. */
  readonly attempts: number;
  /** Bytes of a part; what is not larger goes in one request and is held in memory. At least 5 MiB, which S3 prescribes. */
  readonly partBytes: number;
  /** Parts of one object that are on their way at once. */
  readonly partsAtOnce: number;
  /** Keys of one page of a listing; S3 gives 1,000 at most. */
  readonly listPage: number;
}

export const S3_LIMITS: S3Limits = { connectTimeoutMs: 2_000, requestTimeoutMs: 30_000, attempts: 3, partBytes: 8 * 1024 * 1024, partsAtOnce: 3, listPage: 1_000 };

/** Checksums are asked for by name in each request; what is read is verified against its key here, so the SDK's own are not computed twice. */
export function s3Client({ endpoint, region, credentials }: S3Address, { connectTimeoutMs, requestTimeoutMs, attempts }: Pick<S3Limits, 'connectTimeoutMs' | 'requestTimeoutMs' | 'attempts'>): S3Client {
  return new S3Client({
    endpoint, region, forcePathStyle: true, maxAttempts: attempts, ...(credentials && { credentials }),
    requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: connectTimeoutMs, requestTimeout: requestTimeoutMs, socketTimeout: requestTimeoutMs, throwOnRequestTimeout: true },
  });
}
