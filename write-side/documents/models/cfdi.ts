import type { XmlNode } from './node.js';

/** Attributes of one element as written; absent ones are undefined. */
export type Attributes<Name extends string> = Readonly<Partial<Record<Name, string>>>;

export type ComprobanteAttribute =
  | 'Version' | 'Serie' | 'Folio' | 'Fecha' | 'Sello' | 'FormaPago' | 'NoCertificado' | 'Certificado' | 'CondicionesDePago' | 'SubTotal'
  | 'Descuento' | 'Moneda' | 'TipoCambio' | 'Total' | 'TipoDeComprobante' | 'Exportacion' | 'MetodoPago' | 'LugarExpedicion' | 'Confirmacion';
export type EmisorAttribute = 'Rfc' | 'Nombre' | 'RegimenFiscal' | 'FacAtrAdquirente';
export type ReceptorAttribute =
  'Rfc' | 'Nombre' | 'DomicilioFiscalReceptor' | 'ResidenciaFiscal' | 'NumRegIdTrib' | 'RegimenFiscalReceptor' | 'UsoCFDI';
export type ConceptoAttribute =
  | 'ClaveProdServ' | 'NoIdentificacion' | 'Cantidad' | 'ClaveUnidad' | 'Unidad' | 'Descripcion' | 'ValorUnitario' | 'Importe' | 'Descuento' | 'ObjetoImp';
export type TaxAttribute = 'Base' | 'Impuesto' | 'TipoFactor' | 'TasaOCuota' | 'Importe';
export type TaxTotalAttribute = 'TotalImpuestosRetenidos' | 'TotalImpuestosTrasladados';
export type StampAttribute = 'Version' | 'UUID' | 'FechaTimbrado' | 'RfcProvCertif' | 'Leyenda' | 'SelloCFD' | 'NoCertificadoSAT' | 'SelloSAT';
export type LocalTaxAttribute = 'TotaldeRetenciones' | 'TotaldeTraslados';
export type GlobalAttribute = 'Periodicidad' | 'Meses' | 'Año';
export type ThirdPartyAttribute = 'RfcACuentaTerceros' | 'NombreACuentaTerceros' | 'RegimenFiscalACuentaTerceros' | 'DomicilioFiscalACuentaTerceros';
export type ParteAttribute = 'ClaveProdServ' | 'NoIdentificacion' | 'Cantidad' | 'Unidad' | 'Descripcion' | 'ValorUnitario' | 'Importe';

export interface Parte {
  readonly attributes: Attributes<ParteAttribute>;
  /** `InformacionAduanera`. */
  readonly customs: readonly Attributes<'NumeroPedimento'>[];
}

export interface Concepto {
  readonly attributes: Attributes<ConceptoAttribute>;
  /** Whether the element `Impuestos` is there, with or without something in it. */
  readonly hasTaxes: boolean;
  readonly traslados: readonly Attributes<TaxAttribute>[];
  readonly retenciones: readonly Attributes<TaxAttribute>[];
  /** `ACuentaTerceros`. */
  readonly thirdParty?: Attributes<ThirdPartyAttribute>;
  /** `InformacionAduanera`. */
  readonly customs: readonly Attributes<'NumeroPedimento'>[];
  /** `CuentaPredial`. */
  readonly properties: readonly Attributes<'Numero'>[];
  /** Children of `ComplementoConcepto`. */
  readonly complements: readonly XmlNode[];
  readonly parts: readonly Parte[];
}

/** `CfdiRelacionados`; repeatable in 4.0. */
export interface Related {
  readonly attributes: Attributes<'TipoRelacion'>;
  /** `CfdiRelacionado`. */
  readonly documents: readonly Attributes<'UUID'>[];
}

/** What the schema's order and number of elements does not allow: an element that it does not have, a second one, one behind its place. */
export interface StructureFault {
  readonly kind: 'unknown' | 'repeated' | 'order';
  /** Path of the element. */
  readonly path: string;
}

export interface Impuestos {
  readonly attributes: Attributes<TaxTotalAttribute>;
  readonly traslados: readonly Attributes<TaxAttribute>[];
  readonly retenciones: readonly Attributes<TaxAttribute>[];
}

/** `Comprobante` of CFDI 4.0 or 3.3, every value as written. */
export interface CfdiDocument {
  readonly syntax: 'cfdi';
  readonly format: 'cfdi-4.0' | 'cfdi-3.3';
  readonly comprobante: Attributes<ComprobanteAttribute>;
  readonly informacionGlobal?: Attributes<GlobalAttribute>;
  readonly related: readonly Related[];
  readonly emisor?: Attributes<EmisorAttribute>;
  readonly receptor?: Attributes<ReceptorAttribute>;
  readonly conceptos: readonly Concepto[];
  readonly impuestos?: Impuestos;
  /** The stamp, `TimbreFiscalDigital`. */
  readonly timbre?: Attributes<StampAttribute>;
  readonly localTaxes?: Attributes<LocalTaxAttribute>;
  /** Children of `Complemento`, stamp and local taxes among them, in their order. */
  readonly complements: readonly XmlNode[];
  /** Complements that may exist once and were found again; the first one counts. */
  readonly repeated: readonly string[];
  /** The first hundred elements that stand where the schema has none. */
  readonly misplaced: readonly StructureFault[];
}
