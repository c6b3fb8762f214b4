/**
 * The log of the double: streams, log positions, expected revisions and idempotence as the server judges them.
 * NOT EventStoreDB: memory only, for tests. Every rule names where it was read (EventStore/EventStore, `src/EventStore.Core/…`).
 */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface RecordedEvent extends ProposedEvent {
  readonly stream: string;
  readonly revision: number;
  /** Log offset of the event; unique. */
  readonly commit: bigint;
  /** Log offset of the first event of the same write (`Streams.Read.cs`: `Position.FromInt64(commitPosition, e.TransactionPosition)`). */
  readonly prepare: bigint;
  /** 100 ns since 1970 (`Streams.Read.cs`: `Created` = `TimeStamp.ToTicksSinceEpoch()`). */
  readonly created: bigint;
}

export type Expected = bigint | 'any' | 'no_stream' | 'stream_exists';

/** `current` is -1 where there is no stream (`EventNumber.NoStream`-like values never leave the server as such). */
export type WriteOutcome = { readonly written: true; readonly last: RecordedEvent } | { readonly written: false; readonly current: number };

const TICKS_PER_MILLISECOND = 10_000n;

export class DoubleLog {
  readonly all: RecordedEvent[] = [];
  readonly #streams = new Map<string, RecordedEvent[]>();
  readonly #committed = new Map<string, RecordedEvent>();
  readonly #listeners = new Set<() => void>();
  #offset = 0n;
  #created = 0n;

  constructor() {
    // A server's $all is never empty: it records its own users, settings and statistics (documentation, "System events and streams").
    this.write('$$$settings', 'any', [{ id: crypto.randomUUID(), type: '$metadata', contentType: 'application/json', data: Buffer.from('{"$acl":{}}'), metadata: new Uint8Array() }]);
  }

  stream(name: string): readonly RecordedEvent[] {
    return this.#streams.get(name) ?? [];
  }

  /** Called after every write; returns how to stop it. */
  onWrite(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** `Services/Storage/ReaderIndex/IndexWriter.cs`, `CheckCommit`, in its order of questions. */
  write(stream: string, expected: Expected, events: readonly ProposedEvent[]): WriteOutcome {
    const current = this.stream(stream).length - 1;
    if (expected === 'stream_exists' && current < 0) return { written: false, current };
    if (expected === 'any' || expected === 'stream_exists') return this.#earlierAnywhere(stream, events) ?? this.#record(stream, events);
    const base = expected === 'no_stream' ? -1 : Number(expected);
    if (base < current) return this.#earlierAt(stream, base, events) ?? { written: false, current };
    if (base > current) return { written: false, current };
    return this.#record(stream, events);
  }

  /** Any revision: known ids of this stream are the earlier write; a mixture (`CorruptedIdempotency`) is answered as a wrong version. */
  #earlierAnywhere(stream: string, events: readonly ProposedEvent[]): WriteOutcome | undefined {
    const known = events.map(({ id }) => this.#committed.get(`${stream}/${id}`));
    const last = known.at(-1);
    if (known[0] === undefined) return undefined;
    if (last === undefined || known.includes(undefined)) return { written: false, current: this.stream(stream).length - 1 };
    return { written: true, last };
  }

  /** Exact revision below the current one: the same ids at the same revisions are the earlier write, anything else is not. */
  #earlierAt(stream: string, base: number, events: readonly ProposedEvent[]): WriteOutcome | undefined {
    const stored = events.map((event, index) => ({ event, at: this.stream(stream)[base + 1 + index] }));
    const last = stored.at(-1)?.at;
    return last && stored.every(({ event, at }) => at?.id === event.id) ? { written: true, last } : undefined;
  }

  /** Writes are prepares with the committed flag: each event has its own place, all of a write share the first one as their transaction. */
  #record(stream: string, events: readonly ProposedEvent[]): WriteOutcome {
    const list = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, list);
    const now = BigInt(Date.now()) * TICKS_PER_MILLISECOND;
    this.#created = now > this.#created ? now : this.#created;
    let prepare: bigint | undefined;
    for (const event of events) {
      this.#offset += 97n + BigInt(event.data.length + event.metadata.length);
      prepare ??= this.#offset;
      const recorded = { ...event, stream, revision: list.length, commit: this.#offset, prepare, created: this.#created };
      list.push(recorded);
      this.all.push(recorded);
      this.#committed.set(`${stream}/${event.id}`, recorded);
    }
    for (const listener of this.#listeners) listener();
    const last = list.at(-1);
    return last && events.length > 0 ? { written: true, last } : { written: false, current: list.length - 1 };
  }

  /** Index in `all` of the first event at or after a log offset. */
  indexOf(commit: bigint): number {
    let [low, high] = [0, this.all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.all[middle]?.commit ?? 0n) < commit) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
