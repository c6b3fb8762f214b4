import { element, type XmlElement } from './xml.js';
import { ISSUERS, PRODUCTS, RECEIVERS, type DemoParty, type DemoProduct } from './people.js';

/** One line of a generated document: whole pieces, prices and discounts in cents. */
export interface DemoLine {
  readonly product: DemoProduct;
  readonly quantity: number;
  readonly discountCents?: number;
}

/** What a generated CFDI 4.0 says; amounts are whole cents, so that the arithmetic is exact. */
export interface CfdiContent {
  readonly series: string;
  readonly folio: string;
  /** Local time of the place of issue, `AAAA-MM-DDThh:mm:ss`. */
  readonly date: string;
  readonly type: 'I' | 'E';
  readonly issuer: DemoParty;
  readonly receiver: DemoParty;
  readonly lines: readonly DemoLine[];
  /** Withholds two thirds of the VAT and 10 % income tax, as a person's professional fees do. */
  readonly withholding?: boolean;
  /** Foreign currency with its rate to the peso. */
  readonly currency?: { readonly code: string; readonly rate: string };
}

const VAT_PER_MILLE = 160;
const VAT_RATE = '0.160000';
const INCOME_TAX_RATE = '0.100000';
const WITHHELD_VAT_RATE = '0.106667';
const CENTS = 100;

/** Whole cents as an amount with two decimals, exact for any safe integer. */
export function money(cents: number): string {
  const sign = cents < 0 ? '-' : '';
  const absolute = Math.abs(cents);
  return `${sign}${Math.trunc(absolute / CENTS)}.${String(absolute % CENTS).padStart(2, '0')}`;
}

const proportion = (cents: number, millionths: number): number => Math.round((cents * millionths) / 1_000_000);

interface Computed {
  readonly line: DemoLine;
  readonly amount: number;
  readonly base: number;
  readonly vat: number;
  readonly withheldVat: number;
  readonly withheldIncome: number;
}

function compute(line: DemoLine, withholding: boolean): Computed {
  const amount = line.quantity * line.product.cents;
  const base = amount - (line.discountCents ?? 0);
  return {
    line,
    amount,
    base,
    vat: proportion(base, VAT_PER_MILLE * 1_000),
    withheldVat: withholding ? proportion(base, 106_667) : 0,
    withheldIncome: withholding ? proportion(base, 100_000) : 0,
  };
}

const sum = (rows: readonly Computed[], of: (row: Computed) => number): number => rows.reduce((total, row) => total + of(row), 0);

const transfer = (base: number, amount: number): XmlElement =>
  element('cfdi:Traslado', { Base: money(base), Impuesto: '002', TipoFactor: 'Tasa', TasaOCuota: VAT_RATE, Importe: money(amount) });

const lineWithholding = (base: number, tax: string, rate: string, amount: number): XmlElement =>
  element('cfdi:Retencion', { Base: money(base), Impuesto: tax, TipoFactor: 'Tasa', TasaOCuota: rate, Importe: money(amount) });

function lineTaxes(row: Computed, withholding: boolean): XmlElement {
  const withheld = [lineWithholding(row.base, '001', INCOME_TAX_RATE, row.withheldIncome), lineWithholding(row.base, '002', WITHHELD_VAT_RATE, row.withheldVat)];
  return element('cfdi:Impuestos', {}, [
    element('cfdi:Traslados', {}, [transfer(row.base, row.vat)]),
    ...(withholding ? [element('cfdi:Retenciones', {}, withheld)] : []),
  ]);
}

function concept(row: Computed, withholding: boolean): XmlElement {
  const { product, quantity, discountCents } = row.line;
  return element(
    'cfdi:Concepto',
    {
      ClaveProdServ: product.key,
      Cantidad: String(quantity),
      ClaveUnidad: product.unit,
      Descripcion: product.text,
      ValorUnitario: money(product.cents),
      Importe: money(row.amount),
      Descuento: discountCents === undefined ? undefined : money(discountCents),
      ObjetoImp: '02',
    },
    [lineTaxes(row, withholding)],
  );
}

function taxTotals(rows: readonly Computed[], withholding: boolean): XmlElement {
  const [vat, base] = [sum(rows, (row) => row.vat), sum(rows, (row) => row.base)];
  const [income, withheldVat] = [sum(rows, (row) => row.withheldIncome), sum(rows, (row) => row.withheldVat)];
  const withheld = [
    element('cfdi:Retencion', { Impuesto: '001', Importe: money(income) }),
    element('cfdi:Retencion', { Impuesto: '002', Importe: money(withheldVat) }),
  ];
  return element(
    'cfdi:Impuestos',
    { TotalImpuestosRetenidos: withholding ? money(income + withheldVat) : undefined, TotalImpuestosTrasladados: money(vat) },
    [...(withholding ? [element('cfdi:Retenciones', {}, withheld)] : []), element('cfdi:Traslados', {}, [transfer(base, vat)])],
  );
}

const NAMESPACES = {
  'xmlns:cfdi': 'http://www.sat.gob.mx/cfd/4',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  'xsi:schemaLocation': 'http://www.sat.gob.mx/cfd/4 http://www.sat.gob.mx/sitio_internet/cfd/4/cfdv40.xsd',
};

function header(content: CfdiContent, rows: readonly Computed[]): Record<string, string | undefined> {
  const discounted = content.lines.some((line) => line.discountCents !== undefined);
  const discount = sum(rows, (row) => row.line.discountCents ?? 0);
  const subtotal = sum(rows, (row) => row.amount);
  const total = subtotal - discount + sum(rows, (row) => row.vat - row.withheldVat - row.withheldIncome);
  return {
    ...NAMESPACES,
    Version: '4.0',
    Serie: content.series,
    Folio: content.folio,
    Fecha: content.date,
    Sello: undefined,
    FormaPago: '03',
    NoCertificado: undefined,
    Certificado: undefined,
    SubTotal: money(subtotal),
    Descuento: discounted ? money(discount) : undefined,
    Moneda: content.currency?.code ?? 'MXN',
    TipoCambio: content.currency?.rate,
    Total: money(total),
    TipoDeComprobante: content.type,
    Exportacion: '01',
    MetodoPago: 'PUE',
    LugarExpedicion: content.issuer.postalCode,
  };
}

/** The `Comprobante` with right arithmetic, not yet sealed; attributes stand in the order of the cadena original. */
export function cfdiElement(content: CfdiContent): XmlElement {
  const withholding = content.withholding ?? false;
  const rows = content.lines.map((line) => compute(line, withholding));
  const { issuer, receiver } = content;
  return element('cfdi:Comprobante', header(content, rows), [
    element('cfdi:Emisor', { Rfc: issuer.rfc, Nombre: issuer.name, RegimenFiscal: issuer.regime }),
    element('cfdi:Receptor', {
      Rfc: receiver.rfc,
      Nombre: receiver.name,
      DomicilioFiscalReceptor: receiver.postalCode,
      RegimenFiscalReceptor: receiver.regime,
      UsoCFDI: 'G03',
    }),
    element('cfdi:Conceptos', {}, rows.map((row) => concept(row, withholding))),
    taxTotals(rows, withholding),
  ]);
}

/** Content of the nth bulk document: everything follows from the index. */
export function bulkContent(index: number, lines: number, issuer: DemoParty): CfdiContent {
  const product = (offset: number): DemoProduct => PRODUCTS[(index + offset) % PRODUCTS.length] ?? PRODUCTS[0];
  const day = String((index % 28) + 1).padStart(2, '0');
  const month = String((Math.trunc(index / 28) % 12) + 1).padStart(2, '0');
  return {
    series: 'B',
    folio: String(index),
    date: `2026-${month}-${day}T10:00:00`,
    type: 'I',
    issuer,
    receiver: RECEIVERS[index % RECEIVERS.length] ?? RECEIVERS[0],
    lines: Array.from({ length: lines }, (_, line) => ({ product: product(line), quantity: ((index + line) % 9) + 1 })),
  };
}

export const bulkIssuer = (index: number): DemoParty => ISSUERS[index % ISSUERS.length] ?? ISSUERS[0];
