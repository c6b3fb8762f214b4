import { expect } from 'chai';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import { decodeTrusted } from '#contracts/events/decode.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { toRevision } from '#contracts/kernel/position.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import type { Client } from '../../cli/client.js';
import { evolveInvoice } from '../../projections/invoice-row/evolve.js';
import { publicInvoice } from '../../read-side/json.js';

export interface Row { readonly id: string; readonly status: string; readonly revision: string }

/** Every invoice of the instance, page after page. */
export async function allRows(client: Client): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let path: string | undefined = '/api/v1/invoices?sort=received&limit=500';
  while (path !== undefined) {
    const { body }: { body: { items: Row[]; next?: string } } = await client.get(path);
    rows.push(...body.items);
    path = body.next === undefined ? undefined : `/api/v1/invoices?sort=received&limit=500&cursor=${body.next}`;
  }
  return rows;
}

/** The invariant of every fault test: for each stream, row = fold of its events, and the revision is that of its last event. */
export async function expectRowsAreFolds(client: Client): Promise<readonly Row[]> {
  const rows = await allRows(client);
  for (const row of rows) {
    const { items } = (await client.get<{ items: (Omit<Envelope, 'revision'> & { revision: string })[] }>(`/api/v1/invoices/${row.id}/events`)).body;
    const events = items.map((wire) => decodeTrusted({ ...wire, revision: toRevision(Number(wire.revision)) }) as InvoiceEvent);
    expect(events.map((event) => event.revision), row.id).to.deep.equal(events.map((_, index) => index));
    const folded = events.reduce<InvoiceSummary | undefined>((state, event) => evolveInvoice(state, event), undefined);
    expect(folded && publicInvoice(folded), row.id).to.deep.equal(row);
  }
  return rows;
}
