import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import type { RowProjection } from '../../../projections/kit/projection.js';
import { ROW_PROJECTIONS } from '../../../projections/role.js';
import { fingerprintOf, outOfDate } from '../../../projections/worker/fingerprint.js';

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
