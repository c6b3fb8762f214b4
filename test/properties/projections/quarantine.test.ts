import { expect } from 'chai';
import fc from 'fast-check';
import type { StreamId } from '#contracts/kernel/ids.js';
import { migrateShards } from '#platform/read-store/migrate.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import { archived, copyReceived, created, invoice, processingStarted, type Fact } from '../../../projections/kit/testing/index.js';
import { deliveriesOf, inWords, randomOf } from '../../../projections/kit/testing/random.js';
import { scenarioOf } from '../../../projections/kit/testing/scenario.js';
import { placeKey } from '../../../projections/kit/testing/stored.js';
import { Tables } from '../../../projections/kit/testing/tables.js';
import { freshDatabase } from '../../support/postgres.js';
import { poison } from './histories.js';

/** Behind a poisoned event comes only what does not repair it: no later document with other amounts. */
const harmless: fc.Arbitrary<Fact> = fc.constantFrom<Fact>(copyReceived(), archived(), processingStarted(2));
const someStream = fc.record({ before: fc.array(harmless, { maxLength: 4 }), guilty: fc.option(poison, { nil: undefined }), behind: fc.array(harmless, { maxLength: 4 }) });

/*
 * Streams of which some have an event that nobody can read, or that no table takes. However the log is cut and repeated: the stream stands still
 * before that event, exactly the later ones wait, in order, and every other stream is complete.
 */
describe('quarantine keeps order', function () {
  this.timeout(60_000);
  let tables: Tables<Awaited<ReturnType<typeof INVOICE_SUMMARY.evolve>>>;
  let run = 0;
  before(async () => {
    const databases = [await freshDatabase(), await freshDatabase()];
    await migrateShards(databases);
    tables = await Tables.open(INVOICE_SUMMARY, INVOICE_SUMMARY, 1, databases);
  });
  after(() => tables.close());

  it('holds back what is behind the guilty event and nothing else, in any batches', async () => {
    await fc.assert(fc.asyncProperty(fc.array(someStream, { minLength: 1, maxLength: 7 }), fc.nat(), async (streams, seed) => {
      run += 1;
      const facts = streams.map(({ before, guilty, behind }) => [created(), ...before, ...(guilty ? [guilty] : []), ...behind]);
      const scenario = await scenarioOf(facts.map((all, index) => invoice({ key: `I${index}`, shardKey: `key-${index}` }, ...all)), String(run));
      const expected = streams.map(({ before, guilty }, index) => ({ id: scenario.idOf(`I${index}`), guilty: guilty ? before.length + 1 : undefined, events: facts[index]?.length ?? 0 }));
      const guilty = new Set(scenario.entries.filter(({ event }) => expected.some(({ id, guilty: at }) => event.stream === `invoice-${id}` && event.revision === at)).map(({ event }) => event.id as string));
      const deliveries = deliveriesOf(scenario.entries, randomOf(seed), guilty);
      const stored = await tables.run(scenario, deliveries);
      const streamOf = (id: string): StreamId => `invoice-${id}` as StreamId;
      const told = inWords(deliveries);
      const sorted = <Place extends { stream: string; revision: number }>(places: Place[]): Place[] => places.sort((left, right) => (placeKey(left) < placeKey(right) ? -1 : 1));
      expect(stored.parked, told).to.deep.equal(sorted(expected.flatMap(({ id, guilty: at }) => (at === undefined ? [] : [{ stream: streamOf(id), revision: at }]))));
      expect(stored.waiting, told).to.deep.equal(sorted(expected.flatMap(({ id, guilty: at, events }) =>
        (at === undefined ? [] : Array.from({ length: events - at - 1 }, (_, behind) => ({ stream: streamOf(id), revision: at + 1 + behind }))))));
      expect(Object.fromEntries(stored.rows.map(({ id, revision }) => [id, revision])), told).to.deep.equal(Object.fromEntries(expected.map(({ id, guilty: at, events }) => [id, (at ?? events) - 1])));
    }), { numRuns: 20 });
  });
});
