import { IMPORT_CATEGORIES, type ImportCategory } from '#contracts/invoice/imports.js';
import type { Client } from '../client.js';
import type { Progress } from '../progress.js';
import type { InputFile } from './collect-files.js';
import { Endings, Places, submitBytes, type Ending, type Submitted } from './take-in.js';

export interface ImportLine extends Ending {
  readonly file: string;
}

export interface ImportReport {
  readonly files: number;
  readonly counts: Readonly<Record<ImportCategory, number>>;
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

/** Files that are taken in and not processed yet, at most. */
const MAX_SETTLING = 512;
/** A server that is busy or away is asked again for a minute. */
const MAX_BUSY = 120;

/**
 * Takes files in, so many at once, and waits for what becomes of each. Resumable because identity makes it so: what was taken in before is
 * a duplicate and adds no event.
 */
export async function importFiles(client: Client, files: AsyncIterable<InputFile>, { concurrency, progress, settleMs }: ImportOptions): Promise<ImportReport> {
  const began = performance.now();
  const endings = new Endings();
  const stop = new AbortController();
  const following = await endings.follow(client, stop.signal);
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
      const ending = 'category' in taken ? taken : await endings.of(taken, settleMs);
      lines[place] = { file: file.name, ...ending };
      progress.step();
    }));
  }
  await settling.all();
  stop.abort();
  await following.done;
  progress.end();
  const counts = Object.fromEntries(IMPORT_CATEGORIES.map((category) => [category, lines.filter((line) => line.category === category).length])) as Record<ImportCategory, number>;
  return { files: index, counts, lines, seconds: (performance.now() - began) / 1_000 };
}

/** What the file was answered with; its processing may go on. */
async function submitOne(client: Client, file: InputFile): Promise<Submitted | Ending> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await file.read();
  } catch (error) {
    return { category: 'unreadable', detail: (error as Error).message };
  }
  return submitBytes(client, file.name, bytes, { repeats: MAX_BUSY });
}

/** The closing table: per category the number, and for what was not archived the reasons. The sum equals the number of files. */
export function importTable({ files, counts, lines, seconds }: ImportReport): string {
  const rows = IMPORT_CATEGORIES.map((category) => `  ${category.padEnd(24)}${String(counts[category]).padStart(8)}`);
  const reasons = lines
    .filter((line) => !line.category.startsWith('archived') && line.category !== 'duplicate')
    .map((line) => `  ${line.file}: ${line.category}${line.detail === '' ? '' : ` (${line.detail})`}`);
  const rate = seconds > 0 ? Math.round(files / seconds) : files;
  return [...reasons, '', ...rows, `  ${'files'.padEnd(24)}${String(files).padStart(8)}   ${seconds.toFixed(1)} s, ${rate}/s`].join('\n');
}
