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

export interface Concepto {
  readonly attributes: Attributes<ConceptoAttribute>;
  readonly traslados: readonly Attributes<TaxAttribute>[];
  readonly retenciones: readonly Attributes<TaxAttribute>[];
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
  readonly emisor?: Attributes<EmisorAttribute>;
  readonly receptor?: Attributes<ReceptorAttribute>;
  readonly conceptos: readonly Concepto[];
  readonly impuestos?: Impuestos;
  /** The stamp, `TimbreFiscalDigital`. */
  readonly timbre?: Attributes<StampAttribute>;
  readonly localTaxes?: Attributes<LocalTaxAttribute>;
  /** Local names of the complements found beside stamp and local taxes, at most 32. */
  readonly complements: readonly string[];
  /** Elements that may exist once and were found again; the first one counts. */
  readonly repeated: readonly string[];
}
