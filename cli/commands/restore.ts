import { resolve } from 'node:path';
import { problem } from '#contracts/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import { comparePositions, toPosition, type Position } from '#contracts/kernel/position.js';
import { verifyBackup } from '#platform/backup/folder.js';
import type { Manifest } from '#platform/backup/manifest.js';
import { beginRestore, checkRelease, checkTarget, endRestore, fillFolder } from '../backup/restore-folder.js';
import { Client } from '../client.js';
import { SETTINGS, type FolioSettings } from '../config.js';
import { DataFolder, runningInstance } from '../data-folder.js';
import { startInstance } from '../instance/instance.js';
import type { RoleSet } from '../instance/roles.js';
import { megabytes } from './backup.js';
import { projectionStatus } from './look.js';
import { rebuild } from './rebuild.js';

/** One thing that was done and proven. */
export interface RestoreLine {
  readonly what: 'backup' | 'log' | 'write side' | 'keys' | 'objects' | 'originals' | 'projections' | 'rebuild';
  /** False: done, and not all is well. */
  readonly ok: boolean;
  readonly detail: string;
}

export interface RestoreOptions {
  readonly folder: string;
  readonly data: string;
  readonly settings: FolioSettings;
  /** Whether each projection is built a second time after the first. */
  readonly withRebuild: boolean;
  readonly onLine: (line: RestoreLine) => void;
}

/** What a restore makes lies in its data folder. A setting that says otherwise would start an instance on something else. */
const ELSEWHERE = ['eventStore', 'eventStoreRead', 'writeDatabase', 'objectStore', 'objectFolder', 'keys'] as const;

/**
 * `folio restore`: a data folder from a backup. The backup is read and verified as a whole before anything is written; then rows, keys and objects are put
 * into the folder; then an instance without any command is started on it, which builds every read model from the log.
 * @returns whether all is well. @throws Problem setting-wrong | folder-not-empty | backup-damaged | already-running | data-folder-unusable; once the folder
 * was written to, it stays marked and cannot be started, only restored into again
 */
export async function restore({ folder: from, data: into, settings, withRebuild, onLine }: RestoreOptions): Promise<boolean> {
  const [folder, target] = [resolve(from), resolve(into)];
  const elsewhere = ELSEWHERE.find((name) => settings[name] !== undefined);
  if (elsewhere !== undefined) throw problem('setting-wrong', { setting: SETTINGS[elsewhere].env, reason: 'a restore makes an instance whose data is all in its data folder; run it without this setting' });
  await checkTarget(target);
  const manifest = await verifyBackup(folder);
  checkRelease(folder, manifest);
  onLine({ what: 'backup', ok: true, detail: `${manifest.files} files, ${megabytes(manifest.bytes)}, every checksum fits; taken ${manifest.takenAt} by Folio ${manifest.folio}` });
  const data = await DataFolder.take(target, { toRestore: true });
  try {
    await checkTarget(target);
    await beginRestore(data);
    const ok = await fill(data, folder, manifest, onLine);
    await buildReadModels(data, manifest, settings, withRebuild, onLine);
    return ok;
  } catch (error) {
    throw error instanceof Problem ? error : problem('data-folder-unusable', { path: target, reason: `the restore into it ended in the middle (${(error as Error).message}); run it again` }, { cause: error });
  } finally {
    await data.release();
  }
}

async function fill(data: DataFolder, folder: string, manifest: Manifest, onLine: RestoreOptions['onLine']): Promise<boolean> {
  const { log, databases, keys, objects } = manifest;
  const { named, missing, missingCount } = await fillFolder(data, folder, manifest);
  const rows = databases.write.tables.reduce((sum, table) => sum + table.rows, 0);
  onLine({ what: 'log', ok: true, detail: `${log.events} events up to position ${log.head}, log ${log.id}` });
  onLine({ what: 'write side', ok: true, detail: `${databases.write.tables.length} tables, ${rows} rows` });
  onLine({ what: 'keys', ok: true, detail: `${keys} files` });
  onLine({ what: 'objects', ok: objects.leftOut.length === 0, detail: `${objects.count} files, ${megabytes(objects.bytes)}${objects.leftOut.length === 0 ? '' : `; ${objects.leftOut.length} were not sound when the backup was taken`}` });
  onLine({ what: 'originals', ok: missingCount === 0, detail: `${named - missingCount} of ${named} that events name are there${missingCount === 0 ? '' : `; missing: ${missing.join(' ')}${missingCount > missing.length ? ' …' : ''}`}` });
  return missingCount === 0 && objects.leftOut.length === 0;
}

/** No commands, no processor: nothing goes on with the work of the backup before somebody starts the instance. */
const READING: RoleSet = new Set(['worker', 'query-api']);

async function buildReadModels(data: DataFolder, { log }: Manifest, settings: FolioSettings, withRebuild: boolean, onLine: RestoreOptions['onLine']): Promise<void> {
  const own: FolioSettings = {
    ...settings, host: '127.0.0.1', port: 0, operatorToken: undefined, controlDatabase: undefined, shards: [], replicas: [], kafka: [], search: undefined, redis: undefined,
  };
  const instance = await startInstance(own, data, { roles: READING });
  try {
    const run = await runningInstance(data.path);
    if (!run) throw new Error('the instance that was started cannot be reached');
    const client = new Client(run);
    const names = await builtUpTo(client, toPosition(log.head));
    onLine({ what: 'projections', ok: true, detail: `${names.length} were built from the log up to position ${log.head}` });
    if (withRebuild) {
      const { reports, seconds } = await rebuild(client, ['all'], {}, false);
      const compared = reports.reduce((sum, { comparison }) => sum + (comparison?.compared ?? 0), 0);
      const refused = reports.filter(({ outcome }) => outcome !== 'switched').map(({ projection, problem }) => `${projection}: ${problem?.detail ?? 'it did not come to its switch'}`);
      onLine({ what: 'rebuild', ok: refused.length === 0, detail: refused.length === 0 ? `${reports.length} were built again in ${seconds.toFixed(1)} s, and ${compared} rows are the same` : refused.join(' ') });
    }
    // While the lock is still held: the mark is nobody else's.
    await endRestore(data);
  } finally {
    await instance.stop();
  }
}

const LOOK_MS = 200;
/** Projections that come no further for so long have stopped. */
const STANDSTILL_MS = 300_000;

/** @returns the names of the projections, once each has seen the position */
async function builtUpTo(client: Client, head: Position): Promise<readonly string[]> {
  let [last, moved] = ['', performance.now()];
  for (;;) {
    const all = await projectionStatus(client);
    if (all.every(({ position, eventsBehind }) => eventsBehind === 0 || comparePositions(position, head) >= 0)) return all.map(({ name }) => name);
    const now = all.map(({ position }) => position).join();
    if (now !== last) [last, moved] = [now, performance.now()];
    if (performance.now() - moved > STANDSTILL_MS) throw new Error(`the projections stand still before position ${head}: ${all.map(({ name, position }) => `${name} ${position}`).join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

export const restoreLine = ({ what, ok, detail }: RestoreLine): string => `${ok ? 'ok  ' : 'BAD '} ${what.padEnd(12)} ${detail}`;
