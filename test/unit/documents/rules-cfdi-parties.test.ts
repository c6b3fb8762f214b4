import { expect } from 'chai';
import { BUILT_IN_DATA } from '../../../write-side/documents/catalogues/data.js';
import { cataloguesFrom } from '../../../write-side/documents/index.js';
import { checkDigit } from '../../../write-side/documents/rules/cfdi/rfc-digit.js';
import { judged } from './given.js';
import { abroad, changed, found, FOREIGN_TRADE, global, invoice, payroll, written, type Case, type Given } from './rules-cfdi.given.js';

const header = (attributes: Record<string, string | undefined>) => (given: Given): void => void Object.assign(given.comprobante, attributes);
const receiver = (attributes: Record<string, string | undefined>) => (given: Given): void => void Object.assign(given.receptor ?? {}, attributes);
const issuer = (attributes: Record<string, string | undefined>) => (given: Given): void => void Object.assign(given.emisor ?? {}, attributes);
const period = (attributes: Record<string, string | undefined>) => (given: Given): void => void Object.assign(given.informacionGlobal ?? {}, attributes);
const both = (...changes: readonly ((given: Given) => void)[]) => (given: Given): void => changes.forEach((change) => change(given));

const third = (rfc: string, regime: string, place: string): string =>
  `<cfdi:ACuentaTerceros RfcACuentaTerceros="${rfc}" NombreACuentaTerceros="TERCERO DEMO" RegimenFiscalACuentaTerceros="${regime}" DomicilioFiscalACuentaTerceros="${place}"/>`;
const related = (kind: string): string => `<cfdi:CfdiRelacionados TipoRelacion="${kind}"><cfdi:CfdiRelacionado UUID="B8DF341C-E3F8-416F-AA37-11DA3F21CE16"/></cfdi:CfdiRelacionados>`;
const inLine = (inside: string) => (given: Given): void => { given.lines[0].inside = inside; };

const CASES: readonly Case[] = [
  ['a global invoice without its information', global, (given) => { given.informacionGlobal = undefined; }, ['CFDI40130']],
  ['global information for a named customer', invoice, (given) => { given.informacionGlobal = { Periodicidad: '04', Meses: '05', Año: '2025' }; }, ['CFDI40130']],
  ['a periodicity in words', global, period({ Periodicidad: 'NUNCA' }), ['CFDI40131']],
  ['two months of an issuer of another regime', global, period({ Periodicidad: '05', Meses: '15' }), ['CFDI40132']],
  ['a month in words', global, period({ Meses: 'MAYO' }), ['CFDI40133', 'CFDI40134']],
  ['two months where there is one', global, period({ Meses: '13' }), ['CFDI40134']],
  ['one month where there are two', global, both(issuer({ RegimenFiscal: '621', Rfc: 'DEMA900228MN9' }), period({ Periodicidad: '05' })), ['CFDI40135']],
  ['a year long past', global, period({ Año: '2023' }), ['CFDI40136']],
  ['a year to come', global, period({ Año: '2026' }), ['CFDI40136']],
  ['a relation that is none', invoice, (given) => { given.related = related('99'); }, ['CFDI40137']],
  ['an issuer of a regime that is none', invoice, issuer({ RegimenFiscal: '99' }), ['CFDI40140']],
  ['a company of a regime for persons', invoice, issuer({ RegimenFiscal: '612' }), ['CFDI40141']],
  ['a person of a regime for companies', invoice, issuer({ Rfc: 'DEMA900228MN9' }), ['CFDI40141']],
  ['an operation number in letters', invoice, issuer({ FacAtrAdquirente: 'ABC' }), ['CFDI40142']],
  ['the general public with an RFC of its own', invoice, receiver({ Nombre: 'PUBLICO EN GENERAL' }), ['CFDI40146']],
  ['a generic RFC that lives elsewhere', abroad, receiver({ DomicilioFiscalReceptor: '06000' }), ['CFDI40149']],
  ['a country that is none', abroad, receiver({ ResidenciaFiscal: 'XXX' }), ['CFDI40150']],
  ['a residence abroad with a national RFC', invoice, receiver({ ResidenciaFiscal: 'USA' }), ['CFDI40151']],
  ['a residence abroad that is Mexico', abroad, receiver({ ResidenciaFiscal: 'MEX' }), ['CFDI40152']],
  ['a foreign tax id of no country', abroad, receiver({ ResidenciaFiscal: undefined }), ['CFDI40153']],
  ['a foreign tax id with a national RFC', invoice, receiver({ NumRegIdTrib: '123456789' }), ['CFDI40154', 'CFDI40153']],
  ['foreign trade without tax id', abroad, both(receiver({ NumRegIdTrib: undefined }), (given) => { given.complement = FOREIGN_TRADE; }), ['CFDI40155']],
  ['foreign trade without residence', abroad, both(receiver({ ResidenciaFiscal: undefined }), (given) => { given.complement = FOREIGN_TRADE; }), ['CFDI40153']],
  ['a tax id of another form', abroad, receiver({ NumRegIdTrib: '12-3456789' }), ['CFDI40156']],
  ['a receiver of a regime that is none', invoice, receiver({ RegimenFiscalReceptor: '630' }), ['CFDI40157']],
  ['a receiver of a regime for persons', invoice, receiver({ RegimenFiscalReceptor: '612' }), ['CFDI40158']],
  ['a generic RFC with obligations', abroad, receiver({ RegimenFiscalReceptor: '610' }), ['CFDI40158']],
  ['a use that is none', invoice, receiver({ UsoCFDI: 'P01' }), ['CFDI40160']],
  ['a deduction of a company', invoice, receiver({ UsoCFDI: 'D01' }), ['CFDI40161']],
  ['a use of another regime', abroad, receiver({ UsoCFDI: 'G03' }), ['CFDI40161']],
  ['payroll with another use', payroll, receiver({ UsoCFDI: 'S01' }), ['CFDI40161']],
  ['a sale on account of the issuer', invoice, inLine(third('PDN200615RV4', '601', '64000')), ['CFDI40188']],
  ['a sale on account of the receiver', invoice, inLine(third('TDM170930JK6', '601', '64000')), ['CFDI40188']],
  ['a third party of a regime that is none', invoice, inLine(third('CDS190822TB3', '630', '97000')), ['CFDI40191']],
  ['foreign sellers that live elsewhere', invoice, inLine(third('EXT990101NI1', '616', '97000')), ['CFDI40193']],
  ['a misspelt RFC', invoice, receiver({ Rfc: 'TDM170930JK5' }), ['FOLIO-CFDI-RFC-DIGIT']],
];

const RIGHT: readonly Case[] = [
  ['two months of the regime that has them', global, both(issuer({ RegimenFiscal: '621', Rfc: 'DEMA900228MN9' }), period({ Periodicidad: '05', Meses: '15' })), []],
  ['the year before', global, period({ Año: '2024' }), []],
  ['sales of one day', global, period({ Periodicidad: '01' }), []],
  ['the general public with an accent, named customer of the generic RFC', global, both((given) => { given.informacionGlobal = undefined; }, receiver({ Nombre: 'PÚBLICO EN GENERAL' })), []],
  ['a credit note to the general public', global, both((given) => { given.informacionGlobal = undefined; }, header({ TipoDeComprobante: 'E' }), receiver({ UsoCFDI: 'G02' })), []],
  ['two relations', invoice, (given) => { given.related = related('04') + related('07'); }, []],
  ['a country whose tax ids have no form', abroad, receiver({ ResidenciaFiscal: 'DEU', NumRegIdTrib: 'DE 123/456' }), []],
  ['a customer abroad that tells no tax id', abroad, receiver({ ResidenciaFiscal: undefined, NumRegIdTrib: undefined }), []],
  ['a definitive export', abroad, both(header({ Exportacion: '02' }), (given) => { given.complement = FOREIGN_TRADE; }), []],
  ['a person that deducts', invoice, receiver({ Rfc: 'DEMA900228MN9', RegimenFiscalReceptor: '612', UsoCFDI: 'D01' }), []],
  ['a third party', invoice, inLine(third('CDS190822TB3', '601', '97000')), []],
  ['foreign sellers at the place of issue', invoice, inLine(third('EXT990101NI1', '616', '64000')), []],
];

describe('parties and relations of a CFDI 4.0', () => {
  for (const item of CASES) it(`are not right with ${item[0]}`, () => expect(found(changed(item))).to.have.members(item[3]));
  for (const item of RIGHT) it(`are right with ${item[0]}`, () => expect(found(changed(item))).to.deep.equal([]));
});

describe('catalogues that are older than the document', () => {
  const old = cataloguesFrom({ ...BUILT_IN_DATA, day: '2023-01-31' });
  const unknown = changed(['', invoice, receiver({ UsoCFDI: 'Z99' }), []]);

  it('warn where those of its day refuse', () => {
    const severities = (catalogues = old): string[] => judged(written(unknown), { catalogues }).verdict.findings.filter(({ code }) => code === 'CFDI40160').map(({ severity }) => severity);
    expect(severities()).to.deep.equal(['warning']);
    expect(severities(cataloguesFrom({ ...BUILT_IN_DATA, day: '2024-07-01' }))).to.deep.equal(['error']);
  });

  it('take nothing from rules that ask none', () => {
    const broken = changed(['', invoice, header({ Total: '1.00' }), []]);
    expect(judged(written(broken), { catalogues: old }).verdict).to.deep.include({ verdict: 'invalid', catalogueDate: '2023-01-31' });
  });
});

describe('the check digit of an RFC', () => {
  it('follows from the other characters', () => {
    expect(['PDN200615RV4', 'DEMA900228MN9', 'CDE210104HA7'].map((rfc) => checkDigit(rfc) === rfc.slice(-1))).to.deep.equal([true, true, true]);
    expect([checkDigit('A&Ñ010101AA1') === undefined, checkDigit('abc'), checkDigit('A'.repeat(14))]).to.deep.equal([false, undefined, undefined]);
  });

  it('is not asked of an RFC that all share, or that is none', () => {
    for (const Rfc of ['XAXX010101000', 'XEXX010101000', 'ABC', '']) expect(found(changed(['', global, receiver({ Rfc }), []]))).not.to.include('FOLIO-CFDI-RFC-DIGIT');
  });
});
