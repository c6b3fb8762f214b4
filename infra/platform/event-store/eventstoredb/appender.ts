import { setTimeout as sleep } from 'node:timers/promises';
import type { NewEvent } from '#contracts/kernel/envelope.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import type { Problem } from '#contracts/kernel/problem.js';
import { toPosition, toRevision } from '#contracts/kernel/position.js';
import { checkAppend, judgeAppend, type StreamHead } from '../judge.js';
import type { AppendResult, ExpectedRevision } from '../port.js';
import type { LogClient, ProposedEvent, RecordedEvent, WriteAnswer } from './client.js';
import { toProposed } from './decode.js';

export interface AppenderOptions {
  /** For appends only: what happens to a subscription's connection does not touch them, nor the other way round. */
  readonly writer: () => Promise<LogClient>;
  /** For looking what became of an append. */
  readonly reader: () => Promise<LogClient>;
  /** One try of an append, and a silence of the stream that is looked at (ms). */
  readonly appendDeadlineMs: number;
  /** All tries and looks of an append together (ms). */
  readonly patienceMs: number;
  /** Bytes of a whole append that the server takes (`MaxAppendSize`). */
  readonly maxAppendBytes: number;
  /** The highest log offset that this process has seen: what stands at or below it was not written just now. */
  readonly seen: (commit?: bigint) => bigint;
}

interface Request {
  readonly stream: StreamId;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
  readonly proposed: readonly ProposedEvent[];
}

const FIRST_PAUSE_MS = 20;
const MAX_PAUSE_MS = 500;
/** How far back an append at no certain revision is looked for. */
const SEARCHED_EVENTS = 1_000;

/**
 * Appends, each with an answer that can be relied on. Whatever is not a clear answer is an unknown outcome: the stream is read again and
 * searched for the ids; found is the success, a stream that has not moved gets the same bytes, ids and revision once more.
 * Appends to one stream go one after another, in the order of the calls.
 */
export class EventStoreDbAppender {
  readonly #options: AppenderOptions;
  readonly #turns = new Map<StreamId, Promise<unknown>>();
  readonly #closing = new AbortController();

  constructor(options: AppenderOptions) {
    this.#options = options;
  }

  async append(stream: StreamId, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    checkAppend(stream, events);
    const proposed = events.map(toProposed);
    const size = proposed.reduce((sum, { bytes }) => sum + bytes, 0);
    const limit = this.#options.maxAppendBytes;
    if (size > limit) throw platformProblem('event-too-large', { size, limit });
    if (this.#closing.signal.aborted) throw platformProblem('shutting-down');
    return this.#inTurn(stream, () => this.#settle({ stream, expected, events, proposed }));
  }

  /** Everything that was accepted is answered before this resolves. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#turns.values());
  }

  #inTurn<Result>(stream: StreamId, work: () => Promise<Result>): Promise<Result> {
    const before = this.#turns.get(stream) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#turns.set(stream, turn);
    const done = (): void => {
      if (this.#turns.get(stream) === turn) this.#turns.delete(stream);
    };
    turn.then(done, done);
    return turn;
  }

  async #settle(request: Request): Promise<AppendResult> {
    const end = Date.now() + this.#options.patienceMs;
    let { expected } = request;
    /** A try may have been written, or may still be. */
    let unsure = false;
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, MAX_PAUSE_MS)) {
      const seen = this.#options.seen();
      const answer = await this.#write(request, expected);
      if (answer.kind === 'written') return this.#written(answer, !unsure && answer.commit <= seen);
      const refusal = refusalOf(answer, request);
      if (refusal && !unsure) throw refusal;
      unsure ||= answer.kind === 'unknown' && answer.sent;
      const found = await this.#look(request, Math.max(end, Date.now() + this.#options.appendDeadlineMs));
      if (found?.write === false) return found.result.outcome === 'appended' && unsure ? { ...found.result, repeated: false } : found.result;
      if (found && Date.now() < end) expected = found.head ?? 'none';
      else if (found && !unsure && answer.kind === 'wrong-version') return { outcome: 'conflict', current: found.head };
      else throw platformProblem(unsure ? 'outcome-unknown' : 'store-unavailable', {}, { cause: answer.kind === 'unknown' ? answer.cause : refusal });
      await sleep(wait);
    }
  }

  async #write({ stream, proposed }: Request, expected: ExpectedRevision): Promise<WriteAnswer> {
    const revision = typeof expected === 'number' ? BigInt(expected) : expected === 'none' ? 'no_stream' : expected === 'exists' ? 'stream_exists' : 'any';
    try {
      return await (await this.#options.writer()).write(stream, revision, proposed, this.#options.appendDeadlineMs);
    } catch (cause) {
      return { kind: 'unknown', sent: false, cause };
    }
  }

  #written({ revision, commit }: Extract<WriteAnswer, { kind: 'written' }>, repeated: boolean): AppendResult {
    this.#options.seen(commit);
    return { outcome: 'appended', revision: toRevision(Number(revision)), position: toPosition(commit.toString()), repeated };
  }

  /** What the stream says of the append, read until it can be read or the time is over (undefined). */
  async #look(request: Request, end: number): Promise<Finding | undefined> {
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, MAX_PAUSE_MS)) {
      try {
        const client = await this.#options.reader();
        return await (request.expected === 'any' || request.expected === 'exists' ? this.#search(client, request) : this.#compare(client, request, request.expected));
      } catch {
        if (Date.now() + wait > end) return undefined;
        await sleep(wait);
      }
    }
  }

  /** At an exact revision the ids stand where they were to stand, or nowhere. */
  async #compare(client: LogClient, { stream, expected, events }: Request, at: number | 'none'): Promise<Finding> {
    const base = at === 'none' ? -1 : at;
    const [last] = await this.#tail(client, stream, 1);
    const stored = new Map<number, RecordedEvent>();
    if (last && last.revision > BigInt(base)) {
      await client.read({ stream }, { from: BigInt(base + 1), count: events.length, idleMs: this.#options.appendDeadlineMs }, (event) => Boolean(stored.set(Number(event.revision), event)));
    }
    const head = headOf(last, (revision) => stored.get(revision));
    return findingOf(judgeAppend(expected, events, head), head);
  }

  /** At any revision the ids may stand anywhere near the end; a match becomes a question about an exact revision. */
  async #search(client: LogClient, { stream, expected, events }: Request): Promise<Finding> {
    const tail = await this.#tail(client, stream, SEARCHED_EVENTS);
    const stored = new Map(tail.map((event) => [Number(event.revision), event]));
    const first = tail.find(({ id }) => id === events[0]?.id);
    const head = headOf(tail[0], (revision) => stored.get(revision));
    if (first) return findingOf(judgeAppend(first.revision === 0n ? 'none' : toRevision(Number(first.revision) - 1), events, head), head);
    const reached = tail.length < SEARCHED_EVENTS || tail.at(-1)?.revision === 0n;
    if (!reached) throw platformProblem('outcome-unknown');
    return findingOf(judgeAppend(expected, events, head), head);
  }

  async #tail(client: LogClient, stream: StreamId, count: number): Promise<RecordedEvent[]> {
    const tail: RecordedEvent[] = [];
    await client.read({ stream }, { backwards: true, count, idleMs: this.#options.appendDeadlineMs }, (event) => tail.push(event) > 0);
    return tail;
  }
}

/** `write`: the ids are not there and may be written after `head`. */
type Finding = { readonly write: true; readonly head: StreamHead['revision'] } | { readonly write: false; readonly result: AppendResult };

const findingOf = (judged: ReturnType<typeof judgeAppend>, head: StreamHead): Finding => (judged.write ? { write: true, head: head.revision } : judged);

function headOf(last: RecordedEvent | undefined, stored: (revision: number) => RecordedEvent | undefined): StreamHead {
  return {
    revision: last ? toRevision(Number(last.revision)) : null,
    at: (revision) => {
      const event = stored(revision);
      return event && { id: event.id, position: toPosition(event.commit.toString()) };
    },
  };
}

/** An answer after which nothing can stand in the log of this try, and which looking does not change. */
function refusalOf(answer: WriteAnswer, { proposed }: Request): Problem | undefined {
  switch (answer.kind) {
    case 'too-large':
      return platformProblem('event-too-large', { size: proposed.reduce((sum, { data, metadata }) => sum + Buffer.byteLength(JSON.stringify(data)) + metadata.length, 0), limit: answer.limit });
    case 'refused':
      return platformProblem('event-refused', { reason: answer.reason });
    case 'denied':
      return platformProblem('store-unavailable', {}, { cause: answer.cause });
    case 'written':
    case 'wrong-version':
    case 'unknown':
      return undefined;
  }
}
