import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatedCfdi } from '../../cli/demo/index.js';
import type { ImportReport } from '../../cli/commands/import.js';
import type { Client } from '../../cli/client.js';
import { cleanUp, folio, FolioProcess } from '../support/folio-process.js';
import { metric, type Benchmark } from './contract.js';
import { ENGINES } from './cluster.js';

const FILES = 3_000;
const LIMIT = 300;

/** `folio import` of files into a running instance: read, decoded, stored durably, processed, archived, and visible in every read model. */
export const importing: Benchmark = {
  name: 'import',
  about: 'XML in → archived and visible in summary, search, cache, report and /events',
  floor: 1,
  async run({ breakOracle, slowOurs, tenth }) {
    const files = tenth ? FILES / 10 : FILES;
    const folder = await mkdtemp(join(tmpdir(), 'folio-bench-files-'));
    for (let index = 0; index < files; index += 1) await writeFile(join(folder, `${String(index).padStart(6, '0')}.xml`), generatedCfdi({ index }));
    const instance = await FolioProcess.start(await FolioProcess.folder(), slowOurs ? { env: { FOLIO_PROCESSING_CONCURRENCY: '1', FOLIO_RATE_ENTERPRISE: '1' } } : {});
    try {
      const client = await instance.client();
      const began = performance.now();
      const { stdout } = await folio(['import', folder, '--json', '--data', instance.data, '--concurrency', slowOurs ? '1' : '32']);
      const report = JSON.parse(stdout) as ImportReport;
      await allVisible(client, report);
      const seconds = (performance.now() - began) / 1_000;
      const oracle = await isRight(client, report, files + (breakOracle ? 1 : 0));
      const perSecond = files / seconds;
      return { oracle, ratio: perSecond / LIMIT, rounds: [{ ours: perSecond, baseline: LIMIT }], engines: ENGINES, metrics: [metric('documents per second', perSecond, '/s', LIMIT, 'higher')] };
    } finally {
      await cleanUp(instance.data, instance);
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Every projection has reached the head of the log. */
async function allVisible(client: Client, _report: ImportReport): Promise<void> {
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
