import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import { SEARCH_DOCUMENT_MAPPING, toSearchDocument, searchIndexName } from '#contracts/read-models/search-document.js';
import { decodeStrict } from '#contracts/events/decode.js';
import type { Position } from '#contracts/kernel/position.js';
import { ElasticEngine } from '#platform/search/elastic/engine.js';
import { ElasticIndex } from '#platform/search/elastic/elastic-index.js';
import type { IndexTuning } from '#platform/search/elastic/mapping.js';
import type { ProgressHub } from '#platform/progress/hub.js';
import type { IndexedDocument } from '#platform/search/port.js';
import { ElasticSearch } from '../../../read-side/search/elastic-search.js';
import { invoiceSearch } from '../../../projections/invoice-search/project.js';
import { ReadBench, sampleId, type Sample } from '../read-side/bench.js';

let deployments = 0;

/** A prefix that no other test and no other run has. */
export const freshPrefix = (): string => `folio-test-${process.pid}-${(deployments += 1)}-`;

/** The read side with its search in a real engine; documents are written as the projection would, through the pure fold. */
export class IndexedBench {
  private constructor(readonly bench: ReadBench, readonly index: ElasticIndex, readonly search: ElasticSearch, readonly name: string, private readonly engines: readonly ElasticEngine[]) {}

  /** `via`: where readers reach the engine, when it is not its own address. */
  static async open(address: string, { via = address, tuning = {} }: { readonly via?: string; readonly tuning?: IndexTuning } = {}): Promise<IndexedBench> {
    const prefix = freshPrefix();
    const writing = await ElasticEngine.connect({ url: address });
    const reading = await ElasticEngine.connect({ url: via, requestMs: 2_000 });
    const index = new ElasticIndex(writing, SEARCH_DOCUMENT_MAPPING, tuning);
    const hub: Pick<ProgressHub, 'positionOf'> = { positionOf: (...asked) => bench.worker.hub.positionOf(...asked) };
    const search = new ElasticSearch({ engine: reading, prefix, progress: hub });
    const bench: ReadBench = await ReadBench.open({ dependencies: { search } });
    const name = searchIndexName(prefix, bench.worker.pointer.current().generations['invoice-search'] ?? 0);
    await index.create(name);
    return new IndexedBench(bench, index, search, name, [writing, reading]);
  }

  async given(samples: readonly Sample[]): Promise<void> {
    await this.bench.given(samples);
    for (const { seed } of samples) await this.write(seed);
    await this.index.refresh(this.name);
  }

  /** Appends, and writes the document before the projection says that it has applied the event; nothing is refreshed. */
  async append(sample: Sample): Promise<Position> {
    const position = await this.bench.append(sample);
    await this.write(sample.seed);
    return position;
  }

  async write(seed: number): Promise<void> {
    await this.index.write(this.name, [await this.documentOf(seed)]);
  }

  async documentOf(seed: number): Promise<IndexedDocument> {
    const events = await this.bench.harness.store.readStream(`invoice-${sampleId(seed)}` as never);
    const row = events.map(decodeStrict).filter(({ type }) => invoiceSearch.handles.includes(type)).reduce<InvoiceSearchRow | undefined>((folded, event) => invoiceSearch.evolve(folded, event), undefined);
    if (!row) throw new Error('there are no events of it');
    return { id: row.id, revision: row.revision, source: { ...toSearchDocument(row) } };
  }

  async close(): Promise<void> {
    await this.index.drop(this.name).catch(() => undefined);
    await this.bench.close();
    await Promise.all(this.engines.map((engine) => engine.close()));
  }
}
