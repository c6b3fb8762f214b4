import { crc32 } from 'node:zlib';
import { getFileNameLowLevel, type Entry, type Options, type ZipFile } from 'yauzl';

/** Names are only shown, never used as paths: one that leads out of the archive is no reason to refuse the others. Nobody closes it but whoever opened it. */
export const ZIP_OPTIONS = { lazyEntries: true, autoClose: false, validateEntrySizes: true, decodeStrings: false } as const satisfies Options;

/** A file of an archive; its bytes are unpacked when it is its turn. */
export interface ZipEntry {
  readonly name: string;
  /** As the archive declares it; unpacking ends when there is more. */
  readonly size: number;
  /** @throws Error with what is wrong, as a sentence's end */
  read(maxBytes: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Files of the archive in the order of its directory, without folders and what macOS puts beside files. To be read one after the other. */
export async function* zipEntries(zip: ZipFile): AsyncGenerator<ZipEntry> {
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    if (name.endsWith('/') || /(?:^|\/)(?:__MACOSX\/|\.DS_Store$)/u.test(name)) continue;
    yield { name, size: entry.uncompressedSize, read: (maxBytes) => unpack(zip, entry, maxBytes) };
  }
}

const nameOf = (entry: Entry): string => getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);

async function unpack(zip: ZipFile, entry: Entry, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (entry.uncompressedSize > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (crc32(bytes) !== entry.crc32) throw new Error('its checksum in the archive is another one');
  return bytes;
}
