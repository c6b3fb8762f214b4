/** What tells one version of a file from another without reading it. */
export interface Version {
  /** Bytes. */
  readonly size: number;
  /** Modification time as its system tells it (ms since 1970). */
  readonly mtime: number;
}

export const isSameVersion = (left: Version, right: Version): boolean => left.size === right.size && left.mtime === right.mtime;

/** Names that are taken: documents and archives. What is still written has another name (`.part`, `.tmp`, `.filepart`), or a dot before it. */
export const isTaken = (name: string): boolean => !name.startsWith('.') && /\.(?:xml|zip)$/iu.test(name);
export const isArchive = (name: string): boolean => /\.zip$/iu.test(name);

interface Seen extends Version {
  readonly since: number;
  /** Number of the look in which it was seen last. */
  look: number;
}

/** Which files have come to rest: the same size and modification time at two looks in a row, so far apart as was asked. */
export class Settling {
  readonly #seen = new Map<string, Seen>();
  #look = 0;

  /** @param restMs least time between the first look at a version and the one that takes it */
  constructor(private readonly restMs: number) {}

  /** Files that have not come to rest. */
  get waiting(): number {
    return this.#seen.size;
  }

  /** A look at the whole directory begins. */
  begin(): void {
    this.#look += 1;
  }

  /** @returns whether the file has come to rest; @param now a clock that never goes back (ms) */
  see(path: string, version: Version, now: number): boolean {
    const before = this.#seen.get(path);
    if (before && isSameVersion(before, version)) {
      before.look = this.#look;
      return now - before.since >= this.restMs;
    }
    this.#seen.set(path, { ...version, since: now, look: this.#look });
    return false;
  }

  /** Nothing more is asked about it. */
  done(path: string): void {
    this.#seen.delete(path);
  }

  /** The look is at its end: files that it did not meet are gone. */
  end(): void {
    for (const [path, { look }] of this.#seen) if (look !== this.#look) this.#seen.delete(path);
  }
}
