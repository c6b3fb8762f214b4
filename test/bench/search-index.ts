import { randomUUID } from 'node:crypto';
import { searchIndexName } from '#contracts/read-models/search-document.js';
import { pageBody } from '../../read-side/search/elastic-query.js';
import { MAX_ISSUERS } from '../../read-side/search/search.js';
import { parseSearch } from '../../read-side/search/search-query.js';
import { alternate, median, metric, percentile, type Benchmark, type BenchOptions, type Measured } from './contract.js';
import { withEngine } from './engines.js';
import { invoiceFacts } from './history.js';
import { Side } from './side.js';

/** Of one round of writing, and of the index that is searched. */
const DOCUMENTS = 4_000;
const SEARCHED = { usual: 10_000, full: 100_000 } as const;
const SEARCHES = 120;
const PAGE = 20;

export interface SearchInput {
  readonly kind: 'bare' | 'ours' | 'serve';
  readonly address: string;
  readonly prefix: string;
  readonly generation: number;
  readonly documents: number;
  readonly slow: boolean;
}

/** Documents as the projection writes them against their finished bytes by `_bulk`; then searches through the query API against the same query sent to the engine. */
export const searchIndex: Benchmark = {
  name: 'search-index',
  about: 'documents/s of the search projection\'s store against bare _bulk of the same documents; p95 of searches against the bare query',
  floor: 0.8,
  run: (options) => withEngine('opensearch', async (address, engines) => {
    const prefix = `bench-${randomUUID().slice(0, 8)}-`;
    try {
      return { ...(await measure(options, address, prefix)), engines };
    } finally {
      for (const name of Object.keys(await ask(address, 'GET', `/${prefix}*`))) await ask(address, 'DELETE', `/${name}`);
    }
  }),
};

async function measure({ rounds, full, breakOracle, slowOurs, tenth }: BenchOptions, address: string, prefix: string): Promise<Measured> {
  const sides = { ours: new Side('./search-side.js'), bare: new Side('./search-side.js'), api: new Side('./search-side.js') };
  let generation = 0;
  let oracle = true;
  const write = async (kind: 'ours' | 'bare', documents: number, keep = false): Promise<number> => {
    generation += 1;
    const seconds = await sides[kind].ask<number>({ kind, address, prefix, generation, documents, slow: slowOurs && kind === 'ours' } satisfies SearchInput);
    const index = searchIndexName(prefix, generation);
    await ask(address, 'POST', `/${index}/_refresh`);
    oracle &&= (await ask(address, 'GET', `/${index}/_count`))['count'] === documents + (breakOracle ? 1 : 0);
    if (!keep) await ask(address, 'DELETE', `/${index}`);
    return documents / seconds;
  };
  const documents = tenth ? DOCUMENTS / 10 : DOCUMENTS;
  const measured = await alternate(rounds, () => write('bare', documents), () => write('ours', documents));
  const searched = full ? SEARCHED.full : tenth ? SEARCHED.usual / 10 : SEARCHED.usual;
  await write('ours', searched, true);
  const port = await sides.api.ask<number>({ kind: 'serve', address, prefix, generation, documents: searched, slow: slowOurs } satisfies SearchInput);
  const found = await search(address, searchIndexName(prefix, generation), port, tenth ? SEARCHES / 10 : SEARCHES);
  oracle &&= found.same;
  for (const side of Object.values(sides)) await side.end();
  const ratio = median(measured.map((round) => round.ours / round.baseline));
  return {
    oracle, rounds: measured, ratio, engines: {},
    metrics: [
      metric('store ÷ bare _bulk', ratio, '×', 0.8, 'higher', median(measured.map((round) => round.baseline))), metric('documents per second', median(measured.map((round) => round.ours)), '/s', 0, 'higher'),
      metric(`search p95, ${searched / 1_000} k documents`, found.ours / found.bare, '×', 1.5, 'lower', 1), metric('search p95', found.ours, 'ms', found.bare * 1.5, 'lower', found.bare),
    ],
  };
}

/** Texts as people search: names, words of lines, numbers, an RFC, a UUID. */
function textOf(index: number): string {
  const [, , validated] = invoiceFacts(index * 7);
  const facts = validated?.type === 'fiscal.invoice.validated' ? validated.data.facts : undefined;
  return [`ficticia ${index % 97}`, 'transporte', `pieza ${index % 500}`, facts?.issuer?.id, facts?.uuid, `A ${index * 7}`][index % 6] ?? 'servicio';
}

/** The same searches of both, one after the other, in turn. @returns p95 (ms), and whether each pair found as many */
async function search(address: string, index: string, port: number, searches: number): Promise<{ ours: number; bare: number; same: boolean }> {
  const times = { ours: [] as number[], bare: [] as number[] };
  let same = true;
  const timed = async (kind: keyof typeof times, counts: boolean, work: () => Promise<unknown>): Promise<unknown> => {
    const began = performance.now();
    const total = await work();
    if (counts) times[kind].push(performance.now() - began);
    return total;
  };
  for (let at = -searches; at < searches; at += 1) {
    const text = textOf(Math.abs(at));
    const body = pageBody({ query: parseSearch(text), corrections: {} }, {}, PAGE + 1, undefined, MAX_ISSUERS);
    const bare = () => timed('bare', at >= 0, async () => ((await ask(address, 'POST', `/${index}/_search`, body))['hits'] as { total: { value: number } }).total.value);
    const ours = () => timed('ours', at >= 0, async () => (await ask(`http://127.0.0.1:${port}`, 'GET', `/api/v1/search?q=${encodeURIComponent(text)}&limit=${PAGE}`))['total']);
    const [one, other] = at % 2 === 0 ? [await bare(), await ours()] : [await ours(), await bare()];
    same &&= one === other && Number(one) > 0;
  }
  return { ours: percentile(times.ours, 0.95), bare: percentile(times.bare, 0.95), same };
}

async function ask(address: string, method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(address + path, { method, ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${(await response.text()).slice(0, 300)}`);
  return (await response.json()) as Record<string, unknown>;
}
