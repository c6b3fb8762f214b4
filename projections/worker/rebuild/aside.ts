import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Envelope } from '#contracts/kernel/envelope.js';

/** Characters held before they go to the file. */
const BUFFER_CHARACTERS = 256_000;

/** Events of streams whose row is written already: kept on disk, in position order, for the live batch path. */
export class AsideFile {
  #folder: string | undefined;
  #file: FileHandle | undefined;
  #buffer = '';
  count = 0;

  get needsFlush(): boolean {
    return this.#buffer.length >= BUFFER_CHARACTERS;
  }

  add(event: Envelope): void {
    this.#buffer += `${JSON.stringify(event)}\n`;
    this.count += 1;
  }

  async flush(): Promise<void> {
    if (this.#buffer === '') return;
    this.#folder ??= await mkdtemp(join(tmpdir(), 'folio-rebuild-'));
    this.#file ??= await open(join(this.#folder, 'aside.ndjson'), 'a', 0o600);
    const text = this.#buffer;
    this.#buffer = '';
    await this.#file.writeFile(text);
  }

  async *batches(size: number): AsyncIterable<readonly Envelope[]> {
    await this.flush();
    if (this.#folder === undefined) return;
    let batch: Envelope[] = [];
    for await (const line of createInterface({ input: createReadStream(join(this.#folder, 'aside.ndjson')), crlfDelay: Infinity })) {
      batch.push(JSON.parse(line) as Envelope);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}
