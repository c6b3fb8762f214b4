import { rowOfDocument, searchIndexName, toSearchDocument } from '#contracts/read-models/search-document.js';
import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import type { DocumentIndex } from '#platform/search/port.js';
import { RowRefused, type DerivedProjection } from '../kit/projection.js';
import { invoiceSearch } from './project.js';

/** The same rows as documents of a search engine: an index per generation, each document guarded by its stream's revision. */
export const indexedSearch = (index: DocumentIndex, prefix: string): DerivedProjection<InvoiceSearchRow> => ({
  ...invoiceSearch,
  store: {
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
      const documents = rows.map((row) => ({ id: row.id, revision: row.revision, source: { ...toSearchDocument(row) } }));
      const outcomes = await index.write(searchIndexName(prefix, generation), documents);
      for (const outcome of outcomes) if (typeof outcome === 'object') throw new RowRefused(outcome.refused);
    },
  },
});
