import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { selectList } from '#contracts/read-models/tables/table.js';
import type { ReadView } from '../view.js';
import { SUMMARY } from './list-invoices.js';

/** Of one statement. */
const MAX_IDS = 500;

type Row = InvoiceSummary | undefined;

/**
 * Single invoices by id. Those that are asked for in one turn of the event loop are one statement: a commit wakes many who waited for it at
 * once, and each of them would otherwise ask every shard. A read never begins before it is asked for, so that what its asker waited for is in it.
 */
export class InvoiceRows {
  /** Not asked yet; one for each view of the rows, and nearly always there is one view. */
  readonly #gathering = new Set<Batch>();

  /** @throws Problem read-store-unavailable when no shard has the row and one does not answer */
  find(view: ReadView, id: string): Promise<Row> {
    for (const batch of this.#gathering) if (batch.takes(view)) return batch.row(id);
    const batch = new Batch(view);
    this.#gathering.add(batch);
    setImmediate(() => {
      this.#gathering.delete(batch);
      void batch.read();
    });
    return batch.row(id);
  }
}

class AwaitedRow {
  resolve: (row: Row) => void = () => undefined;
  reject: (error: unknown) => void = () => undefined;
  readonly row = new Promise<Row>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

class Batch {
  readonly #awaited = new Map<string, AwaitedRow>();

  constructor(private readonly view: ReadView) {}

  takes(view: ReadView): boolean {
    return this.#awaited.size < MAX_IDS && this.view.readsLike(view);
  }

  row(id: string): Promise<Row> {
    let awaited = this.#awaited.get(id);
    if (!awaited) this.#awaited.set(id, (awaited = new AwaitedRow()));
    return awaited.row;
  }

  /** All shards are asked, since ids say nothing of their issuers. A row counts as soon as one shard has it: another that is down does not matter to it. */
  async read(): Promise<void> {
    const text = `SELECT ${selectList(INVOICE_SUMMARY_TABLE)} FROM ${this.view.schemaOf(SUMMARY)}.invoice WHERE id = ANY($1::uuid[])`;
    const asked = this.view.asked(text, [[...this.#awaited.keys()]]).map(async (answer) => {
      for (const columns of await answer) this.#found(INVOICE_SUMMARY_TABLE.parse(columns));
    });
    const failed = (await Promise.allSettled(asked)).find((answer) => answer.status === 'rejected');
    for (const { resolve, reject } of this.#awaited.values()) {
      if (failed) reject(failed.reason);
      else resolve(undefined);
    }
  }

  #found(row: InvoiceSummary): void {
    this.#awaited.get(row.id)?.resolve(row);
  }
}
