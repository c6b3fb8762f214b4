import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BUILT_IN_DATA } from '../../../write-side/documents/catalogues/data.js';
import { LISTED } from '../../../write-side/documents/catalogues/data-format.js';
import { CodeRanges, numberOf } from '../../../write-side/documents/catalogues/ranges.js';
import { BUILT_IN_CATALOGUES as SAT, cataloguesFrom, type CatalogueName } from '../../../write-side/documents/index.js';

describe('the catalogues of the SAT', () => {
  const present: [CatalogueName, string][] = [
    ['c_ClaveProdServ', '01010101'], ['c_ClaveProdServ', '84111506'], ['c_ClaveProdServ', '95141904'], ['c_ClaveUnidad', 'H87'], ['c_ClaveUnidad', 'ACT'], ['c_CodigoPostal', '00000'],
    ['c_CodigoPostal', '06000'], ['c_CodigoPostal', '99999'], ['c_Moneda', 'MXN'], ['c_Moneda', 'XXX'], ['c_Pais', 'USA'], ['c_FormaPago', '99'], ['c_UsoCFDI', 'CP01'], ['c_Aduana', '24'],
  ];
  for (const [catalogue, code] of present) it(`have ${code} in ${catalogue}`, () => expect(SAT.has(catalogue, code)).to.equal(true));

  const absent: [CatalogueName, string][] = [
    ['c_ClaveProdServ', '01010102'], ['c_ClaveProdServ', '1010101'], ['c_ClaveProdServ', '001010101'], ['c_ClaveProdServ', '0101010a'], ['c_ClaveProdServ', '99999999'], ['c_CodigoPostal', '00001'],
    ['c_CodigoPostal', '6000'], ['c_ClaveUnidad', ''], ['c_Moneda', 'mxn'], ['c_UsoCFDI', 'P01'], ['c_TipoRelacion', '08'], ['c_RegimenFiscal', '630'], ['c_MetodoPago', 'constructor'],
  ];
  for (const [catalogue, code] of absent) it(`have no ${JSON.stringify(code)} in ${catalogue}`, () => expect(SAT.has(catalogue, code)).to.equal(false));

  it('know from when on a code is one', () => {
    const days: [CatalogueName, string, string][] = [['c_ObjetoImp', '04', '2022-10-07'], ['c_ObjetoImp', '05', '2023-12-06'], ['c_ObjetoImp', '08', '2024-12-13'], ['c_Exportacion', '04', '2022-02-25']];
    for (const [catalogue, code, first] of days) {
      expect([SAT.has(catalogue, code, '2022-01-31'), SAT.has(catalogue, code, first), SAT.has(catalogue, code)]).to.deep.equal([false, true, true]);
    }
  });

  it('are asked for their first day where the document is older', () => {
    expect([SAT.has('c_FormaPago', '03', '2021-12-27'), SAT.has('c_ObjetoImp', '04', '2021-12-27')]).to.deep.equal([true, false]);
    expect(SAT.rate({ tax: '002', factor: 'Tasa', kind: 'transferred', rate: '0.16' }, '2019-01-01')).to.equal('listed');
  });

  it('know until when a code was one', () => {
    const ended = cataloguesFrom({ ...BUILT_IN_DATA, dated: { ...BUILT_IN_DATA.dated, c_MetodoPago: 'PUE@2022-01-01@2023-05-31 PPD' } });
    expect(['2022-01-01', '2023-05-31', '2023-06-01'].map((day) => ended.has('c_MetodoPago', 'PUE', day))).to.deep.equal([true, true, false]);
    expect(ended.has('c_MetodoPago', 'PPD', '1999-01-01')).to.equal(true);
  });

  it('have every code once, in the number that their sources have', () => {
    for (const name of LISTED) {
      const codes = BUILT_IN_DATA.dated[name].split(' ').map((part) => part.split('@')[0] ?? '');
      expect(new Set(codes).size, name).to.equal(codes.length);
      expect(codes.every((code) => SAT.has(name, code)), name).to.equal(true);
    }
    const count = (name: 'c_ClaveProdServ' | 'c_CodigoPostal', digits: number, most: number): number => {
      let found = 0;
      for (let number = 0; number < most; number += 1) if (SAT.has(name, String(number).padStart(digits, '0'))) found += 1;
      return found;
    };
    expect(count('c_CodigoPostal', 5, 100_000)).to.equal(95_749);
    const numbers = BUILT_IN_DATA.numbered.c_ClaveProdServ.ranges.split(' ').reduce((sum, part) => sum + 1 + Number.parseInt(part.split(':')[1] ?? '0', 36), 0);
    expect(numbers).to.equal(52_747);
  });

  it('have the fraction digits of every currency', () => {
    expect(['MXN', 'USD', 'JPY', 'KWD', 'CLF', 'XXX', 'none'].map((currency) => SAT.decimalsOf(currency))).to.deep.equal([2, 2, 0, 3, 4, 0, 2]);
  });

  it('know which regime and which use is for whom', () => {
    expect([SAT.regimeFits('601', 'moral'), SAT.regimeFits('601', 'fisica'), SAT.regimeFits('626', 'fisica'), SAT.regimeFits('000', 'fisica')]).to.deep.equal([true, false, true, undefined]);
    expect([SAT.useFitsPerson('D01', 'moral'), SAT.useFitsPerson('D01', 'fisica'), SAT.useFitsPerson('X', 'fisica')]).to.deep.equal([false, true, undefined]);
    expect([SAT.useFitsRegime('G03', '601'), SAT.useFitsRegime('G03', '605'), SAT.useFitsRegime('X', '601')]).to.deep.equal([true, false, undefined]);
  });

  it('have fixed rates and ranges of rates, in any decimal form', () => {
    const vat = (rate: string, kind: 'transferred' | 'withheld' = 'transferred'): string => SAT.rate({ tax: '002', factor: 'Tasa', kind, rate }, '2025-01-01');
    expect(['0.160000', '0.16', '0', '0.080000', '0.15', '0.1600001', '-0.16', 'x', ''].map((rate) => vat(rate))).to.deep.equal(['listed', 'listed', 'listed', 'listed', ...Array.from({ length: 5 }, () => 'unlisted')]);
    expect(['0.106667', '0.160000', '0.160001'].map((rate) => vat(rate, 'withheld'))).to.deep.equal(['listed', 'listed', 'unlisted']);
    const excise = (rate: string, day: string): string => SAT.rate({ tax: '003', factor: 'Cuota', kind: 'transferred', rate }, day);
    expect([excise('66.506200', '2025-12-31'), excise('66.506201', '2025-12-31'), excise('66.506201', '2026-01-01')]).to.deep.equal(['listed', 'unlisted', 'unknown']);
    expect(SAT.rate({ tax: '001', factor: 'Tasa', kind: 'transferred', rate: '0.1' })).to.equal('unlisted');
  });

  it('know the local time of a postal code', () => {
    expect(['06000', '22000', '77500', '83000', '32000'].map((code) => SAT.timeZoneOf(code))).to.deep.equal([
      'Tiempo del Centro', 'Tiempo del Noroeste', 'Tiempo del Sureste', 'Tiempo del Pacífico', 'Tiempo del Centro en Frontera',
    ]);
    expect([SAT.hoursFromCentre('22000'), SAT.hoursFromCentre('06000'), SAT.hoursFromCentre('x')]).to.deep.equal([[-2, -1], [0, 0], undefined]);
  });

  it('know the form of foreign tax ids and of the accounts of a payment', () => {
    expect([SAT.taxIdFits('USA', '123456789'), SAT.taxIdFits('USA', '12-3456789'), SAT.taxIdFits('DEU', 'anything')]).to.deep.equal([true, false, true]);
    expect([SAT.paymentForm('03')?.payerAccount, SAT.paymentForm('01'), SAT.paymentForm('06')?.payeeBank]).to.deep.equal(['[0-9]{10}|[0-9]{16}|[0-9]{18}', undefined, false]);
  });

  it('are trusted for a year after their day', () => expect([SAT.day, SAT.trustedUntil]).to.deep.equal(['2026-10-01', '2027-10-01']));

  it('are small', () => expect(JSON.stringify(BUILT_IN_DATA).length).to.be.below(60_000));
});

describe('the catalogues beside the tables that they were made of', function tables() {
  const folder = join(resolve(process.env['FOLIO_SHARED'] ?? '../shared'), 'data', 'catalogs');
  const rows = (name: string): string[][] => readFileSync(join(folder, `${name}.tsv`), 'utf8').split('\n').filter((row) => row !== '' && !row.startsWith('code\t')).map((row) => row.split('\t'));

  before(function look() {
    if (existsSync(folder)) return;
    console.log('      skipped: the shared tables are not here (../shared/data/catalogs, or FOLIO_SHARED)');
    this.skip();
  });

  for (const name of ['c_ClaveProdServ', 'c_ClaveUnidad', 'c_CodigoPostal', 'c_Moneda', 'c_Pais', 'c_Exportacion', 'c_ObjetoImp'] as const) {
    it(`have every code of ${name}`, () => expect(rows(name).filter(([code = '']) => !SAT.has(name, code))).to.deep.equal([]));
  }

  it('have the time zone of every postal code', () => expect(rows('c_CodigoPostal').filter(([code = '', , , , , zone]) => SAT.timeZoneOf(code) !== zone)).to.deep.equal([]));
  it('have the decimals of every currency', () => expect(rows('c_Moneda').filter(([code = '', , decimals]) => SAT.decimalsOf(code) !== Number(decimals))).to.deep.equal([]));
});

describe('ranges of codes', () => {
  it('are unpacked from gaps and lengths', () => {
    const ranges = new CodeRanges(3, '5 2:3 a');
    const found = Array.from({ length: 30 }, (_, number) => String(number).padStart(3, '0')).filter((code) => ranges.has(code));
    expect(found).to.deep.equal(['005', '007', '008', '009', '010', '020']);
  });

  it('take digits for numbers and nothing else', () => expect(['012', '12', '0012', '-12', '１２３', ''].map((code) => numberOf(code, 3))).to.deep.equal([12, -1, -1, -1, -1, -1]));
});
