import { randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand, CreateBucketCommand, CreateMultipartUploadCommand, GetObjectLockConfigurationCommand, ListObjectsV2Command, type S3Client,
} from '@aws-sdk/client-s3';
import type { S3Address } from './s3-address.js';
import { s3Client } from './s3-client.js';
import { hasNoLock, s3SettingProblem } from './s3-errors.js';

export interface S3Facts {
  readonly objectLock: boolean;
}

/** One attempt, so that a wrong address is told at once. */
const LIMITS = { connectTimeoutMs: 2_000, requestTimeoutMs: 5_000, attempts: 1 };

/** Looks at the bucket, and begins an upload that it takes back: the right to write is proven, no object is left. @throws Problem setting-wrong | object-store-unavailable */
export async function probeS3(address: S3Address, { createBucket, withLock }: { readonly createBucket: boolean; readonly withLock: boolean }): Promise<S3Facts> {
  const client = s3Client(address, LIMITS);
  try {
    await look(client, address, createBucket, withLock);
    const upload = { Bucket: address.bucket, Key: `incoming/${randomUUID()}` };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(upload));
    await client.send(new AbortMultipartUploadCommand({ ...upload, UploadId }));
    return { objectLock: withLock && (await hasLock(client, address.bucket)) };
  } catch (error) {
    throw s3SettingProblem(error, address);
  } finally {
    client.destroy();
  }
}

/** A listing, not a HEAD: its refusal has a body that says why. */
async function look(client: S3Client, { bucket }: S3Address, createBucket: boolean, withLock: boolean): Promise<void> {
  try {
    await client.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 }));
  } catch (error) {
    if (!createBucket || !(error instanceof Error) || error.name !== 'NoSuchBucket') throw error;
    await client.send(new CreateBucketCommand({ Bucket: bucket, ...(withLock && { ObjectLockEnabledForBucket: true }) })).catch((refused: unknown) => {
      // Another process made it at the same moment.
      if (!(refused instanceof Error) || refused.name !== 'BucketAlreadyOwnedByYou') throw refused;
    });
  }
}

/** Whether the bucket can keep objects from being deleted. */
export async function hasLock(client: S3Client, bucket: string): Promise<boolean> {
  try {
    const { ObjectLockConfiguration: lock } = await client.send(new GetObjectLockConfigurationCommand({ Bucket: bucket }));
    return lock?.ObjectLockEnabled === 'Enabled';
  } catch (error) {
    if (hasNoLock(error)) return false;
    throw error;
  }
}
