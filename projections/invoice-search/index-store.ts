import { canonicalJson } from '#contracts/kernel/json.js';
import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import { rowOfDocument, searchIndexName, toSearchDocument } from '#contracts/read-models/search-document.js';
import type { DocumentIndex, IndexedDocument } from '#platform/search/port.js';
import { RowRefused, type DerivedProjection, type ScannedRow } from '../kit/projection.js';
import { rowHashOf } from '../kit/row-hash.js';
import { invoiceSearch } from './project.js';

/** The same rows as documents of a search engine: an index per generation, each document guarded by its stream's revision and with the hash of its row. */
export const indexedSearch = (index: DocumentIndex, prefix: string): DerivedProjection<InvoiceSearchRow> => ({
  ...invoiceSearch,
  store: {
    source: import.meta.resolve('#contracts/read-models/search-document.js'),
    create: (generation) => index.create(searchIndexName(prefix, generation)),
    drop: (generation) => index.drop(searchIndexName(prefix, generation)),
    async load(generation, ids) {
      const rows = new Map<string, InvoiceSearchRow>();
      for (const [id, { source }] of await index.load(searchIndexName(prefix, generation), ids)) {
        // What is none of ours counts as missing: it is folded from the stream and written over.
        const row = rowOfDocument(source);
        if (row) rows.set(id, row);
      }
      return rows;
    },
    async write(generation, rows) {
      const documents = rows.map((row) => ({ id: row.id, revision: row.revision, source: { ...toSearchDocument(row), rowHash: rowHashOf(row) } }));
      const outcomes = await index.write(searchIndexName(prefix, generation), documents);
      for (const outcome of outcomes) if (typeof outcome === 'object') throw new RowRefused(outcome.refused);
    },
    async* scan(generation, ids) {
      const name = searchIndexName(prefix, generation);
      if (ids) yield [...(await index.load(name, ids)).values()].map(scanned);
      else for await (const documents of index.scan(name)) yield documents.map(scanned);
    },
  },
});

function scanned(document: IndexedDocument): ScannedRow<InvoiceSearchRow> {
  const { id, source } = document;
  const row = rowOfDocument(source);
  const hash = typeof source['rowHash'] === 'string' ? source['rowHash'] : undefined;
  return { id, row, hash, wrong: row ? wrongBeside(document, row) : [] };
}

/** What an invoice is found by, and the engine's own version of the document, which every write of Folio sets: a change beside Folio raises it. */
function wrongBeside({ revision, source }: IndexedDocument, row: InvoiceSearchRow): ScannedRow['wrong'] {
  const stored = typeof source['search'] === 'object' && source['search'] !== null ? new Map(Object.entries(source['search'])) : new Map<string, unknown>();
  const wanted = searchTextsOrNone(row);
  const texts = [...new Set([...Object.keys(wanted), ...stored.keys()])].flatMap((name) => {
    const [live, next] = [stored.get(name), wanted[name]].map((value) => (value === undefined ? null : canonicalJson(value)));
    return live === next ? [] : [{ column: `search.${name}`, live: live ?? null, next: next ?? null }];
  });
  return revision === row.revision ? texts : [...texts, { column: '_version', live: String(revision), next: String(row.revision) }];
}

/** A row that somebody changed by hand may have values that no text can be made of: then no text follows from it. */
function searchTextsOrNone(row: InvoiceSearchRow): Readonly<Record<string, unknown>> {
  try {
    return { ...toSearchDocument(row).search };
  } catch {
    return {};
  }
}
