import { expect } from 'chai';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { toPosition } from '#contracts/kernel/position.js';
import { Aside } from '../../../projections/worker/rebuild/aside.js';
import { history, invoiceStream } from '../../unit/projections/events.js';
import { Harness } from './harness.js';

/** The first event of a stream, there, with what COPY would take for the end of a column. */
const at = (position: number): readonly Envelope[] => history(invoiceStream(position), [{ type: 'fiscal.invoice.failed', data: { attempt: 1, code: 'fetch-failed', reason: 'a\\b\tc', retriesExhausted: true } }], position - 1);

describe('events that a rebuild sets aside', () => {
  let harness: Harness;
  before(async () => {
    harness = await Harness.open(1);
    await harness.sql('CREATE SCHEMA invoice_summary_g7');
  });
  after(() => harness.close());

  function opened(): Aside {
    const [settings] = harness.shardSettings;
    if (!settings) throw new Error('there is no shard');
    return new Aside('invoice-summary', 7, settings);
  }
  async function eventsIn(aside: Aside): Promise<readonly Envelope[]> {
    const events: Envelope[] = [];
    for await (const batch of aside.batches(2)) events.push(...batch);
    return events;
  }

  it('are found again up to the mark, behind which others may have been added before it was taken up', async () => {
    const first = opened();
    await first.resume(toPosition('0'));
    for (const event of [3, 5, 8].flatMap(at)) first.add(event);
    await first.flush();
    await first.close();
    const second = opened();
    for (const event of at(6)) second.add(event);
    await second.resume(toPosition('5'));
    expect(second.count, 'two that were there, one that came meanwhile').to.equal(3);
    expect(await eventsIn(second)).to.deep.equal([3, 5, 6].flatMap(at));
    await second.drop();
    await second.close();
  });

  it('have a table from the first of them on, and none when all were applied', async () => {
    const table = async (): Promise<unknown> => (await harness.sql<{ name: string | null }>("SELECT to_regclass('invoice_summary_g7.set_aside') AS name"))[0]?.name;
    const aside = opened();
    await aside.flush();
    await aside.drop();
    expect(await table(), 'nothing was set aside').to.equal(null);
    for (const event of at(1)) aside.add(event);
    await aside.flush();
    expect(await table()).to.equal('invoice_summary_g7.set_aside');
    await aside.drop();
    expect(await table()).to.equal(null);
    await aside.close();
  });
});
