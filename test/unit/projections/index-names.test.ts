import { expect } from 'chai';
import { DAILY_TALLY_TABLE, REPORT_ENTRY_TABLE } from '#contracts/read-models/tables/daily-report.js';
import { INVOICE_SEARCH_TABLE } from '#contracts/read-models/tables/invoice-search.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { USERS_TABLE } from '#contracts/read-models/tables/users.js';

/** The engine names an index after its columns, and an expression after its function. */
const nameOf = (index: string): string => [...index.replace(/\{table\}/u, '').replace(/WHERE.*$/u, '').matchAll(/(\w+)\((?:[^()]|\([^()]*\))*\)|\b(\w+)\b/gu)].map(([, call, word]) => call ?? word).filter((word) => !['ON', 'USING', 'gin'].includes(word ?? '')).join('_');

describe('indexes of one table', () => {
  for (const table of [INVOICE_SUMMARY_TABLE, INVOICE_SEARCH_TABLE, USERS_TABLE, REPORT_ENTRY_TABLE, DAILY_TALLY_TABLE]) {
    it(`of ${table.name} (${table.columns.length} columns) get names of their own, since they are built side by side`, () => {
      const names = table.indexes.map(nameOf);
      expect(new Set(names).size, names.join(', ')).to.equal(names.length);
    });
  }

  it('are told apart as the engine does', () => {
    expect(nameOf(`ON {table} (coalesce(total, '-Infinity'::numeric), id)`)).to.equal(nameOf(`ON {table} (coalesce(issuance_day, ''), id)`)).and.equal('coalesce_id');
  });
});
