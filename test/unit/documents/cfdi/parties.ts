import { all, complement, header, inLine, issuer, period, receiver, related } from './changes.js';
import { abroad, FOREIGN_TRADE, global, invoice, payroll, type Case } from './given.js';

const third = (rfc: string, regime: string, place: string): string =>
  `<cfdi:ACuentaTerceros RfcACuentaTerceros="${rfc}" NombreACuentaTerceros="TERCERO DEMO" RegimenFiscalACuentaTerceros="${regime}" DomicilioFiscalACuentaTerceros="${place}"/>`;
const relation = (kind: string): string => `<cfdi:CfdiRelacionados TipoRelacion="${kind}"><cfdi:CfdiRelacionado UUID="B8DF341C-E3F8-416F-AA37-11DA3F21CE16"/></cfdi:CfdiRelacionados>`;

export const PARTY_CASES: readonly Case[] = [
  ['a global invoice without its information', global, (given) => { given.informacionGlobal = undefined; }, ['CFDI40130']],
  ['global information for a named customer', invoice, (given) => { given.informacionGlobal = { Periodicidad: '04', Meses: '05', Año: '2025' }; }, ['CFDI40130']],
  ['a periodicity in words', global, period({ Periodicidad: 'NUNCA' }), ['CFDI40131']],
  ['two months of an issuer of another regime', global, period({ Periodicidad: '05', Meses: '15' }), ['CFDI40132']],
  ['a month in words', global, period({ Meses: 'MAYO' }), ['CFDI40133', 'CFDI40134']],
  ['two months where there is one', global, period({ Meses: '13' }), ['CFDI40134']],
  ['one month where there are two', global, all(issuer({ RegimenFiscal: '621', Rfc: 'DEMA900228MN9' }), period({ Periodicidad: '05' })), ['CFDI40135', 'CFDI303']],
  ['a year long past', global, period({ Año: '2023' }), ['CFDI40136']],
  ['a year to come', global, period({ Año: '2026' }), ['CFDI40136']],
  ['a relation that is none', invoice, related(relation('99')), ['CFDI40137']],
  ['an issuer of a regime that is none', invoice, issuer({ RegimenFiscal: '99' }), ['CFDI40140']],
  ['a company of a regime for persons', invoice, issuer({ RegimenFiscal: '612' }), ['CFDI40141']],
  ['a person of a regime for companies', invoice, issuer({ Rfc: 'DEMA900228MN9' }), ['CFDI40141', 'CFDI303']],
  ['an operation number in letters', invoice, issuer({ FacAtrAdquirente: 'ABC' }), ['CFDI40142']],
  ['the general public with an RFC of its own', invoice, receiver({ Nombre: 'PUBLICO EN GENERAL' }), ['CFDI40146']],
  ['a generic RFC that lives elsewhere', abroad, receiver({ DomicilioFiscalReceptor: '06000' }), ['CFDI40149']],
  ['a country that is none', abroad, receiver({ ResidenciaFiscal: 'XXX' }), ['CFDI40150']],
  ['a residence abroad with a national RFC', invoice, receiver({ ResidenciaFiscal: 'USA' }), ['CFDI40151']],
  ['a residence abroad that is Mexico', abroad, receiver({ ResidenciaFiscal: 'MEX' }), ['CFDI40152']],
  ['a foreign tax id of no country', abroad, receiver({ ResidenciaFiscal: undefined }), ['CFDI40153']],
  ['a foreign tax id with a national RFC', invoice, receiver({ NumRegIdTrib: '123456789' }), ['CFDI40154', 'CFDI40153']],
  ['foreign trade without tax id', abroad, all(receiver({ NumRegIdTrib: undefined }), complement(FOREIGN_TRADE)), ['CFDI40155']],
  ['foreign trade without residence', abroad, all(receiver({ ResidenciaFiscal: undefined }), complement(FOREIGN_TRADE)), ['CFDI40153']],
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

export const RIGHT_PARTIES: readonly Case[] = [
  ['two months of the regime that has them', global, all(issuer({ RegimenFiscal: '621', Rfc: 'DEMA900228MN9' }), period({ Periodicidad: '05', Meses: '15' })), ['CFDI303']],
  ['the year before', global, period({ Año: '2024' }), []],
  ['sales of one day', global, period({ Periodicidad: '01' }), []],
  ['the general public with an accent, named customer of the generic RFC', global, all((given) => { given.informacionGlobal = undefined; }, receiver({ Nombre: 'PÚBLICO EN GENERAL' })), []],
  ['a credit note to the general public', global, all((given) => { given.informacionGlobal = undefined; }, header({ TipoDeComprobante: 'E' }), receiver({ UsoCFDI: 'G02' })), []],
  ['two relations', invoice, related(relation('04') + relation('07')), []],
  ['a country whose tax ids have no form', abroad, receiver({ ResidenciaFiscal: 'DEU', NumRegIdTrib: 'DE 123/456' }), []],
  ['a customer abroad that tells no tax id', abroad, receiver({ ResidenciaFiscal: undefined, NumRegIdTrib: undefined }), []],
  ['a definitive export', abroad, all(header({ Exportacion: '02' }), complement(FOREIGN_TRADE)), []],
  ['a person that deducts', invoice, receiver({ Rfc: 'DEMA900228MN9', RegimenFiscalReceptor: '612', UsoCFDI: 'D01' }), []],
  ['a third party', invoice, inLine(third('CDS190822TB3', '601', '97000')), []],
  ['foreign sellers at the place of issue', invoice, inLine(third('EXT990101NI1', '616', '64000')), []],
];
