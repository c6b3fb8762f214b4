import { MAX_TAX_LINES, type Facts, type TaxLine } from '#contracts/invoice/facts.js';
import { isFiscalUuid, type IdentityClaim } from '#contracts/invoice/identity.js';
import { amountOf } from '../amounts.js';
import { dayOf } from '../dates.js';
import type { Attributes, CfdiDocument, Concepto, TaxAttribute } from '../models/cfdi.js';
import { clip, compact, optionalText } from '../text.js';
import { distinctDescriptions } from './descriptions.js';

/** Fiscal UUID of the stamp in upper case, where it is well formed. */
export function fiscalUuid(document: CfdiDocument): string | undefined {
  const written = document.timbre?.UUID?.trim();
  return written !== undefined && isFiscalUuid(written) ? written.toUpperCase() : undefined;
}

const taxLine = (kind: TaxLine['kind']) => (tax: Attributes<TaxAttribute>): TaxLine => compact({
  tax: clip(tax.Impuesto?.trim() || '?', 16),
  kind,
  factor: optionalText(tax.TipoFactor, 16),
  rate: amountOf(tax.TasaOCuota),
  base: amountOf(tax.Base),
  amount: amountOf(tax.Importe),
});

function taxLines({ impuestos }: CfdiDocument): TaxLine[] {
  if (!impuestos) return [];
  return [...impuestos.traslados.slice(0, MAX_TAX_LINES).map(taxLine('transferred')), ...impuestos.retenciones.slice(0, MAX_TAX_LINES).map(taxLine('withheld'))]
    .slice(0, MAX_TAX_LINES);
}

function* descriptions(lines: readonly Concepto[]): Iterable<string | undefined> {
  for (const line of lines) yield line.attributes.Descripcion;
}

/** What a CFDI says. Dates are local time of the place of issue, as written. */
export function cfdiFacts(document: CfdiDocument): Facts {
  const { comprobante, emisor, receptor, timbre } = document;
  return compact({
    format: document.format,
    documentType: optionalText(comprobante.TipoDeComprobante, 16),
    series: optionalText(comprobante.Serie, 64),
    number: optionalText(comprobante.Folio, 128),
    uuid: fiscalUuid(document),
    issuer: compact({ id: optionalText(emisor?.Rfc, 64), name: optionalText(emisor?.Nombre, 512) }),
    receiver: compact({ id: optionalText(receptor?.Rfc, 64), name: optionalText(receptor?.Nombre, 512) }),
    dates: compact({ issued: optionalText(comprobante.Fecha, 40), stamped: optionalText(timbre?.FechaTimbrado, 40) }),
    issuanceDay: dayOf(comprobante.Fecha),
    currency: optionalText(comprobante.Moneda, 8),
    subtotal: amountOf(comprobante.SubTotal),
    discount: amountOf(comprobante.Descuento),
    total: amountOf(comprobante.Total),
    taxes: taxLines(document),
    lineCount: document.conceptos.length,
    ...distinctDescriptions(descriptions(document.conceptos)),
  });
}

export function cfdiIdentity(document: CfdiDocument): IdentityClaim {
  return compact({
    format: document.format,
    uuid: fiscalUuid(document),
    number: optionalText(document.comprobante.Folio, 128),
    documentType: optionalText(document.comprobante.TipoDeComprobante, 16),
    issued: optionalText(document.comprobante.Fecha, 40),
  });
}
