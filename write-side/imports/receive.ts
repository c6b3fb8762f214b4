import type { Request } from 'express';
import { problem } from '#contracts/errors.js';
import { ClientGone } from '#platform/http/body.js';
import { readMultipart } from '#platform/http/multipart.js';
import { CHUNK_BYTES, type ImportTable } from './import-table.js';

export interface ReceiveLimits {
  /** Of the whole body. */
  readonly maxBytes: number;
  /** Files of a form. */
  readonly maxFiles: number;
}

const ARCHIVE_TYPES = /^application\/(?:zip|x-zip-compressed)\b/iu;
const FORM = /^multipart\/form-data\b/iu;
const MAX_NAME = 255;

/** Takes the parts of an import as they come; nothing is held but one chunk. @throws Problem media-type-unsupported | body-too-large | body-malformed; ClientGone */
export async function receive(table: ImportTable, id: string, request: Request, { maxBytes, maxFiles }: ReceiveLimits): Promise<void> {
  const type = request.headers['content-type'] ?? '';
  let left = maxBytes;
  const take = async (part: number, name: string, content: AsyncIterable<Uint8Array>): Promise<void> => {
    const bytes = await store(table, id, part, content, left);
    left -= bytes;
    await table.addPart(id, { part, name: name.slice(0, MAX_NAME), bytes });
  };
  if (ARCHIVE_TYPES.test(type)) return take(0, 'archive', whole(request, maxBytes));
  if (!FORM.test(type)) throw problem('media-type-unsupported', { found: type || 'nothing', expected: 'application/zip or multipart/form-data' });
  let parts = 0;
  for await (const { filename, content } of readMultipart(request, { maxFiles, maxFileBytes: maxBytes, maxFields: 20, maxFieldBytes: 64 * 1024 })) {
    await take(parts, filename || `file ${parts + 1}`, content);
    parts += 1;
  }
  if (parts === 0) throw problem('body-malformed', { expected: 'multipart/form-data', reason: 'it has no file' });
}

/** The body as it comes. */
async function* whole(request: Request, maxBytes: number): AsyncGenerator<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw problem('body-too-large', { limit: maxBytes });
  // A refused body is read over by the server, so that its answer arrives.
  const body = request.iterator({ destroyOnReturn: false });
  try {
    for await (const piece of body) yield piece as Uint8Array;
  } catch {
    throw new ClientGone('the request ended before its body');
  }
}

/** @returns bytes of the part. @throws Problem body-too-large */
async function store(table: ImportTable, id: string, part: number, content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<number> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let chunk = 0;
  let bytes = 0;
  for await (const piece of content) {
    bytes += piece.byteLength;
    if (bytes > maxBytes) throw problem('body-too-large', { limit: maxBytes });
    held.push(piece);
    heldBytes += piece.byteLength;
    if (heldBytes < CHUNK_BYTES) continue;
    const whole = Buffer.concat(held);
    let from = 0;
    for (; whole.byteLength - from >= CHUNK_BYTES; from += CHUNK_BYTES) {
      await table.addChunk(id, part, chunk, whole.subarray(from, from + CHUNK_BYTES));
      chunk += 1;
    }
    held = [whole.subarray(from)];
    heldBytes = whole.byteLength - from;
  }
  if (heldBytes > 0) await table.addChunk(id, part, chunk, Buffer.concat(held));
  return bytes;
}
