import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineUnavailable, type Engine } from './engine.js';
import { findProgram, provideOnce, run } from './provide.js';

const VERSION = '2026-02-12';
/** That day's commit, under the name that Go gives it. */
const MODULE = 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c';
const FOLDER = `minio-${VERSION}`;
/** Of an engine that holds nothing of value. */
export const S3_KEYS = { user: 'folio-engine', password: 'folio-engine-secret' } as const;

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
  async answers({ port }) {
    const response = await fetch(`http://127.0.0.1:${port}/minio/health/ready`);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
  },
  address: ({ port }) => `http://${S3_KEYS.user}:${S3_KEYS.password}@127.0.0.1:${port}/folio`,
};
