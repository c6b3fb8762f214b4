const FIRST_BYTES = 65_536;
/** Bytes of one UTF-16 code unit in UTF-8 at most. */
const BYTES_A_UNIT = 3;

/**
 * Lines of COPY as bytes, in memory that is used again and again: what waits for the engine is then nothing that the collector of this process must
 * look after.
 */
export class CopyText {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  /** Where each line ends. */
  #ends: number[] = [];

  /** Bytes of all lines. */
  get size(): number {
    return this.#ends.at(-1) ?? 0;
  }

  get lines(): number {
    return this.#ends.length;
  }

  /** @param line with its end */
  add(line: string): void {
    const start = this.size;
    this.#makeRoom(start, start + line.length * BYTES_A_UNIT);
    this.#ends.push(start + this.#bytes.write(line, start));
  }

  #makeRoom(used: number, needed: number): void {
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(grown, 0, 0, used);
    this.#bytes = grown;
  }

  /** The lines from one to (not including) another; theirs until the next `clear`. */
  between(first: number, end: number): Buffer {
    return this.#bytes.subarray(this.#ends[first - 1] ?? 0, this.#ends[end - 1] ?? 0);
  }

  clear(): void {
    this.#ends = [];
  }
}
