import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { ObjectStore } from '../object-store/port.js';
import { BACKUP_LIMITS, type Manifest } from './manifest.js';
import { keyName, parseName } from './names.js';
import type { Snapshot, SnapshotSources } from './snapshot.js';
import type { BackupWriter } from './writer.js';

export interface BackupSources extends SnapshotSources {
  /** Signing keys and the server secret. */
  readonly keyFolder: string;
  /** Folders of what the operator has brought, by the name that each has in the backup; one that is not there is empty. */
  readonly operatorFolders: Readonly<Record<'trust' | 'catalogues', string>>;
  readonly objects: ObjectStore;
}

export interface TakeOptions {
  readonly writer: BackupWriter;
  /** Release of Folio. */
  readonly folio: string;
  /** Runs what may not take longer than the snapshot may be held. */
  readonly inTime: <Result>(work: Promise<Result>) => Promise<Result>;
}

/**
 * Everything that cannot be made again, in this order: rows as they were at the snapshot, then keys and what the operator has brought, then objects. An object is durable before the event
 * that names it, and none is ever deleted, so whatever an event of the snapshot names is among the objects that are there afterwards.
 * @throws Problem store-unavailable | object-store-unavailable | backup-impossible; whatever the writer was aborted with
 */
export async function takeBackup(snapshot: Snapshot, { keyFolder, operatorFolders, objects: store }: Pick<BackupSources, 'keyFolder' | 'operatorFolders' | 'objects'>, { writer, folio, inTime }: TakeOptions): Promise<Manifest> {
  const facts = await snapshot.writeTo(writer, inTime);
  const keys = await writeKeys(writer, keyFolder);
  for (const [name, folder] of Object.entries(operatorFolders)) await writeOperator(writer, name, folder);
  const objects = await writeObjects(writer, store);
  return writer.finish({ ...facts, folio, keys, objects });
}

async function writeKeys(writer: BackupWriter, folder: string): Promise<number> {
  let count = 0;
  for (const path of await keyFiles(folder)) {
    const bytes = await readFile(join(folder, path));
    if (bytes.length > BACKUP_LIMITS.keyBytes) throw platformProblem('backup-impossible', { reason: `${path} in the folder of keys is larger than any key` });
    await writer.add(keyName(path), bytes);
    count += 1;
  }
  return count;
}

async function writeOperator(writer: BackupWriter, name: string, folder: string): Promise<void> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw platformProblem('backup-impossible', { reason: `the folder of ${name} cannot be read (${error.code ?? error.message})` }, { cause: error });
  });
  for (const path of files.map((file) => `${name}/${file}`).filter((one) => parseName(one)?.kind === 'operator').sort()) {
    const bytes = await readFile(join(folder, path.slice(name.length + 1)));
    if (bytes.length > BACKUP_LIMITS.operatorBytes) throw platformProblem('backup-impossible', { reason: `${path} is larger than any that Folio reads` });
    await writer.add(path, bytes);
  }
}

/** Files of the folder and of the folders in it, each folder by itself and in order; drafts of keys are left out by their names. */
async function keyFiles(folder: string): Promise<readonly string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((left, right) => (left.name < right.name ? -1 : 1));
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  for (const { name } of entries.filter((entry) => entry.isDirectory())) files.push(...(await readdir(join(folder, name))).sort().map((file) => `${name}/${file}`));
  return files.filter((path) => parseName(keyName(path))?.kind === 'key');
}

/** One object that is not what its name says must not cost the backup of all others: it is left out, and told. */
async function writeObjects(writer: BackupWriter, store: ObjectStore): Promise<Manifest['objects']> {
  const leftOut: Manifest['objects']['leftOut'] = [];
  let [count, size] = [0, 0];
  for await (const kept of store.all()) {
    const { key } = kept;
    const bytes = await kept.read().catch((error: unknown) => {
      if (!(error instanceof Problem) || error.code !== 'original-corrupt') throw error;
      leftOut.push({ key, reason: error.code });
      return undefined;
    });
    if (leftOut.length > BACKUP_LIMITS.leftOut) throw platformProblem('backup-impossible', { reason: `more than ${BACKUP_LIMITS.leftOut} objects are not what their names say` });
    if (!bytes) continue;
    await writer.add(key, bytes);
    count += 1;
    size += bytes.byteLength;
  }
  return { count, bytes: size, leftOut };
}
