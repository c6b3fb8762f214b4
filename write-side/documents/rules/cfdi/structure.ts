import type { CfdiDocument } from '../../models/cfdi.js';
import { ABSENT, type Report } from '../rule.js';
import { both, COMPROBANTE, conceptoPath, type CfdiRule } from './rule.js';

const SOURCE = 'SAT, Anexo 20, esquema XSD; PAC 301';

/** Attributes that the schema requires, by element; those of 4.0 alone apart. Seal and certificate are judged by the seal layer. */
const REQUIRED = {
  comprobante: ['Version', 'Fecha', 'SubTotal', 'Moneda', 'Total', 'TipoDeComprobante', 'LugarExpedicion'],
  emisor: ['Rfc', 'RegimenFiscal'],
  receptor: ['Rfc', 'UsoCFDI'],
  concepto: ['ClaveProdServ', 'Cantidad', 'ClaveUnidad', 'Descripcion', 'ValorUnitario', 'Importe'],
} as const;
const REQUIRED_40 = {
  comprobante: ['Exportacion'],
  emisor: ['Nombre'],
  receptor: ['Nombre', 'DomicilioFiscalReceptor', 'RegimenFiscalReceptor'],
  concepto: ['ObjetoImp'],
} as const;
type ElementName = keyof typeof REQUIRED;

const required = (name: ElementName, is40: boolean): readonly string[] => (is40 ? [...REQUIRED[name], ...REQUIRED_40[name]] : REQUIRED[name]);
const TABLES = { true: tables(true), false: tables(false) };
function tables(is40: boolean) {
  return { comprobante: required('comprobante', is40), emisor: required('emisor', is40), receptor: required('receptor', is40), concepto: required('concepto', is40) };
}

type AnyAttributes = Readonly<Record<string, string | undefined>>;

function checkAttributes(names: readonly string[], attributes: AnyAttributes, path: () => string, report: Report): void {
  for (const name of names) {
    const value = attributes[name];
    if (value === undefined || value.trim() === '') report(() => `${path()}/@${name}`, 'a value', value === undefined ? ABSENT : '(empty)', name);
  }
}

function checkElement(names: readonly string[], attributes: AnyAttributes | undefined, name: string, report: Report): void {
  if (attributes) checkAttributes(names, attributes, () => `${COMPROBANTE}/${name}`, report);
  else report(`${COMPROBANTE}/${name}`, 'one element', ABSENT, name);
}

/** Mandatory elements and attributes, once each. */
function checkStructure(document: CfdiDocument, report: Report): void {
  const names = TABLES[document.format === 'cfdi-4.0' ? 'true' : 'false'];
  checkAttributes(names.comprobante, document.comprobante, () => COMPROBANTE, report);
  checkElement(names.emisor, document.emisor, 'Emisor', report);
  checkElement(names.receptor, document.receptor, 'Receptor', report);
  if (document.conceptos.length === 0) report(`${COMPROBANTE}/Conceptos/Concepto`, 'at least one', ABSENT, 'Concepto');
  document.conceptos.forEach((concepto, index) => checkAttributes(names.concepto, concepto.attributes, () => conceptoPath(index), report));
  for (const name of document.repeated) report(`${COMPROBANTE}//${name}`, 'exactly one', 'more than one', name);
}

const RFC = /^[A-Z&Ñ]{3,4}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[A-Z0-9]{2}[0-9A]$/u;

function checkRfc(document: CfdiDocument, report: Report): void {
  const rfcs: [string, string | undefined][] = [['Emisor', document.emisor?.Rfc], ['Receptor', document.receptor?.Rfc]];
  for (const [name, rfc] of rfcs) {
    if (rfc && !RFC.test(rfc)) report(`${COMPROBANTE}/${name}/@Rfc`, '12 or 13 characters as the SAT forms them', rfc);
  }
}

function checkVersion(document: CfdiDocument, report: Report): void {
  const expected = document.format === 'cfdi-4.0' ? '4.0' : '3.3';
  const found = document.comprobante.Version;
  if (found !== undefined && found !== expected) report(`${COMPROBANTE}/@Version`, expected, found);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

function checkStamp(document: CfdiDocument, report: Report): void {
  const { timbre } = document;
  if (timbre && !UUID.test(timbre.UUID ?? '')) report(`${COMPROBANTE}/Complemento/TimbreFiscalDigital/@UUID`, '8-4-4-4-12 hexadecimal digits', timbre.UUID ?? ABSENT);
}

export const STRUCTURE_RULES: readonly CfdiRule[] = [
  {
    codes: both('FOLIO-CFDI-STRUCTURE'),
    term: 'Comprobante',
    es: 'Falta un elemento o atributo obligatorio del comprobante, o está repetido.',
    en: 'A mandatory element or attribute of the document is missing, or repeated.',
    source: SOURCE,
    check: checkStructure,
  },
  {
    codes: both('FOLIO-CFDI-VERSION'),
    term: 'Version',
    es: 'La versión declarada no corresponde al espacio de nombres del comprobante.',
    en: 'The declared version does not belong to the namespace of the document.',
    source: SOURCE,
    check: checkVersion,
  },
  {
    codes: both('FOLIO-CFDI-RFC'),
    term: 'Rfc',
    es: 'El RFC no tiene la forma que exige el esquema.',
    en: 'The tax id (RFC) does not have the form that the schema requires.',
    source: 'SAT, Anexo 20, tdCFDI.xsd t_RFC',
    check: checkRfc,
  },
  {
    codes: both('FOLIO-CFDI-STAMP'),
    term: 'UUID',
    es: 'El folio fiscal del timbre no es un UUID.',
    en: 'The fiscal folio of the stamp is not a UUID.',
    source: 'SAT, Anexo 20, TimbreFiscalDigitalv11.xsd',
    check: checkStamp,
  },
];
