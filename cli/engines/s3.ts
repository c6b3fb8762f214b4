import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { parseS3Address } from '#platform/object-store/s3-address.js';
import { s3Client } from '#platform/object-store/s3-client.js';
import { EngineUnavailable, type Engine, type EngineSite } from './engine.js';
import { findProgram, provideOnce, run } from './provide.js';

const VERSION = '2026-02-12';
/** That day's commit, under the name that Go gives it. */
const MODULE = 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c';
const FOLDER = `minio-${VERSION}`;
/** Of an engine that holds nothing of value. */
export const S3_KEYS = { user: 'folio-engine', password: 'folio-engine-secret' } as const;

const addressOf = ({ port }: Pick<EngineSite, 'port'>): string => `http://${S3_KEYS.user}:${S3_KEYS.password}@127.0.0.1:${port}/folio`;

/** MinIO, built once by Go: an engine for tests and trials only (AGPL), never part of what is shipped. */
export const S3: Engine = {
  name: 's3',
  version: VERSION,
  startMs: 30_000,
  isProvided: (cache) => existsSync(join(cache, FOLDER, 'minio')),
  async provide(cache) {
    await provideOnce(cache, FOLDER, async (folder) => {
      const go = findProgram('go');
      if (go === undefined) throw new EngineUnavailable('go, which builds MinIO, is not on the PATH');
      await run(go, ['install', MODULE], { env: { GOBIN: folder } });
    });
  },
  async command(cache, { folder, port, innerPort }) {
    const data = join(folder, 'objects');
    await mkdir(data, { recursive: true });
    return {
      file: join(cache, FOLDER, 'minio'),
      args: ['server', '--quiet', '--address', `127.0.0.1:${port}`, '--console-address', `127.0.0.1:${innerPort}`, data],
      env: { MINIO_ROOT_USER: S3_KEYS.user, MINIO_ROOT_PASSWORD: S3_KEYS.password, MINIO_BROWSER: 'off', MINIO_UPDATE: 'off' },
    };
  },
  /** Signed, as a client asks: that it calls itself ready does not mean that it knows its keys. */
  async answers(site) {
    const client = s3Client(parseS3Address(addressOf(site)), { connectTimeoutMs: 1_000, requestTimeoutMs: 2_000, attempts: 1 });
    await client.send(new ListBucketsCommand({})).finally(() => client.destroy());
  },
  address: addressOf,
};
