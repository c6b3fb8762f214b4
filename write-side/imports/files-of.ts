import { fromRandomAccessReaderPromise } from 'yauzl';
import { ZIP_OPTIONS, zipEntries } from '#platform/zip/entries.js';
import type { ImportPart, ImportTable, OpenImport } from './import-table.js';
import { PartReader } from './part-reader.js';

/** A document of an import, alone or in an archive. */
export interface ImportedFile {
  /** Place in the whole import, from 0; the same at every look. */
  readonly place: number;
  readonly name: string;
  /** Bytes that reading it takes. */
  readonly size: number;
  /** @throws UnreadableFile where the file is at fault; anything else is the database's */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

/** What is wrong with a file, or with the whole archive, as the end of a sentence. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

export interface FileLimits {
  readonly maxDocumentBytes: number;
  /** Files in one archive. */
  readonly maxEntries: number;
}

/** An archive may be so many times smaller than what is in it, once it is larger than what any may have: documents are a hundred times smaller at most. */
const MAX_RATIO = 300;
const ANY_BYTES = 256 * 1024 * 1024;
/** Every archive has at least the end of its directory. */
const ZIP_END_BYTES = 22;
/** What an archive begins with: its first file, or the end of its empty directory. */
const ZIP_STARTS = [Buffer.from('PK\u0003\u0004'), Buffer.from('PK\u0005\u0006')];

/**
 * Every file of an import in the order that it was received in. An archive that cannot be read, has too many files or unpacks to too much is one unreadable file.
 * To be read one after the other: a file cannot be read any more when the next one is there.
 */
export async function* filesOf(table: ImportTable, job: OpenImport, limits: FileLimits): AsyncGenerator<ImportedFile> {
  let place = 0;
  for (const part of job.parts) {
    const reader = new PartReader(table, job.id, part);
    const files = (await isArchive(reader, part)) ? archived(reader, part, limits) : [single(reader, part, limits)];
    for await (const file of files) {
      yield { ...file, place };
      place += 1;
    }
  }
}

type Unplaced = Omit<ImportedFile, 'place'>;

async function isArchive(reader: PartReader, { bytes }: ImportPart): Promise<boolean> {
  if (bytes < ZIP_END_BYTES) return false;
  const start = await reader.bytes(0, 4);
  return ZIP_STARTS.some((bytesOfStart) => bytesOfStart.equals(start));
}

const single = (reader: PartReader, { name, bytes }: ImportPart, { maxDocumentBytes }: FileLimits): Unplaced => ({
  name, size: Math.min(bytes, maxDocumentBytes),
  read: async () => {
    if (bytes > maxDocumentBytes) throw new UnreadableFile(`it has more than ${maxDocumentBytes} bytes`);
    return Buffer.from(await reader.bytes(0, bytes));
  },
});

async function* archived(reader: PartReader, part: ImportPart, limits: FileLimits): AsyncGenerator<Unplaced> {
  const problem = await survey(reader, part, limits);
  if (problem !== undefined) {
    yield { name: part.name, size: 0, read: () => Promise.reject(new UnreadableFile(problem)) };
    return;
  }
  const zip = await fromRandomAccessReaderPromise(reader, part.bytes, ZIP_OPTIONS);
  for await (const entry of zipEntries(zip)) {
    const read = (): Promise<Uint8Array<ArrayBuffer>> => entry.read(limits.maxDocumentBytes).catch((error: unknown) => { throw reader.fault ?? new UnreadableFile((error as Error).message); });
    yield { name: `${part.name}!${entry.name}`, size: Math.min(entry.size, limits.maxDocumentBytes), read };
  }
}

/** Looks through the directory of the archive before anything of it is unpacked. @returns what is wrong with it */
async function survey(reader: PartReader, { bytes }: ImportPart, { maxEntries }: FileLimits): Promise<string | undefined> {
  let files = 0;
  let unpacked = 0;
  try {
    const zip = await fromRandomAccessReaderPromise(reader, bytes, ZIP_OPTIONS);
    if (zip.entryCount > maxEntries) return `it has more than ${maxEntries} files`;
    for await (const { size } of zipEntries(zip)) {
      files += 1;
      unpacked += size;
      if (files > maxEntries) return `it has more than ${maxEntries} files`;
      if (unpacked > Math.max(ANY_BYTES, bytes * MAX_RATIO)) return 'it unpacks to too much';
    }
  } catch (error) {
    if (reader.fault !== undefined) throw reader.fault;
    return `it is no readable zip archive: ${(error as Error).message}`;
  }
  return files === 0 ? 'it has no files' : undefined;
}
