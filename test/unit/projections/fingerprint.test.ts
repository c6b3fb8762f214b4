import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { INVOICE_SEARCH_TABLE } from '#contracts/read-models/tables/invoice-search.js';
import type { DocumentIndex } from '#platform/search/port.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { dailyTallies } from '../../../projections/daily-report/tallies.js';
import { indexedSearch } from '../../../projections/invoice-search/index-store.js';
import { INVOICE_SEARCH } from '../../../projections/invoice-search/store.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import type { DerivedProjection, RowProjection, StoredProjection } from '../../../projections/kit/projection.js';
import { ROW_PROJECTIONS } from '../../../projections/role.js';
import { FINGERPRINT, fingerprintOf, outOfDate } from '../../../projections/worker/fingerprint.js';

describe('the fingerprint of a projection', () => {
  const built = fingerprintOf(INVOICE_SUMMARY);
  const folded = 'fiscal.invoice.copy-received';

  it('says nothing while nothing has changed', () => {
    for (const projection of ROW_PROJECTIONS) expect(outOfDate(projection, fingerprintOf(projection)), projection.name).to.equal(undefined);
    expect(new Set(ROW_PROJECTIONS.map((projection) => fingerprintOf(projection).code)).size, 'each has its own').to.equal(ROW_PROJECTIONS.length);
  });

  it('tells that nothing is on record', () => {
    expect(outOfDate(INVOICE_SUMMARY, undefined)?.repair).to.equal('folio rebuild invoice-summary');
  });

  it('tells a changed fold, a changed table and event types that are folded otherwise, and the smallest rebuild that repairs each', () => {
    const otherFold: RowProjection = { ...INVOICE_SUMMARY, source: undefined as never, evolve: (row, event) => ({ ...(INVOICE_SUMMARY as RowProjection).evolve(row, event) }) };
    expect(outOfDate(otherFold, built)).to.deep.equal({ why: ['its fold is other code'], repair: 'folio rebuild invoice-summary --expect-changes' });
    const otherTable: RowProjection = { ...INVOICE_SUMMARY, table: { ...INVOICE_SUMMARY.table, columns: INVOICE_SUMMARY.table.columns.slice(1) } };
    expect(outOfDate(otherTable, built)).to.deep.equal({ why: ['its table has another shape'], repair: 'folio rebuild invoice-summary --expect-changes' });
    const { [folded]: _, ...others } = built.events;
    expect(outOfDate(INVOICE_SUMMARY, { ...built, events: others })).to.deep.equal({ why: [`${folded} is folded now`], repair: `folio rebuild invoice-summary --type ${folded}` });
    expect(outOfDate(INVOICE_SUMMARY, { ...built, events: { ...built.events, [folded]: 0 } })?.why).to.deep.equal([`${folded} is folded as version 1`]);
    expect(outOfDate(INVOICE_SUMMARY, { ...built, events: { ...built.events, 'fiscal.invoice.gone': 1 } })).to.deep.equal({ why: ['fiscal.invoice.gone is no longer folded'], repair: 'folio rebuild invoice-summary --expect-changes' });
  });

  it('tells that derived columns, sums or documents are made by other code', () => {
    const beside = (projection: StoredProjection): string => fingerprintOf(projection).beside;
    expect([beside(INVOICE_SUMMARY), beside(INVOICE_SEARCH), beside(DAILY_REPORT)].map((text) => text !== '')).to.deep.equal([false, true, true]);
    expect(outOfDate(INVOICE_SEARCH, { ...fingerprintOf(INVOICE_SEARCH), beside: 'other' })).to.deep.equal({ why: ['what is stored beside its rows is made by other code'], repair: 'folio rebuild invoice-search --expect-changes' });
    const { source: _, ...table } = INVOICE_SEARCH_TABLE;
    const withColumn = (encode: () => string): string => beside({ ...INVOICE_SEARCH, table: { ...table, derived: [{ name: 'document', type: 'tsvector', encode }] } });
    expect(beside({ ...INVOICE_SEARCH, table }), 'the module, not the function alone').to.not.equal(beside(INVOICE_SEARCH));
    expect(withColumn(() => 'a')).to.equal(withColumn(() => 'a')).and.not.equal(withColumn(() => 'b'));
    const { source: __, ...tallies } = dailyTallies;
    const withSums = (contributions: typeof dailyTallies.contributions): string => beside({ ...DAILY_REPORT, tallies: { ...tallies, contributions } });
    expect(beside({ ...DAILY_REPORT, tallies }), 'the module, not the functions alone').to.not.equal(beside(DAILY_REPORT));
    expect(withSums(() => [])).to.equal(withSums(() => [])).and.not.equal(withSums((row) => tallies.contributions(row)));
  });

  it('reads how a document is made for an index; what a cache keeps is the row', () => {
    const indexed = indexedSearch({} as DocumentIndex, 'folio');
    const { source: _, ...store } = indexed.store;
    expect(fingerprintOf(indexed).beside).to.not.be.oneOf(['', fingerprintOf(INVOICE_SEARCH).beside]);
    expect(fingerprintOf({ ...indexed, store } as DerivedProjection).beside).to.equal('');
  });

  it('takes a record that says nothing of it for one of other code', () => {
    const { beside: _, ...before } = fingerprintOf(DAILY_REPORT);
    expect(outOfDate(DAILY_REPORT, FINGERPRINT.parse(before))?.why).to.deep.equal(['what is stored beside its rows is made by other code']);
    expect(outOfDate(INVOICE_SUMMARY, FINGERPRINT.parse({ ...built, beside: undefined }))).to.equal(undefined);
  });

  it('never repairs sums in place', () => {
    const { 'fiscal.invoice.archived': _, ...others } = fingerprintOf(DAILY_REPORT).events;
    expect(outOfDate(DAILY_REPORT, { ...fingerprintOf(DAILY_REPORT), events: others })?.repair).to.equal('folio rebuild daily-report --expect-changes');
  });

  it('reads what the fold imports, and looks past comments and white space', () => {
    const folder = mkdtempSync(join(tmpdir(), 'folio-fingerprint-'));
    const source = pathToFileURL(join(folder, 'project.js')).href;
    const of = (project: string, helper: string): string => {
      writeFileSync(join(folder, 'project.js'), project);
      writeFileSync(join(folder, 'helper.js'), helper);
      return fingerprintOf({ ...INVOICE_SUMMARY, source }).code;
    };
    const first = of(`import { a } from './helper.js';\nexport const b = a;\n`, 'export const a = 1;\n');
    expect(of(`import { a } from './helper.js';\n// why\nexport const   b = a;\n`, '/* a\n * comment */\nexport const a = 1;\n')).to.equal(first);
    expect(of(`import { a } from './helper.js';\nexport const b = a;\n`, 'export const a = 2;\n')).to.not.equal(first);
    rmSync(folder, { recursive: true });
  });
});
