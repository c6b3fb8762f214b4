import { sealed } from '../../../support/csd/sealed.js';
import { codesOf } from '../given.js';
import type { Mutation } from '../mutation.js';
import type { JudgeContext } from '../../../../write-side/documents/index.js';

/** Attributes of an element; undefined ones are left out. */
export type Attributes = Record<string, string | undefined>;

export interface GivenLine {
  attributes: Attributes;
  traslados: Attributes[];
  retenciones: Attributes[];
  /** Writes `Impuestos` though there is nothing in it. */
  emptyTaxes?: boolean;
  /** What stands behind the taxes. */
  inside: string;
}

/** A CFDI 4.0 in pieces that a test changes. */
export interface Given {
  comprobante: Attributes;
  informacionGlobal: Attributes | undefined;
  related: string;
  emisor: Attributes | undefined;
  receptor: Attributes | undefined;
  lines: [GivenLine, ...GivenLine[]];
  totals: Attributes | undefined;
  traslados: Attributes[];
  retenciones: Attributes[];
  complement: string;
  /** Behind everything. */
  end: string;
}

const vat = (base: string, amount: string): Attributes => ({ Base: base, Impuesto: '002', TipoFactor: 'Tasa', TasaOCuota: '0.160000', Importe: amount });

/** An invoice of one company to another: two pieces at 100.00 and VAT, with nothing wrong in it. */
export const invoice = (): Given => ({
  comprobante: {
    Version: '4.0', Serie: 'A', Folio: '1', Fecha: '2025-06-15T10:00:00', FormaPago: '03', SubTotal: '200.00', Moneda: 'MXN', Total: '232.00', TipoDeComprobante: 'I', Exportacion: '01',
    MetodoPago: 'PUE', LugarExpedicion: '64000',
  },
  informacionGlobal: undefined,
  related: '',
  emisor: { Rfc: 'PDN200615RV4', Nombre: 'PAPELERIA DEMO DEL NORTE', RegimenFiscal: '601' },
  receptor: { Rfc: 'TDM170930JK6', Nombre: 'TALLERES DEMO MEXICANOS', DomicilioFiscalReceptor: '72000', RegimenFiscalReceptor: '601', UsoCFDI: 'G03' },
  lines: [{
    attributes: { ClaveProdServ: '27111700', Cantidad: '2', ClaveUnidad: 'H87', Descripcion: 'Llave', ValorUnitario: '100.00', Importe: '200.00', ObjetoImp: '02' },
    traslados: [vat('200.00', '32.00')],
    retenciones: [],
    inside: '',
  }],
  totals: { TotalImpuestosTrasladados: '32.00' },
  traslados: [vat('200.00', '32.00')],
  retenciones: [],
  complement: '',
  end: '',
});

/** The same with income tax and VAT withheld. */
export function withheld(): Given {
  const given = invoice();
  given.lines[0].retenciones = [
    { Base: '200.00', Impuesto: '001', TipoFactor: 'Tasa', TasaOCuota: '0.100000', Importe: '20.00' },
    { Base: '200.00', Impuesto: '002', TipoFactor: 'Tasa', TasaOCuota: '0.106667', Importe: '21.33' },
  ];
  given.totals = { TotalImpuestosRetenidos: '41.33', TotalImpuestosTrasladados: '32.00' };
  given.retenciones = [{ Impuesto: '001', Importe: '20.00' }, { Impuesto: '002', Importe: '21.33' }];
  given.comprobante['Total'] = '190.67';
  return given;
}

/** Half of the line is discounted. */
export function discounted(): Given {
  const given = invoice();
  Object.assign(given.comprobante, { Descuento: '100.00', Total: '116.00' });
  given.lines[0].attributes['Descuento'] = '100.00';
  given.lines[0].traslados = [vat('100.00', '16.00')];
  given.traslados = [vat('100.00', '16.00')];
  given.totals = { TotalImpuestosTrasladados: '16.00' };
  return given;
}

/** The line is exempt. */
export function exempt(): Given {
  const given = invoice();
  given.comprobante['Total'] = '200.00';
  given.lines[0].traslados = [{ Base: '200.00', Impuesto: '002', TipoFactor: 'Exento' }];
  given.traslados = [{ Base: '200.00', Impuesto: '002', TipoFactor: 'Exento' }];
  given.totals = {};
  return given;
}

/** All sales of a month to the general public. */
export function global(): Given {
  const given = invoice();
  given.informacionGlobal = { Periodicidad: '04', Meses: '05', Año: '2025' };
  given.receptor = { Rfc: 'XAXX010101000', Nombre: 'PUBLICO EN GENERAL', DomicilioFiscalReceptor: '64000', RegimenFiscalReceptor: '616', UsoCFDI: 'S01' };
  return given;
}

/** To a customer abroad. */
export function abroad(): Given {
  const given = invoice();
  given.receptor = {
    Rfc: 'XEXX010101000', Nombre: 'EXAMPLE INC', DomicilioFiscalReceptor: '64000', ResidenciaFiscal: 'USA', NumRegIdTrib: '123456789', RegimenFiscalReceptor: '616', UsoCFDI: 'S01',
  };
  return given;
}

export const FOREIGN_TRADE = '<cce20:ComercioExterior xmlns:cce20="http://www.sat.gob.mx/ComercioExterior20" Version="2.0"/>';

/** Goods under way, without amounts. */
export function transfer(): Given {
  const given = invoice();
  Object.assign(given.comprobante, { TipoDeComprobante: 'T', FormaPago: undefined, MetodoPago: undefined, Moneda: 'XXX', SubTotal: '0', Total: '0' });
  given.receptor = { Rfc: 'PDN200615RV4', Nombre: 'PAPELERIA DEMO DEL NORTE', DomicilioFiscalReceptor: '64000', RegimenFiscalReceptor: '601', UsoCFDI: 'S01' };
  Object.assign(given.lines[0].attributes, { ValorUnitario: '0', Importe: '0', ObjetoImp: '01' });
  given.lines[0].traslados = [];
  given.totals = undefined;
  given.traslados = [];
  return given;
}

/** A salary, as far as `Comprobante` tells of it. */
export function payroll(): Given {
  const given = transfer();
  Object.assign(given.comprobante, { TipoDeComprobante: 'N', Moneda: 'MXN', MetodoPago: 'PUE', SubTotal: '200.00', Total: '200.00' });
  given.receptor = { Rfc: 'DEMA900228MN9', Nombre: 'ANA DEMO MARTINEZ', DomicilioFiscalReceptor: '76000', RegimenFiscalReceptor: '605', UsoCFDI: 'CN01' };
  Object.assign(given.lines[0].attributes, { ClaveProdServ: '84111505', ClaveUnidad: 'ACT', Cantidad: '1', ValorUnitario: '200.00', Importe: '200.00' });
  return given;
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
const tag = (name: string, attributes: Attributes, inside = ''): string =>
  `<cfdi:${name}${Object.entries(attributes).map(([key, value]) => (value === undefined ? '' : ` ${key}="${escape(value)}"`)).join('')}>${inside}</cfdi:${name}>`;
const group = (name: string, inside: string): string => (inside === '' ? '' : tag(name, {}, inside));
const all = (name: string, rows: readonly Attributes[]): string => rows.map((row) => tag(name, row)).join('');

function line({ attributes, traslados, retenciones, emptyTaxes, inside }: GivenLine): string {
  const taxes = group('Traslados', all('Traslado', traslados)) + group('Retenciones', all('Retencion', retenciones));
  return tag('Concepto', attributes, (emptyTaxes ? tag('Impuestos', {}) : group('Impuestos', taxes)) + inside);
}

/** Number of the certificate of `PDN200615RV4`, which seals also where a test names another issuer. */
const ISSUER_CERTIFICATE = '30001000000500000002';

/** The document as text, sealed by its issuer where that is one of the demonstration. */
export function written(given: Given): string {
  const totals = group('Retenciones', all('Retencion', given.retenciones)) + group('Traslados', all('Traslado', given.traslados));
  return sealed(tag('Comprobante', { 'xmlns:cfdi': 'http://www.sat.gob.mx/cfd/4', Sello: '-', NoCertificado: ISSUER_CERTIFICATE, Certificado: '-', ...given.comprobante }, [
    given.informacionGlobal ? tag('InformacionGlobal', given.informacionGlobal) : '',
    given.related,
    given.emisor ? tag('Emisor', given.emisor) : '',
    given.receptor ? tag('Receptor', given.receptor) : '',
    tag('Conceptos', {}, given.lines.map(line).join('')),
    given.totals ? tag('Impuestos', given.totals, totals) : '',
    group('Complemento', given.complement),
    given.end,
  ].join('')));
}

/** The codes of the rules that it breaks. */
export const found = (given: Given, context: Partial<JudgeContext> = {}): string[] => codesOf(written(given), context);

/** What is changed in a right document, and exactly the codes that must be found; those behind the first one follow from the same change. */
export type Case = readonly [title: string, from: () => Given, change: (given: Given) => void, codes: readonly string[]];

export function changed([, from, change]: Case): Given {
  const given = from();
  change(given);
  return given;
}

/** The documents of cases, as mutations. */
export const mutationsOf = (family: string, cases: readonly Case[]): Mutation[] =>
  cases.map((item) => ({ title: `${family} with ${item[0]}`, codes: item[3], text: () => written(changed(item)) }));
