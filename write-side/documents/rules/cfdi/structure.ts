import type { CfdiDocument, Concepto, Impuestos, StructureFault } from '../../models/cfdi.js';
import { ABSENT, type Report } from '../rule.js';
import { both, COMPROBANTE, conceptoPath, type CfdiRule } from './rule.js';
import { schemaOf, type ElementSpec, type Schema } from './schema.js';

type AnyAttributes = Readonly<Record<string, string | undefined>>;
/** Paths are built only for what breaks the rule. */
type PathOf = () => string;

/** Nearly every element is right; only those that are not cost more than this one pass. */
function isRight(spec: ElementSpec, attributes: AnyAttributes): boolean {
  let present = 0;
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (value === undefined) continue;
    const attribute = spec.attributes.get(name);
    if (attribute === undefined || (attribute.form && !attribute.form.fits(value))) return false;
    if (attribute.required) present += 1;
  }
  return present === spec.required.length;
}

function tellFaults(spec: ElementSpec, attributes: AnyAttributes, path: PathOf, report: Report): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const attribute = spec.attributes.get(name);
    const form = attribute?.form;
    if (attribute === undefined) report(() => `${path()}/@${name}`, 'no such attribute', value, name);
    else if (form && !form.fits(value)) report(() => `${path()}/@${name}`, form.expected, value === '' ? '(empty)' : value, name);
  }
  for (const name of spec.required) if (attributes[name] === undefined) report(() => `${path()}/@${name}`, 'a value', ABSENT, name);
}

function checkAttributes(spec: ElementSpec, attributes: AnyAttributes, path: PathOf, report: Report): void {
  if (!isRight(spec, attributes)) tellFaults(spec, attributes, path, report);
}

function checkAll(spec: ElementSpec, rows: readonly AnyAttributes[], path: PathOf, name: string, report: Report): void {
  for (const [index, attributes] of rows.entries()) if (!isRight(spec, attributes)) tellFaults(spec, attributes, () => `${path()}/${name}[${index + 1}]`, report);
}

function checkOne(spec: ElementSpec, attributes: AnyAttributes | undefined, name: string, report: Report): void {
  if (attributes) checkAttributes(spec, attributes, () => `${COMPROBANTE}/${name}`, report);
  else report(`${COMPROBANTE}/${name}`, 'one element', ABSENT, name);
}

function checkParts(schema: Schema, line: Concepto, path: PathOf, report: Report): void {
  line.parts.forEach(({ attributes, customs }, index) => {
    const partPath = (): string => `${path()}/Parte[${index + 1}]`;
    checkAttributes(schema.part, attributes, partPath, report);
    checkAll(schema.customs, customs, partPath, 'InformacionAduanera', report);
  });
}

function checkLine(schema: Schema, line: Concepto, index: number, report: Report): void {
  const path = (): string => conceptoPath(index);
  checkAttributes(schema.concepto, line.attributes, path, report);
  if (line.hasTaxes) {
    checkAll(schema.lineTransfer, line.traslados, () => `${path()}/Impuestos/Traslados`, 'Traslado', report);
    checkAll(schema.lineWithholding, line.retenciones, () => `${path()}/Impuestos/Retenciones`, 'Retencion', report);
  }
  if (line.thirdParty) checkAttributes(schema.thirdParty, line.thirdParty, () => `${path()}/ACuentaTerceros`, report);
  checkAll(schema.customs, line.customs, path, 'InformacionAduanera', report);
  checkAll(schema.property, line.properties, path, 'CuentaPredial', report);
  if (line.parts.length > 0) checkParts(schema, line, path, report);
}

function checkTotals(schema: Schema, { attributes, traslados, retenciones }: Impuestos, report: Report): void {
  checkAttributes(schema.impuestos, attributes, () => `${COMPROBANTE}/Impuestos`, report);
  checkAll(schema.withholding, retenciones, () => `${COMPROBANTE}/Impuestos/Retenciones`, 'Retencion', report);
  checkAll(schema.transfer, traslados, () => `${COMPROBANTE}/Impuestos/Traslados`, 'Traslado', report);
}

function checkRelated({ related }: CfdiDocument, schema: Schema, report: Report): void {
  related.forEach(({ attributes, documents }, index) => {
    const path = (): string => `${COMPROBANTE}/CfdiRelacionados[${index + 1}]`;
    checkAttributes(schema.relacionados, attributes, path, report);
    if (documents.length === 0) report(() => `${path()}/CfdiRelacionado`, 'at least one', ABSENT, 'CfdiRelacionado');
    checkAll(schema.relacionado, documents, path, 'CfdiRelacionado', report);
  });
}

const FAULTS: Readonly<Record<StructureFault['kind'], readonly [expected: string, found: string]>> = {
  unknown: ['no such element', 'an element that the schema does not have'],
  repeated: ['exactly one', 'more than one'],
  order: ['the order of the schema', 'an element behind its place'],
};

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function checkElements({ misplaced, repeated, conceptos }: CfdiDocument, report: Report): void {
  for (const { kind, path } of misplaced) report(path, ...FAULTS[kind], nameOf(path));
  for (const name of repeated) report(`${COMPROBANTE}/Complemento/${name}`, ...FAULTS.repeated, name);
  if (conceptos.length === 0) report(`${COMPROBANTE}/Conceptos/Concepto`, 'at least one', ABSENT, 'Concepto');
}

/** Mandatory elements and attributes, their number, order and form. */
function checkStructure(document: CfdiDocument, report: Report): void {
  const schema = schemaOf(document);
  checkElements(document, report);
  checkAttributes(schema.comprobante, document.comprobante, () => COMPROBANTE, report);
  if (document.informacionGlobal) checkAttributes(schema.informacionGlobal, document.informacionGlobal, () => `${COMPROBANTE}/InformacionGlobal`, report);
  checkRelated(document, schema, report);
  checkOne(schema.emisor, document.emisor, 'Emisor', report);
  checkOne(schema.receptor, document.receptor, 'Receptor', report);
  document.conceptos.forEach((line, index) => checkLine(schema, line, index, report));
  if (document.impuestos) checkTotals(schema, document.impuestos, report);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

function checkStamp({ timbre }: CfdiDocument, report: Report): void {
  if (timbre && !UUID.test(timbre.UUID ?? '')) report(`${COMPROBANTE}/Complemento/TimbreFiscalDigital/@UUID`, '8-4-4-4-12 hexadecimal digits', timbre.UUID ?? ABSENT);
}

export const STRUCTURE_RULES: readonly CfdiRule[] = [
  {
    codes: both('CFDI301'),
    term: 'Comprobante',
    es: 'El comprobante no cumple la estructura del esquema: falta, sobra, se repite o no está en su lugar un elemento o atributo, o un valor no tiene la forma que debe.',
    en: 'The document does not have the structure of the schema: an element or attribute is missing, too many or out of its place, or a value has another form.',
    source: 'SAT, Anexo 20, cfdv40.xsd y cfdv33.xsd; código 301 de los PAC',
    check: checkStructure,
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
