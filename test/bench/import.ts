import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatedCfdi } from '../../cli/demo/index.js';
import type { ImportReport } from '../../cli/commands/import.js';
import type { Client } from '../../cli/client.js';
import { cleanUp, folio, FolioProcess } from '../support/folio-process.js';
import { metric, type Benchmark, type BenchOptions, type Measured } from './contract.js';
import { ENGINES } from './cluster.js';

const LIMIT = 300;
const RSS_MB = 500;

/** `folio import` of files into a running instance: read, decoded, judged by every rule, stored durably, processed, archived, and visible in every read model. */
export const importing: Benchmark = {
  name: 'import',
  about: 'XML in → archived and visible in summary, search, cache, report and /events',
  floor: 1,
  run: (options) => run(options, 3_000, false),
};

/** The same for longer, with the memory of the process that does it. `--full`: a hundred thousand files. */
export const importFull: Benchmark = {
  name: 'import-full',
  about: 'the same with 10 k documents (full: 100 k), and the resident memory of the instance',
  floor: 1,
  run: (options) => run(options, options.full ? 100_000 : 10_000, true),
};

async function run({ breakOracle, slowOurs, tenth }: BenchOptions, whole: number, withMemory: boolean): Promise<Measured> {
  const files = tenth ? whole / 10 : whole;
  const folder = await mkdtemp(join(tmpdir(), 'folio-bench-files-'));
  for (let index = 0; index < files; index += 1) await writeFile(join(folder, `${String(index).padStart(6, '0')}.xml`), generatedCfdi({ index }));
  const instance = await FolioProcess.start(await FolioProcess.folder(), slowOurs ? { env: { FOLIO_PROCESSING_CONCURRENCY: '1', FOLIO_RATE_ENTERPRISE: '1' } } : {});
  try {
    const client = await instance.client();
    const began = performance.now();
    const { stdout } = await folio(['import', folder, '--json', '--data', instance.data, '--concurrency', slowOurs ? '1' : '32']);
    const report = JSON.parse(stdout) as ImportReport;
    await allVisible(client);
    const seconds = (performance.now() - began) / 1_000;
    const rss = withMemory ? [metric('resident memory of the instance at most', await mostMemory(instance.pid), 'MB', RSS_MB, 'lower')] : [];
    const oracle = await isRight(client, report, files + (breakOracle ? 1 : 0));
    const perSecond = files / seconds;
    return { oracle, ratio: perSecond / LIMIT, rounds: [{ ours: perSecond, baseline: LIMIT }], engines: ENGINES, metrics: [metric('documents per second', perSecond, '/s', LIMIT, 'higher'), ...rss] };
  } finally {
    await cleanUp(instance.data, instance);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Most that a process has ever held (MB), as Linux tells it. */
async function mostMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/mu.exec(status)?.[1]) / 1_024;
}

/** Every projection has reached the head of the log. */
async function allVisible(client: Client): Promise<void> {
  for (;;) {
    const { items } = (await client.get<{ items: { eventsBehind: number | null }[] }>('/api/v1/projections')).body;
    if (items.every(({ eventsBehind }) => eventsBehind === 0 || eventsBehind === null)) return;
  }
}

async function isRight(client: Client, report: ImportReport, files: number): Promise<boolean> {
  const search = (await client.get<{ total: number }>('/api/v1/search?q=FOL&limit=1')).body;
  let counted = 0;
  let path: string | undefined = '/api/v1/invoices?status=archived&limit=500';
  while (path !== undefined) {
    const { body }: { body: { items: unknown[]; next?: string } } = await client.get(path);
    counted += body.items.length;
    path = body.next === undefined ? undefined : `/api/v1/invoices?status=archived&limit=500&cursor=${body.next}`;
  }
  return report.counts.archived + report.counts['archived with warnings'] === files && counted === files && search.total >= 0;
}
