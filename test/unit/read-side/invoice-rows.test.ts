import { expect } from 'chai';
import { platformProblem } from '#contracts/kernel/errors.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { InvoiceRows } from '../../../read-side/queries/invoice-rows.js';
import type { ReadView, TextRow } from '../../../read-side/view.js';

const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const stored = (number: number): TextRow => INVOICE_SUMMARY_TABLE.columns.map(({ name }) => {
  if (name === 'id') return id(number);
  if (name === 'month') return '2026-03-01';
  return name === 'revision' || name === 'position' || name === 'attempt' ? '7' : null;
});

/** Shards that each have some invoices, or are down. */
class FakeView {
  readonly asks: (readonly string[])[] = [];

  constructor(private readonly shards: readonly (readonly number[] | 'down')[], private readonly snapshot: object = {}) {}

  schemaOf(): string {
    return 'somewhere';
  }

  readsLike(other: FakeView): boolean {
    return this.snapshot === other.snapshot;
  }

  asked(_text: string, [ids]: readonly [readonly string[]]): Promise<TextRow[]>[] {
    this.asks.push(ids);
    return this.shards.map(async (shard) => {
      if (shard === 'down') throw platformProblem('read-store-unavailable');
      return shard.filter((number) => ids.includes(id(number))).map(stored);
    });
  }
}

const asView = (view: FakeView): ReadView => view as unknown as ReadView;

describe('single invoices by id', () => {
  it('asked for in one turn are one statement, and each gets its own row', async () => {
    const view = new FakeView([[1, 3], [2]]);
    const rows = new InvoiceRows();
    const found = await Promise.all([1, 2, 9, 1].map((number) => rows.find(asView(view), id(number))));
    expect(found.map((row) => row?.id)).to.deep.equal([id(1), id(2), undefined, id(1)]);
    expect(view.asks).to.deep.equal([[id(1), id(2), id(9)]]);
    await rows.find(asView(view), id(1));
    expect(view.asks, 'a later one is read anew').to.have.length(2);
  });

  it('a shard that is down matters only to those that no other has', async () => {
    const view = new FakeView([[1], 'down']);
    const rows = new InvoiceRows();
    const [found, missing] = await Promise.allSettled([rows.find(asView(view), id(1)), rows.find(asView(view), id(2))]);
    expect(found).to.have.nested.property('value.id', id(1));
    expect(missing).to.have.nested.property('reason.code', 'read-store-unavailable');
  });

  it('views of different generations are not mixed', async () => {
    const [before, behind] = [new FakeView([[1]]), new FakeView([[2]])];
    const rows = new InvoiceRows();
    const found = await Promise.all([rows.find(asView(before), id(1)), rows.find(asView(behind), id(2))]);
    expect(found.map((row) => row?.id)).to.deep.equal([id(1), id(2)]);
    expect([before.asks, behind.asks]).to.deep.equal([[[id(1)]], [[id(2)]]]);
  });
});
