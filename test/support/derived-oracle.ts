import { expect } from 'chai';
import { Redis } from 'ioredis';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import { rowOfDocument, searchIndexName } from '#contracts/read-models/search-document.js';
import { decodeEntry } from '#platform/cache/redis-entry.js';
import { CACHED_INVOICE } from '../../read-side/json.js';
import { evolveInvoice } from '../../projections/invoice-row/evolve.js';
import { invoiceSearch } from '../../projections/invoice-search/project.js';

/** The log's invoices, stream by stream, in order. */
export type Histories = ReadonlyMap<string, readonly InvoiceEvent[]>;

export function historiesOf(events: readonly Envelope[]): Histories {
  const histories = new Map<string, InvoiceEvent[]>();
  for (const event of events) {
    if (!event.type.startsWith('fiscal.')) continue;
    const id = event.stream.slice('invoice-'.length);
    histories.set(id, [...(histories.get(id) ?? []), event as InvoiceEvent]);
  }
  return histories;
}

const PAGE = 5_000;

/** Every stream has its document, and each is the fold of its stream. */
export async function expectIndexIsFolds(address: string, prefix: string, generation: number, histories: Histories): Promise<void> {
  const index = `${address}/${searchIndexName(prefix, generation)}`;
  await fetch(`${index}/_refresh`, { method: 'POST' });
  const found = new Map<string, InvoiceSearchRow>();
  for (let after: unknown[] | undefined = []; after !== undefined;) {
    const body = { size: PAGE, sort: ['id'], ...(after.length > 0 && { search_after: after }) };
    const answer = (await (await fetch(`${index}/_search`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).json()) as { hits: { hits: { _source: unknown; sort: unknown[] }[] } };
    for (const { _source } of answer.hits.hits) {
      const row = rowOfDocument(_source);
      if (row) found.set(row.id, row);
    }
    after = answer.hits.hits.length === PAGE ? answer.hits.hits.at(-1)?.sort : undefined;
  }
  expect(found.size).to.equal(histories.size);
  for (const [id, events] of histories) {
    const folded = events.reduce<InvoiceSearchRow | undefined>((row, event) => (invoiceSearch.handles.includes(event.type) ? invoiceSearch.evolve(row, event) : row && { ...row, revision: event.revision, position: event.position }), undefined);
    expect(found.get(id), id).to.deep.equal(folded);
  }
}

/** What the cache has is the fold of its stream; it may lack any. @returns how many rows it has */
export async function expectCacheIsFolds(address: string, prefix: string, generation: number, histories: Histories): Promise<number> {
  const redis = new Redis(address);
  try {
    const keys = await redis.keys(`${prefix}g${generation}:*`);
    for (const key of keys) {
      const entry = decodeEntry<InvoiceSummary>(key, (await redis.get(key)) ?? '', CACHED_INVOICE);
      const events = histories.get(key.slice(key.lastIndexOf(':') + 1)) ?? [];
      expect(entry?.value, key).to.deep.equal(events.reduce<InvoiceSummary | undefined>((row, event) => evolveInvoice(row, event), undefined));
    }
    return keys.length;
  } finally {
    redis.disconnect();
  }
}
