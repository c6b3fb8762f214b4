import type { Format, Party } from '../../invoice/facts.js';
import type { InvoiceId } from '../../kernel/ids.js';
import type { Position, Revision } from '../../kernel/position.js';
import type { Money } from '../../money.js';
import type { InvoiceStatus } from '../invoice-summary.js';
import type { InvoiceSearchRow } from '../other.js';
import { column, DAY_TYPE, instantFromText, type TableSpec } from './table.js';

/** Characters of descriptions and names that go into the word list for typing errors. */
const MAX_WORD_TEXT = 8_000;
/** Bytes of one lexeme that Postgres takes are 2,046; characters may have up to four. */
const MAX_KEY = 200;

const BEYOND_ASCII = /[^\0-\x7f]/u;

/** Lower case without accents: the form of every word list and key; a query folds its words with the same function. */
export const foldText = (text: string): string => (BEYOND_ASCII.test(text) ? text.normalize('NFKD').replaceAll(/\p{M}/gu, '') : text).toLowerCase();

/** Letters and digits only, folded: an RFC or UUID is the same with and without dashes, a number with and without its series' hyphen. */
export const searchKey = (text: string): string => foldText(text).replaceAll(/[^\p{L}\p{N}]/gu, '').slice(0, MAX_KEY);

/** Keys an invoice is found by exactly, or by their beginning while typing. */
export function searchKeysOf(row: Pick<InvoiceSearchRow, 'series' | 'number' | 'uuid' | 'issuer' | 'receiver' | 'id'>): readonly string[] {
  const seriesAndNumber = row.series !== null && row.number !== null ? `${row.series}${row.number}` : null;
  const texts = [seriesAndNumber, row.number, row.series, row.uuid, row.issuer.id ?? null, row.receiver.id ?? null, row.id];
  return [...new Set(texts.filter((text) => text !== null).map(searchKey).filter((key) => key !== ''))];
}

/** Keys as a tsvector with weight A: made here, because the text parser would read `12E5` as a number and split UUIDs. */
const keyVector = (row: InvoiceSearchRow): string => searchKeysOf(row).map((key, index) => `'${key}':${index + 1}A`).join(' ');

const namesOf = (row: InvoiceSearchRow): string => [row.issuer.name, row.receiver.name].filter((name) => name !== undefined).join(' ');

/** Distinct folded words of names and descriptions, for similarity. */
function wordsOf(row: InvoiceSearchRow): string {
  const folded = foldText(`${namesOf(row)} ${row.descriptions.join(' ')}`.slice(0, MAX_WORD_TEXT));
  return [...new Set(folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2))].join(' ');
}

/**
 * Full text: weight A keys (series + number, UUID, RFC, id), B names, C line descriptions. Names and descriptions are indexed twice,
 * by Spanish stem and as written (for prefixes and other languages); both configurations drop accents.
 * The configurations live in the generation's schema: `{schema}.folio_spanish`, `{schema}.folio_simple`.
 */
export const INVOICE_SEARCH_TABLE: TableSpec<InvoiceSearchRow> = {
  name: 'invoice',
  columns: [
    column('id', 'uuid', (row) => row.id),
    column('month', DAY_TYPE, (row) => row.month),
    column('shard_key', 'text', (row) => row.shardKey),
    column('revision', 'bigint', (row) => String(row.revision)),
    column('position', 'bigint', (row) => row.position),
    column('status', 'text', (row) => row.status),
    column('format', 'text', (row) => row.format),
    column('document_type', 'text', (row) => row.documentType),
    column('series', 'text', (row) => row.series),
    column('number', 'text', (row) => row.number),
    column('uuid', 'text', (row) => row.uuid),
    column('issuer_id', 'text', (row) => row.issuer.id ?? null),
    column('issuer_name', 'text', (row) => row.issuer.name ?? null),
    column('receiver_id', 'text', (row) => row.receiver.id ?? null),
    column('receiver_name', 'text', (row) => row.receiver.name ?? null),
    column('currency', 'text', (row) => row.currency),
    column('total', 'numeric', (row) => row.total),
    column('issuance_day', DAY_TYPE, (row) => row.issuanceDay),
    column('received_at', 'timestamptz', (row) => row.receivedAt),
    column('descriptions', 'json', (row) => JSON.stringify(row.descriptions)),
    column('finding_codes', 'jsonb', (row) => JSON.stringify(row.findingCodes)),
  ],
  derived: [
    column('keys', 'tsvector', keyVector),
    column('names', 'text', namesOf),
    column('description_text', 'text', (row) => row.descriptions.join('\n')),
    column('words', 'text', wordsOf),
  ],
  key: ['id', 'month'],
  partitionBy: 'month',
  before: [
    'CREATE TEXT SEARCH CONFIGURATION {schema}.folio_spanish (COPY = pg_catalog.spanish)',
    'ALTER TEXT SEARCH CONFIGURATION {schema}.folio_spanish ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.spanish_stem',
    'CREATE TEXT SEARCH CONFIGURATION {schema}.folio_simple (COPY = pg_catalog.simple)',
    'ALTER TEXT SEARCH CONFIGURATION {schema}.folio_simple ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.simple',
  ],
  generated: [
    `document tsvector GENERATED ALWAYS AS (keys
      || setweight(to_tsvector('{schema}.folio_spanish'::regconfig, names), 'B') || setweight(to_tsvector('{schema}.folio_simple'::regconfig, names), 'B')
      || setweight(to_tsvector('{schema}.folio_spanish'::regconfig, description_text), 'C')
      || setweight(to_tsvector('{schema}.folio_simple'::regconfig, description_text), 'C')) STORED`,
  ],
  indexes: [
    'ON {table} USING gin (document)',
    'ON {table} USING gin (words public.gin_trgm_ops)',
    'ON {table} (issuance_day, id)',
    'ON {table} (received_at, id)',
  ],
  parse: (v) => ({
    id: (v[0] ?? '') as InvoiceId, month: v[1] ?? '', shardKey: v[2] ?? '', revision: Number(v[3]) as Revision, position: (v[4] ?? '0') as Position,
    status: v[5] as InvoiceStatus, format: (v[6] ?? null) as Format | null, documentType: v[7] ?? null, series: v[8] ?? null, number: v[9] ?? null, uuid: v[10] ?? null,
    issuer: party(v[11], v[12]), receiver: party(v[13], v[14]), currency: v[15] ?? null, total: (v[16] ?? null) as Money | null, issuanceDay: v[17] ?? null,
    receivedAt: instantFromText(v[18] ?? ''), descriptions: JSON.parse(v[19] ?? '[]') as readonly string[], findingCodes: JSON.parse(v[20] ?? '[]') as readonly string[],
  }),
};

const party = (id: string | null | undefined, name: string | null | undefined): Party => ({
  ...(typeof id === 'string' && { id }),
  ...(typeof name === 'string' && { name }),
});
