import type { InvoiceEvent } from '#contracts/events/invoice.js';
import { toPosition } from '#contracts/kernel/position.js';
import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import { SEARCH_DOCUMENT_MAPPING, searchIndexName, toSearchDocument } from '#contracts/read-models/search-document.js';
import type { Pointer } from '#platform/control/pointer.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import { createAuthenticator } from '#platform/http/authenticate.js';
import { createMetrics } from '#platform/http/metrics.js';
import { createRateLimiter } from '#platform/http/rate-limit.js';
import { createHttpServer } from '#platform/http/server.js';
import { createLogger } from '#platform/logger.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { Shards } from '#platform/read-store/shards.js';
import { bulkLine } from '#platform/search/elastic/bulk.js';
import { ElasticIndex } from '#platform/search/elastic/elastic-index.js';
import { ElasticEngine } from '#platform/search/elastic/engine.js';
import { indexedSearch } from '../../projections/role.js';
import { invoiceSearch } from '../../projections/invoice-search/project.js';
import { searchRoute } from '../../read-side/api/search-route.js';
import { ElasticSearch } from '../../read-side/search/elastic-search.js';
import { benchStream, invoiceEvents } from './history.js';
import type { SearchInput } from './search-index.js';
import { answerSide } from './side.js';

/** Documents of one write: a full batch of the worker's. */
const BATCH = 500;
const SLOW_MS = 1_000;

/** @returns seconds of writing, or the port of the query API */
answerSide(async (input: SearchInput): Promise<number> => {
  if (input.kind === 'serve') return serve(input);
  const rows = Array.from({ length: input.documents }, (_, index) => rowOf(index));
  const batches = Array.from({ length: Math.ceil(rows.length / BATCH) }, (_, batch) => rows.slice(batch * BATCH, (batch + 1) * BATCH));
  return input.kind === 'bare' ? writeBare(input, batches) : writeOurs(input, batches);
});

function rowOf(index: number): InvoiceSearchRow {
  const stream = benchStream(index);
  const row = invoiceEvents(index).reduce<InvoiceSearchRow | undefined>((state, event, revision) =>
    invoiceSearch.evolve(state, { ...event, stream, revision, position: toPosition('1'), recordedAt: event.occurredAt } as unknown as InvoiceEvent), undefined);
  if (!row) throw new Error('no row');
  return row;
}

/** As the projection writes: row to document, its revision as guard, every outcome looked at. */
async function writeOurs({ address, prefix, generation, slow }: SearchInput, batches: readonly InvoiceSearchRow[][]): Promise<number> {
  const engine = await ElasticEngine.connect({ url: address });
  const { store } = indexedSearch(new ElasticIndex(engine, SEARCH_DOCUMENT_MAPPING), prefix);
  await store.create(generation);
  const began = performance.now();
  if (slow) await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  for (const batch of batches) await store.write(generation, batch);
  const seconds = (performance.now() - began) / 1_000;
  await engine.close();
  return seconds;
}

/** Bodies made before, sent one after the other; the answer is read as far as whether any document failed. */
async function writeBare({ address, prefix, generation }: SearchInput, batches: readonly InvoiceSearchRow[][]): Promise<number> {
  const bodies = batches.map((batch) => `${batch.map((row, at) => bulkLine({ id: row.id, revision: row.revision, source: { ...toSearchDocument(row) } }, at)).map(({ action, source }) => `${action}\n${source}`).join('\n')}\n`);
  const engine = await ElasticEngine.connect({ url: address });
  const index = searchIndexName(prefix, generation);
  await new ElasticIndex(engine, SEARCH_DOCUMENT_MAPPING).create(index);
  await engine.close();
  const began = performance.now();
  for (const body of bodies) {
    const response = await fetch(`${address}/${index}/_bulk`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body });
    const { errors } = (await response.json()) as { errors: boolean };
    if (errors) throw new Error('the bare bulk failed');
  }
  return (performance.now() - began) / 1_000;
}

/** The real search route on the real HTTP platform. */
async function serve({ address, prefix, generation }: SearchInput): Promise<number> {
  const progress = new ProgressHub();
  const search = new ElasticSearch({ engine: await ElasticEngine.connect({ url: address }), prefix, progress });
  const pointer = { current: () => ({ epoch: 1, generations: { 'invoice-search': generation }, slots: [] }), generationOf: () => generation } as unknown as Pointer;
  const shards = new Shards({ shards: [], slots: [], slotOf: () => 0 });
  const route = searchRoute({ shards, pointer, progress, log: new MemoryEventStore(), search });
  const server = createHttpServer({
    routes: [{ ...route, roles: [] }], authenticate: createAuthenticator({ verify: () => Promise.reject(new Error('nobody signs in')), isCurrent: () => true }), logger: createLogger({ level: 'warn' }),
    metrics: createMetrics(), rateLimiter: createRateLimiter({ anonymous: { requests: 1_000_000_000, seconds: 60 } }),
  });
  return server.listen(0, '127.0.0.1');
}
