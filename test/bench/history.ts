import pg from 'pg';
import type { NewEvent } from '#contracts/kernel/envelope.js';
import { derivedUuid, randomUuid, toCorrelationId, toStreamId, type EventId } from '#contracts/kernel/ids.js';
import type { InvoiceFact } from '#contracts/events/invoice.js';
import type { Facts } from '#contracts/invoice/facts.js';
import { toMoney } from '#contracts/money.js';
import { toSha256 } from '#contracts/kernel/ids.js';
import { definitionOf } from '#contracts/events/index.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { copyEvents, RowWriter } from '#platform/event-store/postgres/copy.js';
import { written, type PlacedEvent } from '#platform/event-store/postgres/rows.js';

export const EVENTS_PER_INVOICE = 5;

const party = (index: number) => ({ id: `FOL${String(index % 97).padStart(6, '0')}AB1`, name: `Empresa Ficticia ${index % 97} SA de CV` });

/** Five events of one generated invoice: created, started, validated, archived, cancelled. Deterministic by index. */
export function invoiceFacts(index: number): readonly InvoiceFact[] {
  const day = `2026-${String(1 + (index % 9)).padStart(2, '0')}-${String(1 + (index % 28)).padStart(2, '0')}`;
  const [issuer, receiver] = [party(index), party(index + 31)];
  const uuid = derivedUuid('bench', String(index)).toUpperCase();
  const subtotal = toMoney(`${100 + (index % 900)}.00`);
  const taxes = [{ tax: '002', kind: 'transferred' as const, factor: 'Tasa', rate: toMoney('0.160000'), base: subtotal, amount: toMoney(`${16 + (index % 9)}.00`) }];
  const sha256 = toSha256(index.toString(16).padStart(64, '0'));
  const facts: Facts = {
    format: 'cfdi-4.0', documentType: 'I', series: 'A', number: String(index), uuid, issuer, receiver, dates: { issued: `${day}T12:00:00` }, issuanceDay: day, currency: 'MXN', subtotal,
    total: toMoney(`${120 + (index % 900)}.00`), taxes, lineCount: 2, descriptions: ['Servicio de transporte', `Pieza ${index % 500}`], descriptionsTruncated: false,
  };
  const verdict = { verdict: 'valid' as const, findings: [], findingCounts: {}, checked: ['CFDI40108', 'CFDI40119'], notChecked: [{ what: 'seal', why: 'not part of this rule set' }], ruleSet: 'folio-first@1', catalogueDate: 'none', durationUs: 90 };
  const claim = { format: facts.format, documentType: 'I', series: 'A', number: String(index), uuid, issuer, receiver, subtotal, taxes, currency: 'MXN', issuanceDate: `${day}T12:00:00`, issuanceDay: day };
  return [
    { type: 'fiscal.invoice.created', data: { identity: `cfdi|${uuid}`, claim, claimed: false, file: { kind: 'stored', sha256, size: 5_120, mediaType: 'application/xml' }, channel: 'import' } },
    { type: 'fiscal.invoice.processing-started', data: { attempt: 1 } },
    { type: 'fiscal.invoice.validated', data: { attempt: 1, sha256, verdict, facts } },
    { type: 'fiscal.invoice.archived', data: { attempt: 1, uuid, issuer, receiver, month: `${day.slice(0, 7)}-01`, objectKey: `archive/${sha256}`, sha256, originalSize: 5_120, compressedSize: 2_900, codec: 'gzip', retentionUntil: '2036-01-01' } },
    { type: 'fiscal.invoice.cancelled', data: { motive: '02' } },
  ];
}

export function invoiceEvents(index: number): readonly NewEvent[] {
  const stream = benchStream(index);
  return invoiceFacts(index).map((fact, revision) => ({
    id: derivedUuid(stream, String(revision)) as EventId, type: fact.type, version: definitionOf(fact.type)?.version ?? 1, occurredAt: '2026-03-01T12:00:00.000Z', correlationId: toCorrelationId('bench'),
    causationId: randomUuid(), actor: { kind: 'system', id: 'bench' }, shardKey: party(index).id, month: `2026-${String(1 + (index % 9)).padStart(2, '0')}-01`, data: fact.data,
  }));
}

export const benchStream = (index: number) => toStreamId(`invoice-${derivedUuid('bench-invoice', String(index))}`);

/** Invoices whose events lie interleaved, as they do when many are processed at once. */
const INTERLEAVED = 200;

/** Fills the log directly (as its owner), in the order in which a busy system would have appended: faster than through the appender, and outside every measurement. */
export async function fillLog(owner: ConnectionSettings, fromInvoice: number, invoices: number, firstPosition: number): Promise<void> {
  const client = new pg.Client(owner);
  await client.connect();
  const recordedAt = '2026-03-01T12:00:00.000Z';
  const writer = new RowWriter();
  let position = BigInt(firstPosition);
  for (let start = fromInvoice; start < fromInvoice + invoices; start += INTERLEAVED) {
    const count = Math.min(INTERLEAVED, fromInvoice + invoices - start);
    const all = Array.from({ length: count }, (_, index) => invoiceEvents(start + index));
    const placed: PlacedEvent[] = [];
    for (let revision = 0; revision < EVENTS_PER_INVOICE; revision += 1) {
      for (const [index, events] of all.entries()) {
        const event = events[revision];
        if (event) placed.push({ ...written(event), stream: benchStream(start + index), revision, position: position++ });
      }
    }
    await copyEvents(client, placed, { recordedAt, writer });
  }
  await client.query('UPDATE log_head SET position = $1, recorded_at = $2', [(position - 1n).toString(), recordedAt]);
  await client.query('VACUUM (ANALYZE, FREEZE) event');
  await client.end();
}
