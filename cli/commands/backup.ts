import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { problem } from '#contracts/errors.js';
import { Problem, type ProblemDocument } from '#contracts/kernel/problem.js';
import { verifyBackup } from '#platform/backup/folder.js';
import type { Manifest } from '#platform/backup/manifest.js';
import { BackupBrokeOff, syncFolder, unpackBackup } from '#platform/backup/unpack.js';
import { ApiProblem, type Client } from '../client.js';

export interface BackupReport {
  readonly folder: string;
  readonly takenAt: string;
  /** Position up to which the log is in it. */
  readonly head: string;
  readonly logId: string;
  readonly events: number;
  readonly objects: number;
  readonly keys: number;
  readonly files: number;
  readonly bytes: number;
  /** Objects whose stored bytes are not those of their name: they are not in the backup. */
  readonly leftOut: readonly string[];
  readonly seconds: number;
}

/** A backup is never written over anything. @throws Problem folder-not-empty */
export async function checkIsFree(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    // Something that is no folder is in the way.
    return ['?'];
  });
  if (names.length > 0) throw problem('folder-not-empty', { folder });
}

/**
 * `folio backup`: the stream of the instance as files beside the folder, synced and read back against every checksum; only then they get its name.
 * @throws ApiProblem; Problem folder-not-empty | backup-impossible | backup-damaged. Nothing is left behind then
 */
export async function backup(client: Client, into: string): Promise<BackupReport> {
  const began = performance.now();
  const folder = resolve(into);
  await checkIsFree(folder);
  const partial = `${folder}.partial-${randomUUID().slice(0, 8)}`;
  try {
    await mkdir(dirname(folder), { recursive: true });
    await unpackBackup(await client.download('/api/v1/backup'), partial);
    const manifest = await verifyBackup(partial);
    await rename(partial, folder);
    await syncFolder(dirname(folder));
    return reportOf(folder, manifest, (performance.now() - began) / 1_000);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw told(error);
  }
}

function told(error: unknown): unknown {
  if (error instanceof BackupBrokeOff) return new ApiProblem(error.document as ProblemDocument);
  if (error instanceof Problem || error instanceof ApiProblem) return error;
  const { code, message, cause } = error as NodeJS.ErrnoException;
  const reason = code ?? (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
  return problem('backup-impossible', { reason: `it broke off (${reason}); the log of the instance says whether it was there, otherwise look at the disk` }, { cause: error });
}

const reportOf = (folder: string, { takenAt, log, objects, keys, files, bytes }: Manifest, seconds: number): BackupReport => ({
  folder, takenAt, head: log.head, logId: log.id, events: log.events, objects: objects.count, keys, files, bytes, leftOut: objects.leftOut.map(({ key }) => key), seconds,
});

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

export function backupLines({ folder, takenAt, head, logId, events, objects, keys, files, bytes, leftOut, seconds }: BackupReport): readonly string[] {
  return [
    `backup      ${folder}`,
    `taken at    ${takenAt}, log ${logId} up to position ${head}`,
    `in it       ${events} events, ${objects} objects, ${keys} keys; ${files} files, ${megabytes(bytes)}, every checksum read back, ${seconds.toFixed(1)} s`,
    ...leftOut.map((key) => `NOT in it   ${key}: its stored bytes are not those of its name`),
  ];
}
