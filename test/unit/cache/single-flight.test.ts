import { expect } from 'chai';
import { SingleFlight } from '#platform/cache/single-flight.js';

describe('a single flight', () => {
  it('loads once for all who ask while it runs, and again for who asks afterwards', async () => {
    const flight = new SingleFlight<number>();
    let loads = 0;
    const gate = Promise.withResolvers<void>();
    const load = async (): Promise<number> => {
      loads += 1;
      await gate.promise;
      return loads;
    };
    const asked = Array.from({ length: 50 }, () => flight.run('a', load));
    const other = flight.run('b', () => Promise.resolve(7));
    expect(flight.size).to.equal(2);
    gate.resolve();
    expect(new Set(await Promise.all(asked))).to.deep.equal(new Set([1]));
    expect(await other).to.equal(7);
    expect(flight.size).to.equal(0);
    expect(await flight.run('a', load)).to.equal(2);
  });

  it('gives the same failure to all who waited, and keeps nothing of it', async () => {
    const flight = new SingleFlight<number>();
    const failing = (): Promise<number> => { throw new Error('gone'); };
    const results = await Promise.allSettled([flight.run('a', failing), flight.run('a', failing)]);
    expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect(await flight.run('a', () => Promise.resolve(1))).to.equal(1);
  });
});
