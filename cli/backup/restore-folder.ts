import { open, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { problem } from '#contracts/errors.js';
import { migrationsOf, restoreRows } from '#platform/backup/copy-in.js';
import { listedFiles, verifiedBytes } from '#platform/backup/folder.js';
import { damaged, type ListedFile, type Manifest } from '#platform/backup/manifest.js';
import type { BackupName } from '#platform/backup/names.js';
import { Places } from '#platform/backup/places.js';
import { Folders, syncFolder } from '#platform/backup/unpack.js';
import { startCluster } from '#platform/embedded-postgres/cluster.js';
import { runningServer, stopProcess } from '#platform/embedded-postgres/server-process.js';
import { EVENT_STORE_MIGRATIONS } from '#platform/event-store/postgres/schema.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { FolderObjectStore } from '#platform/object-store/folder.js';
import { migrate } from '#platform/postgres/migrate.js';
import { WRITE_MIGRATIONS } from '../../write-side/role.js';
import { RESTORING, type DataFolder } from '../data-folder.js';
import { makeDatabases, type Databases } from '../instance/databases.js';
import { findOriginals, type OriginalsFound } from './originals.js';

/** What a restore makes in a data folder, and what one that did not come to its end is cleared of. */
const OWN = ['postgres', 'keys', 'trust', 'catalogues', 'objects', 'demo.json', 'run.json'];
const LOCK = 'lock';
const FILES_AT_ONCE = 16;

/** The folder is new, empty, or one that a restore did not finish. @throws Problem folder-not-empty */
export async function checkTarget(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw problem('data-folder-unusable', { path: folder, reason: error.code ?? error.message }, { cause: error });
  });
  const allowed = new Set([LOCK, RESTORING, ...(names.includes(RESTORING) ? OWN : [])]);
  // Of a lock that is being taken over nothing is known here; the lock itself decides.
  if (names.some((name) => !allowed.has(name) && !name.startsWith(`${LOCK}.`))) throw problem('folder-not-empty', { folder });
}

/** Is this backup one of this release or an earlier one? @throws Problem backup-damaged */
export function checkRelease(folder: string, { databases }: Manifest): void {
  migrationsOf(folder, databases.log, EVENT_STORE_MIGRATIONS);
  migrationsOf(folder, databases.write, WRITE_MIGRATIONS);
}

/** Puts the mark on the folder, then clears it of what an earlier restore left, its Postgres included. */
export async function beginRestore(data: DataFolder): Promise<void> {
  const mark = await open(data.file(RESTORING), 'w', 0o600);
  await mark.writeFile(JSON.stringify({ began: new Date().toISOString() }));
  await mark.sync();
  await mark.close();
  await syncFolder(data.path);
  const cluster = data.file('postgres', 'cluster');
  const server = await runningServer(cluster);
  if (server) await stopProcess(server.pid, cluster);
  for (const name of OWN) await rm(data.file(name), { recursive: true, force: true });
}

/** From here on the folder is an ordinary one. */
export async function endRestore(data: DataFolder): Promise<void> {
  await rm(data.file(RESTORING));
  await syncFolder(data.path);
}

/**
 * Rows, keys and objects of a verified backup; then the log is held against the manifest, and the objects against the log. One that is missing is told, and
 * does not take everything else with it: the instance may have lost it long before.
 * @throws Problem backup-damaged
 */
export async function fillFolder(data: DataFolder, folder: string, manifest: Manifest): Promise<OriginalsFound> {
  // The demo goes into empty instances only, and once: this one counts as having had it.
  await writeFile(data.file('demo.json'), JSON.stringify({ documents: 0 }));
  const cluster = await startCluster({ folder: data.file('postgres') });
  try {
    const databases = await makeDatabases(cluster);
    // The backup's own migrations first: later ones convert its rows, as they would have where it was taken.
    await migrate(databases.owner, migrationsOf(folder, manifest.databases.log, EVENT_STORE_MIGRATIONS));
    await migrate(databases.write, migrationsOf(folder, manifest.databases.write, WRITE_MIGRATIONS));
    await restoreRows(databases.owner, folder, manifest, 'log');
    await restoreRows(databases.write, folder, manifest, 'write');
    await restoreFiles(data, folder, manifest);
    await migrate(databases.owner, EVENT_STORE_MIGRATIONS);
    return await checkLog(data, folder, manifest, databases);
  } finally {
    await cluster.stop();
  }
}

async function restoreFiles(data: DataFolder, folder: string, manifest: Manifest): Promise<void> {
  const folders = new Folders();
  const copying = new Places(FILES_AT_ONCE);
  try {
    for await (const file of listedFiles(folder, manifest)) {
      const path = pathOf(data, file.is);
      if (path === undefined) continue;
      await folders.make(dirname(path));
      await copying.begin(() => copyFile(folder, file, path));
    }
    await copying.end();
  } finally {
    await copying.settle();
  }
  await folders.sync();
}

/** Names were decoded: what they lead to lies inside these folders. */
function pathOf(data: DataFolder, is: BackupName): string | undefined {
  if (is.kind === 'key') return data.file('keys', is.path);
  if (is.kind === 'operator') return data.file(is.path);
  return is.kind === 'object' ? data.file('objects', is.key) : undefined;
}

async function copyFile(folder: string, listed: ListedFile, path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of verifiedBytes(folder, listed)) await file.writeFile(chunk);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function checkLog(data: DataFolder, folder: string, { log }: Manifest, { readLog }: Databases): Promise<OriginalsFound> {
  const store = new PostgresEventStore({ read: readLog });
  try {
    const { logId, head } = await store.status();
    if (logId !== log.id || head !== log.head) throw damaged(folder, `its log ${logId} ends at ${head}, its manifest says ${log.id} and ${log.head}`);
    return await findOriginals(store, new FolderObjectStore(data.file('objects')));
  } finally {
    await store.close();
  }
}
