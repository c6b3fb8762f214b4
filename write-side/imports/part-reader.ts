import { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import { RandomAccessReader } from 'yauzl';
import { CHUNK_BYTES, type ImportPart, type ImportTable } from './import-table.js';

/** Chunks kept: the directory of an archive is read beside its files. */
const KEPT_CHUNKS = 4;

/** A part of an import as something to be read anywhere, from its chunks. */
export class PartReader extends RandomAccessReader {
  readonly #chunks = new LRUCache<number, Promise<Buffer>>({ max: KEPT_CHUNKS });
  /** Why the database did not give a chunk: no fault of what lies in it. */
  fault: unknown;

  constructor(private readonly table: ImportTable, private readonly job: string, private readonly part: ImportPart) {
    super();
  }

  /** The bytes from `start` to before `end`. */
  async bytes(start: number, end: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.#pieces(start, end)) pieces.push(piece);
    return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#pieces(start, end));
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
    this.bytes(position, position + length).then((bytes) => {
      bytes.copy(buffer, offset);
      callback(null);
    }, callback);
  }

  async *#pieces(start: number, end: number): AsyncGenerator<Buffer> {
    if (start < 0 || end > this.part.bytes) throw new Error('it names a place beyond its end');
    for (let position = start; position < end;) {
      const index = Math.floor(position / CHUNK_BYTES);
      const within = position - index * CHUNK_BYTES;
      const piece = (await this.#chunk(index)).subarray(within, within + end - position);
      position += piece.byteLength;
      yield piece;
    }
  }

  #chunk(index: number): Promise<Buffer> {
    const known = this.#chunks.get(index);
    if (known) return known;
    const read = this.table.chunk(this.job, this.part.part, index);
    this.#chunks.set(index, read);
    read.catch((error: unknown) => {
      this.fault = error;
      this.#chunks.delete(index);
    });
    return read;
  }
}
