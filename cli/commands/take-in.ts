import { LRUCache } from 'lru-cache';
import { ENDING_TYPES, endingOf, refusalOf, tellsOfWarnings, type ImportEnding } from '#contracts/invoice/imports.js';
import type { ProblemDocument } from '#contracts/kernel/problem.js';
import { pause } from '#platform/wake.js';
import { judgeBytes } from '../../write-side/judging/judge-bytes.js';
import { ApiProblem, type Client } from '../client.js';

/** What became of a file. */
export interface Ending extends ImportEnding {
  readonly id?: string;
}

/** What the instance answered to a file that it took; its processing may go on. */
export interface Submitted {
  readonly id: string;
  readonly position: string;
  readonly outcome: 'created' | 'resubmitted' | 'duplicate';
  readonly attempt: number;
}

export interface SubmitOptions {
  /** How often a server that is busy or away is asked again before the answer is a technical failure. */
  readonly repeats: number;
  /** Ends the repeating. */
  readonly signal?: AbortSignal;
}

const ENDINGS: readonly string[] = ENDING_TYPES;
const BUSY_PAUSE_MS = 500;
/** Endings that are remembered for whoever asks later: others take invoices in as well, and a watch lasts for months. */
const MAX_ENDED = 100_000;
const NEVER = new AbortController().signal;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** How attempts ended, as the live tail tells it. */
export class Endings {
  readonly #ended = new LRUCache<string, Ending>({ max: MAX_ENDED });
  readonly #warned = new LRUCache<string, true>({ max: MAX_ENDED });
  readonly #waiting = new Map<string, () => void>();
  #last: string | undefined;
  #isAbandoned = false;

  /** Follows the log from its head, or from where it stopped before, until the signal. @throws ApiProblem when the instance refuses */
  async follow(client: Client, signal: AbortSignal): Promise<{ readonly done: Promise<void> }> {
    const from = (this.#last ??= (await client.get<{ head: string }>('/api/v1/log')).body.head);
    return { done: this.#listen(client, from, signal) };
  }

  /** The next follower begins at the head: the log is not the one that was followed. */
  forgetPlace(): void {
    this.#last = undefined;
  }

  async #listen(client: Client, from: string, signal: AbortSignal): Promise<void> {
    for await (const event of client.tail(from, ENDINGS, signal)) {
      if (event.id !== '') this.#last = event.id;
      if (!ENDINGS.includes(event.type)) continue;
      const { stream, data } = JSON.parse(event.data) as { stream: string; data: Record<string, unknown> };
      this.#take(event.type, stream.slice('invoice-'.length), data);
    }
  }

  #take(type: string, id: string, data: Readonly<Record<string, unknown>>): void {
    const key = `${id}/${String(data['attempt'])}`;
    if (tellsOfWarnings(type, data)) this.#warned.set(key, true);
    const ending = endingOf(type, data, this.#warned.has(key));
    if (ending) this.#end(key, { ...ending, id });
  }

  #end(key: string, ending: Ending): void {
    this.#ended.set(key, ending);
    this.#waiting.get(key)?.();
  }

  /** Nobody waits any more. */
  abandon(): void {
    this.#isAbandoned = true;
    for (const wake of this.#waiting.values()) wake();
  }

  /** What became of what was submitted: a technical failure when its processing does not end in time. */
  async of(submitted: Submitted, ms: number): Promise<Ending> {
    const { id, attempt, outcome } = submitted;
    if (outcome === 'duplicate') return { category: 'duplicate', detail: id, id };
    const key = `${id}/${attempt}`;
    if (!this.#ended.has(key) && !this.#isAbandoned) {
      const ended = new AbortController();
      this.#waiting.set(key, () => ended.abort());
      await pause(ms, ended.signal);
      this.#waiting.delete(key);
    }
    return this.#ended.get(key) ?? { category: 'technical failure', detail: STILL_PROCESSED, id };
  }
}

/** The detail of a document that was taken in and has no ending yet. */
export const STILL_PROCESSED = 'still being processed';

/** So much work at a time. */
export class Places {
  readonly #taken = new Set<Promise<unknown>>();

  constructor(private readonly places: number) {}

  async free(): Promise<void> {
    while (this.#taken.size >= this.places) await Promise.race(this.#taken);
  }

  take<Result>(work: Promise<Result>): Promise<Result> {
    this.#taken.add(work);
    const leave = (): unknown => this.#taken.delete(work);
    work.then(leave, leave);
    return work;
  }

  async all(): Promise<void> {
    await Promise.all(this.#taken);
  }
}

/** Hands the bytes in. @param name of the file, with its folders or its archive; only the last part travels. @returns what the file was answered with: its processing may go on */
export async function submitBytes(client: Client, name: string, bytes: Uint8Array<ArrayBuffer>, options: SubmitOptions): Promise<Submitted | Ending> {
  try {
    return await submit(client, name, bytes, options);
  } catch (error) {
    return error instanceof ApiProblem ? refused(error.document, bytes) : { category: 'technical failure', detail: (error as Error).message };
  }
}

/** A server that is busy or away for a moment is asked again; identity makes the repetition harmless. */
async function submit(client: Client, name: string, bytes: Uint8Array<ArrayBuffer>, { repeats, signal = NEVER }: SubmitOptions): Promise<Submitted> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const headers = { 'folio-channel': 'import', 'folio-file-name': encodeURIComponent(name.split(/[/!]/u).at(-1) ?? name) };
      const { body } = await client.postXml<Submitted | string>('/api/v1/invoices', bytes, headers);
      if (typeof body === 'string') throw new Error('what answers there is no instance');
      return body;
    } catch (error) {
      const mayPass = error instanceof ApiProblem ? error.document.status === 429 || error.document.status === 503 || error.document.code === 'revision-conflict' : true;
      if (!mayPass || attempt >= repeats || signal.aborted) throw error;
      await pause(BUSY_PAUSE_MS, signal);
    }
  }
}

/** Answers that say nothing of the document: the caller's key is another instance's, or what listens there is none. */
const NOT_OF_THE_DOCUMENT: ReadonlySet<number> = new Set([401, 403, 404, 405, 429]);

/** @param answer a problem document, or whatever a program sent that is no instance */
function refused(answer: ProblemDocument | string, bytes: Uint8Array): Ending {
  if (typeof answer === 'string' || typeof answer.code !== 'string') return { category: 'technical failure', detail: 'what answers there is no instance' };
  return refusedBy(answer, bytes);
}

function refusedBy(document: ProblemDocument, bytes: Uint8Array): Ending {
  const { code, status, detail } = document;
  if (NOT_OF_THE_DOCUMENT.has(status)) return { category: 'technical failure', detail: code };
  const ending = refusalOf(code, { status, detail, root: textOf(document['root']) });
  return ending.category === 'conflicting' ? { ...ending, detail: `${detail} ${judged(bytes)}` } : ending;
}

/** A conflicting copy is not processed; its findings are told all the same, so that a person can see which of the two is the good one. */
function judged(bytes: Uint8Array): string {
  const { verdict } = judgeBytes({ bytes, expected: undefined });
  const codes = Object.keys(verdict.findingCounts);
  return `By itself it is ${verdict.verdict}${codes.length > 0 ? `: ${codes.join(' ')}` : ''}.`;
}
