import { createHash, randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { toSha256, type Sha256 } from '#contracts/kernel/ids.js';
import { checkSize } from './content.js';

/** Bytes that were read from a stream to its end: in memory when they are few, otherwise in a file without a name. */
export interface Spooled {
  readonly sha256: Sha256;
  readonly size: number;
  /** From the beginning; may be asked for again. In whole when they are in memory. */
  body(): Uint8Array | Readable;
  close(): Promise<void>;
}

const READ_BYTES = 1024 * 1024;

/**
 * Reads a stream of unknown size and hash to its end. The file has no name from the moment it is open: whatever becomes of this process, nothing
 * stays behind. @throws Problem body-too-large, and whatever the stream breaks with
 */
export async function spool(source: Readable, { folder, memoryBytes, maxBytes }: { readonly folder: string; readonly memoryBytes: number; readonly maxBytes: number }): Promise<Spooled> {
  const hash = createHash('sha256');
  const held: Uint8Array[] = [];
  let size = 0;
  let file: FileHandle | undefined;
  try {
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      checkSize(size, maxBytes);
      hash.update(chunk);
      if (file) {
        await file.writeFile(chunk);
        continue;
      }
      held.push(chunk);
      if (size <= memoryBytes) continue;
      file = await nameless(folder);
      for (const part of held.splice(0)) await file.writeFile(part);
    }
  } catch (error) {
    await file?.close();
    throw error;
  }
  const sha256 = toSha256(hash.digest('hex'));
  const whole = file;
  if (whole) return { sha256, size, body: () => Readable.from(parts(whole, size)), close: () => whole.close() };
  const bytes = Buffer.concat(held);
  return { sha256, size, body: () => bytes, close: async () => undefined };
}

async function nameless(folder: string): Promise<FileHandle> {
  const path = join(folder, `folio-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}

async function* parts(file: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < size;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(READ_BYTES, size - position)), 0, undefined, position);
    if (bytesRead === 0) throw new Error('the spooled file is shorter than it was');
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
