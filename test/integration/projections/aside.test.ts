import { expect } from 'chai';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { toPosition } from '#contracts/kernel/position.js';
import { Aside } from '../../../projections/worker/rebuild/aside.js';
import { Harness } from './harness.js';

const event = (position: number): Envelope => ({ position: toPosition(String(position)), data: { text: 'a\\b\tc' } }) as unknown as Envelope;

describe('events that a rebuild sets aside', () => {
  let harness: Harness;
  before(async () => {
    harness = await Harness.open(1);
    await harness.sql('CREATE SCHEMA invoice_summary_g7');
  });
  after(() => harness.close());

  const opened = (): Aside => new Aside('invoice-summary', 7, harness.shardSettings[0] as never);
  async function positionsIn(aside: Aside): Promise<readonly string[]> {
    const positions: string[] = [];
    for await (const batch of aside.batches(2)) for (const one of batch) positions.push(one.position);
    return positions;
  }

  it('are found again up to the mark, behind which others may have been added before it was taken up', async () => {
    const first = opened();
    await first.resume(toPosition('0'));
    for (const position of [3, 5, 8]) first.add(event(position));
    await first.flush();
    await first.close();
    const second = opened();
    second.add(event(6));
    await second.resume(toPosition('5'));
    expect(second.count, 'two that were there, one that came meanwhile').to.equal(3);
    expect(await positionsIn(second)).to.deep.equal(['3', '5', '6']);
    await second.drop();
    await second.close();
  });

  it('have a table from the first of them on, and none when all were applied', async () => {
    const table = async (): Promise<unknown> => (await harness.sql<{ name: string | null }>("SELECT to_regclass('invoice_summary_g7.set_aside') AS name"))[0]?.name;
    const aside = opened();
    await aside.flush();
    await aside.drop();
    expect(await table(), 'nothing was set aside').to.equal(null);
    aside.add(event(1));
    await aside.flush();
    expect(await table()).to.equal('invoice_summary_g7.set_aside');
    await aside.drop();
    expect(await table()).to.equal(null);
    await aside.close();
  });
});
