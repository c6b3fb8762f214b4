import { expect } from 'chai';
import fc from 'fast-check';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { INVOICE_SEARCH } from '../../../projections/invoice-search/store.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import type { ProjectedRow, RowProjection } from '../../../projections/kit/projection.js';
import { Proof, type StreamFacts } from '../../../projections/kit/testing/index.js';
import { USERS } from '../../../projections/users/store.js';
import { freshDatabase } from '../../support/postgres.js';
import { invoices, users } from './histories.js';

/** Random logs: so many are applied in random batches, and all of them together are rebuilt. */
const RUNS = 4;

describe('any history', function () {
  this.timeout(60_000);

  function holds<Row extends ProjectedRow, Tally>(projection: RowProjection<Row, Tally>, histories: fc.Arbitrary<StreamFacts[]>): void {
    it(`gives ${projection.name} the same rows and digests in any batches, and by a rebuild beside the live worker`, async () => {
      const proof = new Proof<Row>(projection, { database: freshDatabase, splits: 1 });
      try {
        await fc.assert(fc.asyncProperty(histories, async (streams) => {
          const folded = await proof.fold(streams);
          expect(folded.expected.parked).to.deep.equal([]);
          expect(folded.expected.rows).to.have.length(streams.length);
          await proof.apply(folded);
        }), { numRuns: RUNS });
        await proof.rebuild();
      } finally {
        await proof.close();
      }
    });
  }

  holds(INVOICE_SUMMARY, invoices);
  holds(INVOICE_SEARCH, invoices);
  holds(DAILY_REPORT, invoices);
  holds(USERS, users);
});
