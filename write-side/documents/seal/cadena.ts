import type { Attributes, CfdiDocument, Concepto, StampAttribute } from '../models/cfdi.js';
import type { XmlNode } from '../models/node.js';
import { STAMP_NAMESPACE } from '../decoders/cfdi.js';
import { complementFields } from './complements/index.js';
import { appendAttributes, appendFields, parseFields, type Fields } from './order.js';

/** The cadena original, or the first complement whose fields nobody knows the order of. */
export type Cadena = { readonly text: string } | { readonly unknown: string };

/** Fields of each element of a Comprobante, in the order of the SAT's transformation. */
interface Orders {
  readonly comprobante: Fields;
  readonly emisor: Fields;
  readonly receptor: Fields;
  readonly concepto: Fields;
  readonly totalTransfer: Fields;
}

const HEAD = 'Version Serie? Folio? Fecha FormaPago? NoCertificado CondicionesDePago? SubTotal Descuento? Moneda TipoCambio? Total TipoDeComprobante';
const TAIL = 'MetodoPago? LugarExpedicion Confirmacion?';
const CONCEPTO = 'ClaveProdServ NoIdentificacion? Cantidad ClaveUnidad Unidad? Descripcion ValorUnitario Importe Descuento?';

/** Source: SAT, `cadenaoriginal_4_0.xslt` and `cadenaoriginal_3_3.xslt`. */
const ORDERS: Readonly<Record<CfdiDocument['format'], Orders>> = {
  'cfdi-4.0': {
    comprobante: parseFields(`${HEAD} Exportacion ${TAIL}`),
    emisor: parseFields('Rfc Nombre RegimenFiscal FacAtrAdquirente?'),
    receptor: parseFields('Rfc Nombre DomicilioFiscalReceptor ResidenciaFiscal? NumRegIdTrib? RegimenFiscalReceptor UsoCFDI'),
    concepto: parseFields(`${CONCEPTO} ObjetoImp`),
    totalTransfer: parseFields('Base Impuesto TipoFactor TasaOCuota? Importe?'),
  },
  'cfdi-3.3': {
    comprobante: parseFields(`${HEAD} ${TAIL}`),
    emisor: parseFields('Rfc Nombre? RegimenFiscal'),
    receptor: parseFields('Rfc Nombre? ResidenciaFiscal? NumRegIdTrib? UsoCFDI'),
    concepto: parseFields(CONCEPTO),
    totalTransfer: parseFields('Impuesto TipoFactor TasaOCuota Importe'),
  },
};
const GLOBAL = parseFields('Periodicidad Meses Año');
const RELATION = parseFields('TipoRelacion');
const RELATED = parseFields('UUID');
const TRANSFER = parseFields('Base Impuesto TipoFactor TasaOCuota? Importe?');
const WITHHOLDING = parseFields('Base Impuesto TipoFactor TasaOCuota Importe');
const TOTAL_WITHHOLDING = parseFields('Impuesto Importe');
const THIRD_PARTY = parseFields('RfcACuentaTerceros NombreACuentaTerceros RegimenFiscalACuentaTerceros DomicilioFiscalACuentaTerceros');
const CUSTOMS = parseFields('NumeroPedimento');
const PROPERTY = parseFields('Numero');
const PARTE = parseFields('ClaveProdServ NoIdentificacion? Cantidad Unidad? Descripcion ValorUnitario? Importe?');
const WITHHELD = parseFields('TotalImpuestosRetenidos?');
const TRANSFERRED = parseFields('TotalImpuestosTrasladados?');
const STAMP = parseFields('Version UUID FechaTimbrado RfcProvCertif Leyenda? SelloCFD NoCertificadoSAT');

type AnyAttributes = Readonly<Record<string, string | undefined>>;

function appendEach(items: readonly AnyAttributes[], fields: Fields, into: string[]): void {
  for (const item of items) appendAttributes(item, fields, into);
}

/** @returns the name of the first complement that has no order */
function appendComplements(format: CfdiDocument['format'], complements: readonly XmlNode[], into: string[]): string | undefined {
  let unknown: string | undefined;
  for (const node of complements) {
    if (node.uri === STAMP_NAMESPACE) continue;
    const fields = complementFields(format, node);
    if (fields) appendFields(node, fields, into);
    else unknown ??= node.local;
  }
  return unknown;
}

function appendLine(format: CfdiDocument['format'], line: Concepto, into: string[]): string | undefined {
  appendAttributes(line.attributes, ORDERS[format].concepto, into);
  appendEach(line.traslados, TRANSFER, into);
  appendEach(line.retenciones, WITHHOLDING, into);
  if (line.thirdParty && format === 'cfdi-4.0') appendAttributes(line.thirdParty, THIRD_PARTY, into);
  appendEach(line.customs, CUSTOMS, into);
  appendEach(line.properties, PROPERTY, into);
  const unknown = appendComplements(format, line.complements, into);
  for (const part of line.parts) {
    appendAttributes(part.attributes, PARTE, into);
    appendEach(part.customs, CUSTOMS, into);
  }
  return unknown;
}

function appendTaxes({ format, impuestos }: CfdiDocument, into: string[]): void {
  if (!impuestos) return;
  appendEach(impuestos.retenciones, TOTAL_WITHHOLDING, into);
  appendAttributes(impuestos.attributes, WITHHELD, into);
  appendEach(impuestos.traslados, ORDERS[format].totalTransfer, into);
  appendAttributes(impuestos.attributes, TRANSFERRED, into);
}

function appendParties({ format, emisor, receptor }: CfdiDocument, into: string[]): void {
  if (emisor) appendAttributes(emisor, ORDERS[format].emisor, into);
  if (receptor) appendAttributes(receptor, ORDERS[format].receptor, into);
}

/**
 * What the issuer signs: every fiscal field in the order of the SAT's transformation, `||a|b|…||`, white space normalised. Seal,
 * certificate, stamp and addenda are no part of it. Built from the values as read, so it says nothing of an order of elements that
 * the schema does not allow.
 */
export function cadenaOriginal(document: CfdiDocument): Cadena {
  const { format, informacionGlobal, related, conceptos, complements } = document;
  const fields: string[] = [];
  let unknown: string | undefined;
  appendAttributes(document.comprobante, ORDERS[format].comprobante, fields);
  if (informacionGlobal && format === 'cfdi-4.0') appendAttributes(informacionGlobal, GLOBAL, fields);
  for (const { attributes, documents } of related) {
    appendAttributes(attributes, RELATION, fields);
    appendEach(documents, RELATED, fields);
  }
  appendParties(document, fields);
  for (const line of conceptos) unknown = appendLine(format, line, fields) ?? unknown;
  appendTaxes(document, fields);
  unknown ??= appendComplements(format, complements, fields);
  return unknown === undefined ? { text: `||${fields.join('|')}||` } : { unknown };
}

/** What the stamping provider signs. Source: SAT, `cadenaoriginal_TFD_1_1.xslt`. */
export function stampCadena(timbre: Attributes<StampAttribute>): string {
  const fields: string[] = [];
  appendAttributes(timbre, STAMP, fields);
  return `||${fields.join('|')}||`;
}
