/**
 * The attributes of every element of `Comprobante`: which must be there, and the form of their values (cfdv40.xsd, cfdv33.xsd, tdCFDI.xsd).
 * An attribute whose form or catalogue has a code of its own in the error matrix has no form here: that rule tells it.
 */
import type { CfdiDocument } from '../../models/cfdi.js';

/** Form of a value, and how it is told. */
export interface Form {
  readonly expected: string;
  readonly fits: (value: string) => boolean;
}

interface AttributeSpec {
  readonly required: boolean;
  readonly form: Form | undefined;
}

export interface ElementSpec {
  readonly attributes: ReadonlyMap<string, AttributeSpec>;
  readonly required: readonly string[];
}

const collapsed = (value: string): string => value.replace(/\s+/gu, ' ').trim();

/** Types of the schema collapse white space; nearly no value has any, so it is looked at as written first. */
const pattern = (expression: RegExp, expected: string): Form => ({ expected, fits: (value) => expression.test(value) || expression.test(collapsed(value)) });

function fitsText(value: string, most: number): boolean {
  const text = /^\s|\s\s|\s$/u.test(value) ? collapsed(value) : value;
  if (text === '' || text.includes('|')) return false;
  // Characters outside of the basic plane are two units of a string, and one of the schema.
  return text.length <= most || Array.from(text).length <= most;
}
const text = (most: number): Form => ({ expected: `1 to ${most} characters, no |`, fits: (value) => fitsText(value, most) });

/** `t_Importe`: no sign, no exponent. */
const AMOUNT = pattern(/^\d{1,18}(?:\.\d{1,6})?$/u, '1 to 18 digits, at most six decimals');
/** `xs:decimal` of at most six fraction digits, trailing zeros not counted. */
const DECIMAL = pattern(/^\+?(?:\d{1,18}(?:\.\d{0,6}0*)?|\.\d{1,6}0*)$/u, 'a decimal number that is not negative, at most six decimals');
export const RFC = pattern(/^[A-Z&Ñ]{3,4}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[A-Z0-9]{2}[0-9A]$/u, '12 or 13 characters as the SAT forms them');
const UUID = pattern(/^[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}$/u, '8-4-4-4-12 hexadecimal digits');
const POSTAL_CODE = pattern(/^\d{5}$/u, 'five digits');
const version = (value: string): Form => ({ expected: value, fits: (found) => found === value });

type Forms = Readonly<Record<string, Form | undefined>>;

const element = (required: Forms, optional: Forms = {}): ElementSpec => ({
  attributes: new Map([
    ...Object.entries(required).map(([name, form]): [string, AttributeSpec] => [name, { required: true, form }]),
    ...Object.entries(optional).map(([name, form]): [string, AttributeSpec] => [name, { required: false, form }]),
  ]),
  required: Object.keys(required),
});

/** Has a rule, or a layer, of its own. */
const OWN = undefined;

/** Seal and certificate are judged with the seal: a document before sealing has none, and `notChecked` says so. */
const SEAL: Forms = { Sello: OWN, NoCertificado: OWN, Certificado: OWN };

const HEADER = { Fecha: OWN, SubTotal: AMOUNT, Moneda: OWN, Total: AMOUNT, TipoDeComprobante: OWN, LugarExpedicion: OWN };
const HEADER_OPTIONAL = {
  ...SEAL, Serie: text(25), Folio: text(40), FormaPago: OWN, CondicionesDePago: text(1_000), Descuento: AMOUNT, TipoCambio: OWN, MetodoPago: OWN,
  Confirmacion: pattern(/^[0-9a-zA-Z]{5}$/u, 'five letters or digits'),
};
const LINE = { ClaveProdServ: OWN, Cantidad: DECIMAL, ClaveUnidad: OWN, Descripcion: text(1_000), ValorUnitario: AMOUNT, Importe: AMOUNT };
const LINE_OPTIONAL = { NoIdentificacion: text(100), Unidad: text(20), Descuento: AMOUNT };
const PART = element({ ClaveProdServ: OWN, Cantidad: DECIMAL, Descripcion: text(1_000) }, { NoIdentificacion: text(100), Unidad: text(20), ValorUnitario: AMOUNT, Importe: AMOUNT });
const LINE_TRANSFER = element({ Base: DECIMAL, Impuesto: OWN, TipoFactor: OWN }, { TasaOCuota: DECIMAL, Importe: AMOUNT });
const LINE_WITHHOLDING = element({ Base: DECIMAL, Impuesto: OWN, TipoFactor: OWN, TasaOCuota: DECIMAL, Importe: AMOUNT });
const NUMBER = pattern(/^[0-9a-zA-Z]{1,150}$/u, '1 to 150 letters or digits');

export interface Schema {
  readonly comprobante: ElementSpec;
  readonly informacionGlobal: ElementSpec;
  readonly relacionados: ElementSpec;
  readonly relacionado: ElementSpec;
  readonly emisor: ElementSpec;
  readonly receptor: ElementSpec;
  readonly concepto: ElementSpec;
  readonly lineTransfer: ElementSpec;
  readonly lineWithholding: ElementSpec;
  readonly thirdParty: ElementSpec;
  readonly customs: ElementSpec;
  readonly property: ElementSpec;
  readonly part: ElementSpec;
  readonly impuestos: ElementSpec;
  readonly transfer: ElementSpec;
  readonly withholding: ElementSpec;
}

const SHARED = {
  relacionados: element({ TipoRelacion: OWN }),
  relacionado: element({ UUID }),
  lineTransfer: LINE_TRANSFER,
  lineWithholding: LINE_WITHHOLDING,
  customs: element({ NumeroPedimento: OWN }),
  property: element({ Numero: NUMBER }),
  part: PART,
  impuestos: element({}, { TotalImpuestosRetenidos: AMOUNT, TotalImpuestosTrasladados: AMOUNT }),
  withholding: element({ Impuesto: OWN, Importe: AMOUNT }),
};

const SCHEMA_40: Schema = {
  ...SHARED,
  comprobante: element({ Version: version('4.0'), ...HEADER, Exportacion: OWN }, HEADER_OPTIONAL),
  informacionGlobal: element({ Periodicidad: OWN, Meses: OWN, Año: pattern(/^(?:2019|20[2-9]\d|2[1-9]\d\d)$/u, 'a year from 2019 on') }),
  emisor: element({ Rfc: RFC, Nombre: text(300), RegimenFiscal: OWN }, { FacAtrAdquirente: OWN }),
  receptor: element(
    { Rfc: RFC, Nombre: text(300), DomicilioFiscalReceptor: POSTAL_CODE, RegimenFiscalReceptor: OWN, UsoCFDI: OWN },
    { ResidenciaFiscal: OWN, NumRegIdTrib: { expected: '1 to 40 characters', fits: (value) => value !== '' && collapsed(value).length <= 40 } },
  ),
  concepto: element({ ...LINE, ObjetoImp: OWN }, LINE_OPTIONAL),
  thirdParty: element({ RfcACuentaTerceros: RFC, NombreACuentaTerceros: text(300), RegimenFiscalACuentaTerceros: OWN, DomicilioFiscalACuentaTerceros: POSTAL_CODE }),
  // Base, Impuesto and TipoFactor must be there: CFDI40213.
  transfer: element({}, { Base: AMOUNT, Impuesto: OWN, TipoFactor: OWN, TasaOCuota: DECIMAL, Importe: AMOUNT }),
};

const SCHEMA_33: Schema = {
  ...SHARED,
  comprobante: element({ Version: version('3.3'), ...HEADER }, HEADER_OPTIONAL),
  informacionGlobal: element({}),
  emisor: element({ Rfc: RFC, RegimenFiscal: OWN }, { Nombre: text(254) }),
  receptor: element({ Rfc: RFC, UsoCFDI: OWN }, { Nombre: text(254), ResidenciaFiscal: OWN, NumRegIdTrib: text(40) }),
  concepto: element(LINE, LINE_OPTIONAL),
  thirdParty: element({}),
  transfer: element({ Impuesto: OWN, TipoFactor: OWN, TasaOCuota: DECIMAL, Importe: AMOUNT }),
};

export const schemaOf = ({ format }: CfdiDocument): Schema => (format === 'cfdi-4.0' ? SCHEMA_40 : SCHEMA_33);
