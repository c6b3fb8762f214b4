import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { catalogueData, importCatalogues, listCatalogues } from '../../../cli/catalogues.js';
import { generatedCfdi } from '../../../cli/demo/index.js';
import { validateFiles, type ValidationLine } from '../../../cli/validate.js';
import { BUILT_IN_CATALOGUES, BUILT_IN_DATA, cataloguesFrom, type Catalogues } from '../../../write-side/documents/index.js';
import { CodeRanges } from '../../../write-side/documents/catalogues/ranges.js';
import { JudgingPool } from '../../../write-side/judging/pool.js';

const DAY = '2026-11-15';
/** A unit and a product that no catalogue has. */
const [UNIT, PRODUCT] = ['ZQ9', '99999999'];

describe('catalogues of the operator', () => {
  let folder: string;
  let kept: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folio-catalogues-'));
    kept = join(folder, 'kept');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const codes = (name: keyof typeof BUILT_IN_DATA.dated): string[] => BUILT_IN_DATA.dated[name].split(' ').map((part) => part.split('@')[0] ?? '');
  const numbers = (name: keyof typeof BUILT_IN_DATA.numbered): string[] => {
    const { digits, ranges } = BUILT_IN_DATA.numbered[name];
    return [...new CodeRanges(digits, ranges).numbers()].map((number) => String(number).padStart(digits, '0'));
  };
  const file = async (name: string, content: string | Buffer): Promise<string> => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const table = (header: string, rows: readonly string[]): string => [header, ...rows].map((row) => `${row}\n`).join('');
  const units = (): Promise<string> => file('c_ClaveUnidad.tsv', table('code\tname', [...codes('c_ClaveUnidad'), UNIT].map((code) => `${code}\tUnidad`)));
  const refusal = (work: Promise<unknown>): Promise<string> => work.then(() => 'taken', (error: unknown) => {
    const { code, detail } = error as { code: string; detail: { reason: string } };
    return code === 'setting-wrong' ? detail.reason : String(error);
  });
  const imported = async (...files: string[]): Promise<Catalogues> => {
    await importCatalogues(kept, files, DAY);
    const data = await catalogueData(kept);
    if (!data) throw new Error('nothing was kept');
    return cataloguesFrom(data);
  };

  it('stand over those that are built in; what they do not bring stays, and what they have no more ended with the older state', async () => {
    expect(await catalogueData(kept)).to.equal(undefined);
    const methods = await file('c_MetodoPago.tsv', table('\ufeffcode\tname\tfrom\tuntil', ['PUE\tUna\t\t', 'NEW\tNueva\t2026-11-01\t2026-12-31']));
    const sat = await imported(await units(), methods);
    expect([sat.day, sat.has('c_ClaveUnidad', UNIT), sat.has('c_ClaveUnidad', 'H87'), sat.has('c_Pais', 'USA')]).to.deep.equal([DAY, true, true, true]);
    expect(['2026-10-31', '2026-11-01', '2026-12-31', '2027-01-01'].map((day) => sat.has('c_MetodoPago', 'NEW', day))).to.deep.equal([false, true, true, false]);
    expect([BUILT_IN_DATA.day, '2026-10-02'].map((day) => sat.has('c_MetodoPago', 'PPD', day))).to.deep.equal([true, false]);
    expect(sat.has('c_MetodoPago', 'PUE')).to.equal(true);
    // A later import of another table leaves this one.
    await importCatalogues(kept, [await file('c_Exportacion.tsv', table('code', [...codes('c_Exportacion'), '05']))], '2026-11-16', '2026-11-16');
    const list = await listCatalogues(kept);
    expect(list.filter(({ source }) => source === 'imported')).to.deep.equal([
      { name: 'c_MetodoPago', day: DAY, rows: 3, source: 'imported' }, { name: 'c_Exportacion', day: '2026-11-16', rows: 5, source: 'imported' }, { name: 'c_ClaveUnidad', day: DAY, rows: codes('c_ClaveUnidad').length + 1, source: 'imported' },
    ]);
    expect((await catalogueData(kept))?.day).to.equal('2026-11-16');
    expect(await readdir(kept)).to.deep.equal(['catalogues.json']);
  });

  it('bring flags, digits and time zones with the codes', async () => {
    const currencies = await file('c_Moneda.tsv', table('AED\tDirham\t2', [...codes('c_Moneda').filter((code) => code !== 'AED').map((code) => `${code}\tx\t${BUILT_IN_DATA.decimals[code] ?? 2}`), 'QQQ\tNueva\t3']));
    const regimes = await file('c_RegimenFiscal.tsv', table('code\tfisica\tmoral', [...BUILT_IN_DATA.regimes.map((row) => row.replace(/ (.)(.)$/u, '\t$1\t$2')), '699\t0\t1']));
    const uses = await file('c_UsoCFDI.csv', table('id,texto,aplica_fisica,aplica_moral,regimenes_fiscales_receptores', [...BUILT_IN_DATA.uses.map((row) => row.replace(/^(\S+) (.)(.) (.*)$/u, (_, code: string, fisica: string, moral: string, rest: string) => `${code},"a ""b"", c\nd",${fisica},${moral},"${rest.replaceAll(' ', ', ')}"`)), 'Z01,x,1,0,699']));
    const postal = await file('c_CodigoPostal.tsv', table('code\testado\thuso_horario', [...numbers('c_CodigoPostal').map((code) => `${code}\tX\t${BUILT_IN_CATALOGUES.timeZoneOf(code) ?? ''}`), '00001\tX\tTiempo del Sureste']));
    const sat = await imported(currencies, regimes, uses, postal);
    expect(['QQQ', 'MXN', 'KWD', 'JPY'].map((code) => [sat.has('c_Moneda', code), sat.decimalsOf(code)])).to.deep.equal([[true, 3], [true, 2], [true, 3], [true, 0]]);
    expect([sat.regimeFits('699', 'moral'), sat.regimeFits('699', 'fisica'), sat.regimeFits('601', 'moral')]).to.deep.equal([true, false, true]);
    expect([sat.useFitsPerson('Z01', 'moral'), sat.useFitsRegime('Z01', '699'), sat.useFitsRegime('G03', '601'), sat.useFitsRegime('G03', '605')]).to.deep.equal([false, true, true, false]);
    expect(['00001', '00000', '01000', '22000', '77500', '99999'].map((code) => sat.timeZoneOf(code))).to.deep.equal(['Tiempo del Sureste', ...['00000', '01000', '22000', '77500', '99999'].map((code) => BUILT_IN_CATALOGUES.timeZoneOf(code))]);
    expect(numbers('c_CodigoPostal').every((code) => sat.has('c_CodigoPostal', code) && sat.timeZoneOf(code) === BUILT_IN_CATALOGUES.timeZoneOf(code))).to.equal(true);
  });

  it('keep products that are listed no more, as their dates are not told', async () => {
    const [first = '', ...rest] = numbers('c_ClaveProdServ');
    const sat = await imported(await file('c_ClaveProdServ.tsv', table('code\tname', [...rest, PRODUCT].map((code) => `${code}\tx`))));
    expect([first, PRODUCT, '84111506', '99999998'].map((code) => sat.has('c_ClaveProdServ', code))).to.deep.equal([true, true, true, false]);
  });

  const all = (): string[] => codes('c_Pais');
  const hostile: [what: string, name: string, content: () => string | Buffer, reason: RegExp][] = [
    ['a table that was cut off', 'c_Pais.tsv', () => table('code\tname', all().slice(0, -6).map((code) => `${code}\tx`)), /has 244 rows, where 250/u],
    ['a row that was cut off', 'c_Pais.tsv', () => table('code\tname', all().map((code) => `${code}\tx`)).slice(0, -3), /row 250 has 1 fields/u],
    ['a small table that lost half', 'c_MetodoPago.tsv', () => 'code\n', /0 rows/u],
    ['no column code', 'c_Pais.tsv', () => table('pais\tname\ta\tb', []), /no column code/u],
    ['a column twice', 'c_Pais.tsv', () => table('code\tid', []), /code is there twice/u],
    ['a code twice', 'c_Pais.tsv', () => table('code', [...all(), 'USA']), /row 251: the code USA is there twice/u],
    ['a code that is none', 'c_Pais.tsv', () => table('code', [...all(), 'U A@']), /row 251: code/u],
    ['another catalogue', 'c_Pais.tsv', () => table('code', Array.from({ length: 300 }, (_, index) => `ñ${index}`)), /row 1: code/u],
    ['a product with a letter', 'c_ClaveProdServ.tsv', () => table('code', ['8411150a']), /row 1: code|rows/u],
    ['a day that is none', 'c_MetodoPago.tsv', () => table('code\tfrom', ['PUE\t2026-02-31', 'PPD\t']), /row 1: from/u],
    ['an end before the beginning', 'c_MetodoPago.tsv', () => table('code\tfrom\tuntil', ['PUE\t\t', 'PPD\t2026-02-02\t2026-02-01']), /row 2: until/u],
    ['a flag that is none', 'c_RegimenFiscal.tsv', () => table('code\tfisica\tmoral', codes('c_RegimenFiscal').map((code) => `${code}\tyes\t1`)), /row 1: fisica/u],
    ['a new regime without flags', 'c_RegimenFiscal.tsv', () => table('code', [...codes('c_RegimenFiscal'), '699']), /row 20: fisica/u],
    ['digits of a currency', 'c_Moneda.tsv', () => table('code\tdecimals', codes('c_Moneda').map((code) => `${code}\t7`)), /row 1: decimals/u],
    ['an unknown time zone', 'c_CodigoPostal.tsv', () => table('code\thuso_horario', numbers('c_CodigoPostal').map((code) => `${code}\tMars`)), /row 1: huso_horario/u],
    ['quotes that are not closed', 'c_Pais.csv', () => 'code,name\nUSA,"x\n', /quotes/u],
    ['no text', 'c_Pais.tsv', () => Buffer.from([0xff, 0xfe, 0x00]), /UTF-8/u],
    ['nothing', 'c_Pais.tsv', () => '', /0 rows|no column/u],
    ['an unknown catalogue', 'c_Nada.tsv', () => 'code\n', /name of a table/u],
    ['a name without its ending', 'c_Pais', () => 'code\n', /name of a table/u],
  ];
  for (const [what, name, content, reason] of hostile) {
    it(`are refused with ${what}, and nothing is replaced`, async () => {
      const good = await units();
      expect(await refusal(importCatalogues(kept, [good, await file(name, content())], DAY))).to.match(reason);
      expect(await readdir(folder)).not.to.include('kept');
    });
  }

  it('are refused when a file is not there, too large, a folder, there twice, or of a day that cannot be', async () => {
    const good = await units();
    expect(await refusal(importCatalogues(kept, [join(folder, 'c_Pais.tsv')], DAY))).to.match(/cannot be read/u);
    expect(await refusal(importCatalogues(kept, [good, good], DAY))).to.match(/twice/u);
    expect(await refusal(importCatalogues(kept, [folder], DAY))).to.match(/name of a table/u);
    await truncate(good, 64 * 1024 * 1024 + 1);
    expect(await refusal(importCatalogues(kept, [good], DAY))).to.match(/too large/u);
    await writeFile(good, 'code\n'.repeat(500_002));
    expect(await refusal(importCatalogues(kept, [good], DAY))).to.match(/more than 500000 rows/u);
    for (const day of ['2026-09-30', '2026-02-31', 'today', '2999-01-01']) expect(await refusal(importCatalogues(kept, [good], day)), day).not.to.equal('taken');
  });

  it('end the start when the kept file is damaged in any byte, or cut off: never the built-in ones instead', async () => {
    await importCatalogues(kept, [await file('c_MetodoPago.tsv', table('code', ['PUE', 'PPD', 'NEW']))], DAY);
    const path = join(kept, 'catalogues.json');
    const whole = await readFile(path);
    for (let at = 0; at < whole.length; at += 7) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      for (const bytes of [damaged, whole.subarray(0, at)]) {
        await writeFile(path, bytes);
        expect(await refusal(catalogueData(kept)), String(at)).to.match(/is damaged/u);
      }
    }
    expect(await refusal(listCatalogues(kept))).to.match(/is damaged/u);
    await writeFile(path, whole);
    expect((await catalogueData(kept))?.day).to.equal(DAY);
  });

  describe('change a verdict', () => {
    const strange = Buffer.from(Buffer.from(generatedCfdi({ index: 5 })).toString().replace(/ClaveUnidad="[^"]+"/u, `ClaveUnidad="${UNIT}"`));
    const RULES = ['CFDI40165'];

    it('of the pool, in a thread and without one', async () => {
      await importCatalogues(kept, [await units()], DAY);
      const catalogues = await catalogueData(kept);
      for (const hereBytes of [0, 1_000_000]) {
        const pools = [new JudgingPool({ threads: 1, hereBytes }), new JudgingPool({ threads: 1, hereBytes, ...(catalogues && { catalogues }) })];
        const verdicts = await Promise.all(pools.map((pool) => pool.judge(strange, undefined, RULES)));
        expect(verdicts.map(({ verdict }) => [verdict.verdict, verdict.catalogueDate, verdict.findings.map(({ code }) => code)])).to.deep.equal([
          ['invalid', BUILT_IN_DATA.day, RULES], ['valid', DAY, []],
        ]);
        await Promise.all(pools.map((pool) => pool.close()));
      }
    });

    it('of folio validate', async () => {
      await importCatalogues(kept, [await units()], DAY);
      const catalogues = await catalogueData(kept);
      const path = await file('strange.xml', strange);
      const lines: ValidationLine[] = [];
      for (const over of [{}, catalogues && { catalogues }]) await validateFiles([path], (line) => lines.push(JSON.parse(line) as ValidationLine), { json: true, rules: RULES, ...over });
      expect(lines.map(({ verdict, catalogueDate }) => [verdict, catalogueDate])).to.deep.equal([['invalid', BUILT_IN_DATA.day], ['valid', DAY]]);
    });
  });
});
