import type { Attributes, CfdiDocument } from './cfdi.js';
import { childOf, childrenNamed, type XmlNode } from './node.js';

export const PAGOS_20_NAMESPACE = 'http://www.sat.gob.mx/Pagos20';

export type TotalesAttribute =
  | 'TotalRetencionesIVA' | 'TotalRetencionesISR' | 'TotalRetencionesIEPS' | 'TotalTrasladosBaseIVA16' | 'TotalTrasladosImpuestoIVA16' | 'TotalTrasladosBaseIVA8'
  | 'TotalTrasladosImpuestoIVA8' | 'TotalTrasladosBaseIVA0' | 'TotalTrasladosImpuestoIVA0' | 'TotalTrasladosBaseIVAExento' | 'MontoTotalPagos';
export type PagoAttribute =
  | 'FechaPago' | 'FormaDePagoP' | 'MonedaP' | 'TipoCambioP' | 'Monto' | 'NumOperacion' | 'RfcEmisorCtaOrd' | 'NomBancoOrdExt' | 'CtaOrdenante' | 'RfcEmisorCtaBen'
  | 'CtaBeneficiario' | 'TipoCadPago' | 'CertPago' | 'CadPago' | 'SelloPago';
export type DoctoAttribute =
  'IdDocumento' | 'Serie' | 'Folio' | 'MonedaDR' | 'EquivalenciaDR' | 'NumParcialidad' | 'ImpSaldoAnt' | 'ImpPagado' | 'ImpSaldoInsoluto' | 'ObjetoImpDR';
export type TaxDrAttribute = 'BaseDR' | 'ImpuestoDR' | 'TipoFactorDR' | 'TasaOCuotaDR' | 'ImporteDR';
export type TaxPAttribute = 'BaseP' | 'ImpuestoP' | 'TipoFactorP' | 'TasaOCuotaP' | 'ImporteP';

/** `DoctoRelacionado`: what of a payment belongs to one document. */
export interface Docto {
  readonly attributes: Attributes<DoctoAttribute>;
  /** Whether the element `ImpuestosDR` is there, with or without something in it. */
  readonly hasTaxes: boolean;
  readonly retenciones: readonly Attributes<TaxDrAttribute>[];
  readonly traslados: readonly Attributes<TaxDrAttribute>[];
}

export interface Pago {
  readonly attributes: Attributes<PagoAttribute>;
  readonly documents: readonly Docto[];
  /** Of `ImpuestosP`. */
  readonly retenciones: readonly Attributes<TaxPAttribute>[];
  readonly traslados: readonly Attributes<TaxPAttribute>[];
}

/** The payments complement 2.0, every value as written. */
export interface Pagos {
  readonly attributes: Attributes<'Version'>;
  readonly totales?: Attributes<TotalesAttribute>;
  readonly payments: readonly Pago[];
  /** How often the complement is there; the first one is read. */
  readonly count: number;
}

const attributesOf = (nodes: readonly XmlNode[]): readonly XmlNode['attributes'][] => nodes.map(({ attributes }) => attributes);

const doctoOf = (node: XmlNode): Docto => {
  const taxes = childOf(node, 'ImpuestosDR');
  return {
    attributes: node.attributes,
    hasTaxes: taxes !== undefined,
    retenciones: attributesOf(childrenNamed(childOf(taxes, 'RetencionesDR'), 'RetencionDR')),
    traslados: attributesOf(childrenNamed(childOf(taxes, 'TrasladosDR'), 'TrasladoDR')),
  };
};

const pagoOf = (node: XmlNode): Pago => {
  const taxes = childOf(node, 'ImpuestosP');
  return {
    attributes: node.attributes,
    documents: childrenNamed(node, 'DoctoRelacionado').map(doctoOf),
    retenciones: attributesOf(childrenNamed(childOf(taxes, 'RetencionesP'), 'RetencionP')),
    traslados: attributesOf(childrenNamed(childOf(taxes, 'TrasladosP'), 'TrasladoP')),
  };
};

function read({ complements }: CfdiDocument): Pagos | undefined {
  const nodes = complements.filter(({ uri, local }) => uri === PAGOS_20_NAMESPACE && local === 'Pagos');
  const [first] = nodes;
  if (!first) return undefined;
  const totales = childOf(first, 'Totales')?.attributes;
  return { attributes: first.attributes, payments: childrenNamed(first, 'Pago').map(pagoOf), count: nodes.length, ...(totales && { totales }) };
}

/** Many rules ask for the same complement. */
const known = new WeakMap<CfdiDocument, { readonly pagos: Pagos | undefined }>();

/** The payments complement of a document, where it has one. */
export function pagosOf(document: CfdiDocument): Pagos | undefined {
  let entry = known.get(document);
  if (!entry) known.set(document, (entry = { pagos: read(document) }));
  return entry.pagos;
}
