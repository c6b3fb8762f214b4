import type { ProblemDocument } from '#contracts/kernel/problem.js';
import { ApiProblem, type Client } from '../client.js';
import type { Progress } from '../progress.js';
import { judgeBytes } from '../../write-side/judging/judge-bytes.js';
import type { InputFile } from './collect-files.js';

/** Every file ends in exactly one of these. */
export const CATEGORIES = ['archived', 'archived with warnings', 'rejected', 'conflicting', 'duplicate', 'unsupported', 'unreadable', 'technical failure'] as const;
export type Category = (typeof CATEGORIES)[number];

export interface ImportLine {
  readonly file: string;
  readonly category: Category;
  /** First fatal code, root element, or what went wrong. */
  readonly detail: string;
  readonly id?: string;
}

export interface ImportReport {
  readonly files: number;
  readonly counts: Readonly<Record<Category, number>>;
  readonly lines: readonly ImportLine[];
  readonly seconds: number;
}

export interface ImportOptions {
  readonly concurrency: number;
  /** Written to standard error while it runs; none with `--json`. */
  readonly progress: Progress;
  /** How long to wait for the processing of what was taken in (ms). */
  readonly settleMs: number;
}

interface Submitted {
  readonly id: string;
  readonly position: string;
  readonly outcome: 'created' | 'resubmitted' | 'duplicate';
  readonly attempt: number;
}

const ENDINGS = ['fiscal.invoice.validated', 'fiscal.invoice.archived', 'fiscal.invoice.validation-failed', 'fiscal.invoice.failed'];
/** Files that are taken in and not processed yet, at most. */
const MAX_SETTLING = 512;
const BUSY_PAUSE_MS = 500;
const MAX_BUSY = 120;

type Ending = Omit<ImportLine, 'file'>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** How attempts ended, as the live tail tells it. */
class Endings {
  readonly #ended = new Map<string, Ending>();
  readonly #warned = new Set<string>();
  readonly #waiting = new Map<string, () => void>();

  take(type: string, id: string, data: Readonly<Record<string, unknown>>): void {
    const key = `${id}/${String(data['attempt'])}`;
    const verdict = data['verdict'] as { verdict?: string; findings?: { severity: string; code: string }[] } | undefined;
    if (type === 'fiscal.invoice.validated') {
      if (verdict?.verdict === 'valid-with-warnings') this.#warned.add(key);
    } else if (type === 'fiscal.invoice.archived') this.#end(key, { category: this.#warned.has(key) ? 'archived with warnings' : 'archived', detail: '', id });
    else if (type === 'fiscal.invoice.validation-failed') this.#end(key, { category: 'rejected', detail: verdict?.findings?.find(({ severity }) => severity === 'error')?.code ?? verdict?.verdict ?? '', id });
    else if (type === 'fiscal.invoice.failed') this.#end(key, { category: data['retriesExhausted'] === true ? 'technical failure' : 'rejected', detail: textOf(data['code']), id });
  }

  #end(key: string, ending: Ending): void {
    this.#ended.set(key, ending);
    this.#waiting.get(key)?.();
  }

  /** The ending of one attempt; undefined when it does not come in time. */
  async of({ id, attempt }: Submitted, ms: number): Promise<Ending | undefined> {
    const key = `${id}/${attempt}`;
    if (!this.#ended.has(key)) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#waiting.set(key, () => { clearTimeout(timer); resolve(); });
      });
      this.#waiting.delete(key);
    }
    return this.#ended.get(key);
  }
}

/**
 * Takes files in, so many at once, and waits for what becomes of each. Resumable because identity makes it so: what was taken in before is
 * a duplicate and adds no event.
 */
export async function importFiles(client: Client, files: AsyncIterable<InputFile>, { concurrency, progress, settleMs }: ImportOptions): Promise<ImportReport> {
  const began = performance.now();
  const endings = new Endings();
  const stop = new AbortController();
  const following = await follow(client, endings, stop.signal);
  const lines: ImportLine[] = [];
  const submitting = new Places(concurrency);
  const settling = new Places(MAX_SETTLING);
  let index = 0;
  for await (const file of files) {
    const place = index;
    index += 1;
    progress.total(index);
    await settling.free();
    await submitting.free();
    const submitted = submitting.take(submitOne(client, file));
    void settling.take(submitted.then(async (taken) => {
      const ending = 'category' in taken ? taken : await endingOf(endings, taken, settleMs);
      lines[place] = { file: file.name, ...ending };
      progress.step();
    }));
  }
  await settling.all();
  stop.abort();
  await following.done;
  progress.end();
  const counts = Object.fromEntries(CATEGORIES.map((category) => [category, lines.filter((line) => line.category === category).length])) as Record<Category, number>;
  return { files: index, counts, lines, seconds: (performance.now() - began) / 1_000 };
}

async function follow(client: Client, endings: Endings, signal: AbortSignal): Promise<{ done: Promise<void> }> {
  const head = (await client.get<{ head: string }>('/api/v1/log')).body.head;
  const done = (async () => {
    for await (const event of client.tail(head, ENDINGS, signal)) {
      if (!ENDINGS.includes(event.type)) continue;
      const { stream, data } = JSON.parse(event.data) as { stream: string; data: Record<string, unknown> };
      endings.take(event.type, stream.slice('invoice-'.length), data);
    }
  })();
  return { done };
}

/** So much work at a time. */
class Places {
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

/** What the file was answered with; its processing may go on. */
async function submitOne(client: Client, file: InputFile): Promise<Submitted | Ending> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await file.read();
  } catch (error) {
    return { category: 'unreadable', detail: (error as Error).message };
  }
  try {
    return await submit(client, file.name, bytes);
  } catch (error) {
    return error instanceof ApiProblem ? refused(error.document, bytes) : { category: 'technical failure', detail: (error as Error).message };
  }
}

async function endingOf(endings: Endings, submitted: Submitted, settleMs: number): Promise<Ending> {
  const { id } = submitted;
  if (submitted.outcome === 'duplicate') return { category: 'duplicate', detail: id, id };
  return (await endings.of(submitted, settleMs)) ?? { category: 'technical failure', detail: 'still being processed', id };
}

/** A server that is busy or away for a moment is asked again; identity makes the repetition harmless. */
async function submit(client: Client, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Submitted> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const headers = { 'folio-channel': 'import', 'folio-file-name': encodeURIComponent(name.split(/[/!]/u).at(-1) ?? name) };
      return (await client.postXml<Submitted>('/api/v1/invoices', bytes, headers)).body;
    } catch (error) {
      const mayPass = error instanceof ApiProblem ? error.document.status === 429 || error.document.status === 503 || error.document.code === 'revision-conflict' : true;
      if (!mayPass || attempt >= MAX_BUSY) throw error;
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
    }
  }
}

function refused(document: ProblemDocument, bytes: Uint8Array): Ending {
  if (document.code === 'document-unsupported') return { category: 'unsupported', detail: textOf(document['root']) || document.detail };
  if (document.code === 'document-unreadable' || document.code === 'body-too-large') return { category: 'unreadable', detail: document.detail };
  if (document.code === 'invoice-identity-conflict' || document.code === 'invoice-copies-exhausted') return { category: 'conflicting', detail: `${document.detail} ${judged(bytes)}` };
  return document.status >= 500 || document.status === 429 ? { category: 'technical failure', detail: document.code } : { category: 'rejected', detail: document.code };
}

/** A conflicting copy is not processed; its findings are told all the same, so that a person can see which of the two is the good one. */
function judged(bytes: Uint8Array): string {
  const { verdict } = judgeBytes({ bytes, expected: undefined });
  const codes = Object.keys(verdict.findingCounts);
  return `By itself it is ${verdict.verdict}${codes.length > 0 ? `: ${codes.join(' ')}` : ''}.`;
}

/** The closing table: per category the number, and for what was not archived the reasons. The sum equals the number of files. */
export function importTable({ files, counts, lines, seconds }: ImportReport): string {
  const rows = CATEGORIES.map((category) => `  ${category.padEnd(24)}${String(counts[category]).padStart(8)}`);
  const reasons = lines
    .filter((line) => !line.category.startsWith('archived') && line.category !== 'duplicate')
    .map((line) => `  ${line.file}: ${line.category}${line.detail === '' ? '' : ` (${line.detail})`}`);
  const rate = seconds > 0 ? Math.round(files / seconds) : files;
  return [...reasons, '', ...rows, `  ${'files'.padEnd(24)}${String(files).padStart(8)}   ${seconds.toFixed(1)} s, ${rate}/s`].join('\n');
}
