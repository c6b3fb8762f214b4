import type { Format, Party } from '../../invoice/facts.js';
import type { InvoiceId } from '../../kernel/ids.js';
import type { Position, Revision } from '../../kernel/position.js';
import type { Money } from '../../money.js';
import type { InvoiceStatus } from '../invoice-summary.js';
import type { InvoiceSearchRow } from '../other.js';
import { foldProse, remembering, searchKeysOf, stemOf, wordsOf } from '../search-words.js';
import { column, DAY_TYPE, instantFromText, type TableSpec } from './table.js';

/** Places of lexemes begin here; keys before them. Their order means nothing, their number counts. */
const PLACES = { issuer: 100, receiver: 1_000, descriptions: 2_000 } as const;
/** Invoices of one party come together. */
const MAX_NAMES = 5_000;

/** Words of a text as written (for beginnings, and for other languages) and by their Spanish stem, each with a place and a weight. */
function lexemesOf(prose: string, first: number, weight: 'B' | 'C'): string {
  let place = first;
  let text = '';
  for (const word of wordsOf(foldProse(prose))) {
    const stem = stemOf(word);
    text += stem === undefined ? ` '${word}':${place}${weight}` : ` '${word}':${place}${weight} '${stem}':${place + 1}${weight}`;
    place += stem === undefined ? 1 : 2;
  }
  return text;
}

const issuerLexemes = remembering(MAX_NAMES, (name) => lexemesOf(name, PLACES.issuer, 'B'));
const receiverLexemes = remembering(MAX_NAMES, (name) => lexemesOf(name, PLACES.receiver, 'B'));

/**
 * Lexemes of an invoice with the weight of where they stand: keys A, names B, descriptions C. They are made here and not by the engine's parser, which
 * reads `12E5` as a number, keeps `Juan/Pedro` as one word and splits UUIDs: a query's words are split, folded and stemmed by the same functions. What
 * stands twice is brought together by the engine.
 */
function documentOf(row: InvoiceSearchRow): string {
  const keys = searchKeysOf(row).map((key, index) => `'${key}':${index + 1}A`).join(' ');
  const { issuer: { name: issuer = '' }, receiver: { name: receiver = '' } } = row;
  return `${keys}${issuerLexemes(issuer)}${receiverLexemes(receiver)}${lexemesOf(row.descriptions.join('\n'), PLACES.descriptions, 'C')}`;
}

/** What an invoice is found by stands in `document`. */
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
  derived: [column('document', 'tsvector', documentOf)],
  source: import.meta.url,
  key: ['id', 'month'],
  partitionBy: 'month',
  before: [],
  generated: [],
  indexes: [
    'ON {table} USING gin (document)',
    'ON {table} (issuance_day, id)',
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
