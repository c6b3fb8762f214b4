import type { Version } from './settling.js';

export interface ListedFile extends Version {
  /** What the ledger knows it by: absolute, or `sftp://…`. */
  readonly path: string;
  /** Without its directory. */
  readonly name: string;
}

export interface Listing {
  readonly files: readonly ListedFile[];
  /** Not everything was looked at: the directory has more entries than the limit. */
  readonly isCut: boolean;
  /** Parts that could not be looked at, with the reason. */
  readonly unreadable: readonly string[];
}

/** A watched directory. */
export interface Source {
  /** As it is told to people. */
  readonly name: string;
  /** Files read at once. */
  readonly places: number;
  /** Whether modification times are by the clock of this machine, or close to it. */
  readonly hasOwnClock: boolean;
  /** Least time between two looks that tell a file at rest (ms): times are no finer than this. */
  readonly leastRestMs: number;
  /** Whether the ledger's path lies in this directory. */
  owns(path: string): boolean;
  /** @throws when the directory cannot be reached: nothing is known of its files then */
  list(signal: AbortSignal): Promise<Listing>;
  /**
   * The bytes of that very version. @throws TooLarge for what no document may be · FileChanged when it is another version by now, or gone · any other error when
   * it could not be read this time
   */
  read(file: ListedFile, signal: AbortSignal): Promise<Buffer<ArrayBuffer>>;
}

/** No repetition helps. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
  constructor(limit: number) {
    super(`it has more than ${limit} bytes`);
  }
}

/** The next look tells what it is now. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged';
}
