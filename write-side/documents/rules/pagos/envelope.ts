import type { Attributes, CfdiDocument, Concepto, ComprobanteAttribute, ConceptoAttribute } from '../../models/cfdi.js';
import { pagosOf } from '../../models/pagos.js';
import { COMPROBANTE, conceptoPath, type CfdiRule } from '../cfdi/rule.js';
import { ABSENT, type Report } from '../rule.js';
import { fixed, ONE, ZERO, type Fixed } from './fixed.js';
import { pagosRules } from './rule.js';

type Check = CfdiRule['check'];
type Test = (value: string | undefined) => boolean;

const is = (expected: string): Test => (value) => value === expected;
const isNumber = (expected: Fixed): Test => (value) => fixed(value) === expected;
const isAbsent: Test = (value) => value === undefined;

const head = (name: ComprobanteAttribute, test: Test, expected: string): Check => (document, report) => {
  const value = document.comprobante[name];
  if (!test(value)) report(`${COMPROBANTE}/@${name}`, expected, value ?? ABSENT);
};

/** The one concept; how many there are is judged by CRP20111. */
const concept = (name: ConceptoAttribute, test: Test, expected: string): Check => (document, report) => {
  const attributes: Attributes<ConceptoAttribute> | undefined = document.conceptos[0]?.attributes;
  if (attributes && !test(attributes[name])) report(`${conceptoPath(0)}/@${name}`, expected, attributes[name] ?? ABSENT);
};

function checkType(document: CfdiDocument, report: Report): void {
  const type = document.comprobante.TipoDeComprobante;
  if (pagosOf(document) && type !== 'P') report(`${COMPROBANTE}/@TipoDeComprobante`, 'P', type ?? ABSENT);
}

function checkOneConcept(document: CfdiDocument, report: Report): void {
  const { length } = document.conceptos;
  if (length !== 1) report(`${COMPROBANTE}/Conceptos`, 'exactly one', String(length));
}

/** Children of a concept other than `ACuentaTerceros`. */
function childOfConcept({ hasTaxes, customs, properties, complements, parts }: Concepto): string | undefined {
  if (hasTaxes) return 'Impuestos';
  if (customs.length > 0) return 'InformacionAduanera';
  if (properties.length > 0) return 'CuentaPredial';
  if (complements.length > 0) return 'ComplementoConcepto';
  return parts.length > 0 ? 'Parte' : undefined;
}

function checkNoChildren(document: CfdiDocument, report: Report): void {
  const [line] = document.conceptos;
  const child = line && childOfConcept(line);
  if (child !== undefined) report(`${conceptoPath(0)}/${child}`, ABSENT, child);
}

function checkNoTaxes(document: CfdiDocument, report: Report): void {
  if (document.impuestos) report(`${COMPROBANTE}/Impuestos`, ABSENT, 'Impuestos');
}

const noneOf = (name: string): readonly [string, string] =>
  [`En un comprobante de pago no debe existir ${name}.`, `A payment document must not have ${name}.`];
const exactly = (name: string, value: string): readonly [string, string] =>
  [`En un comprobante de pago ${name} debe ser ${value}.`, `In a payment document ${name} must be ${value}.`];

export const ENVELOPE_RULES = pagosRules([
  ['CRP20101', 'TipoDeComprobante', 'El complemento de pagos sólo va en un comprobante de tipo P.', 'The payments complement belongs in a document of type P only.', checkType],
  ['CRP20102', 'Exportacion', ...exactly('Exportacion', '01'), head('Exportacion', is('01'), '01')],
  ['CRP20103', 'SubTotal', ...exactly('SubTotal', '0'), head('SubTotal', isNumber(ZERO), '0')],
  ['CRP20104', 'Moneda', ...exactly('Moneda', 'XXX'), head('Moneda', is('XXX'), 'XXX')],
  ['CRP20105', 'FormaPago', ...noneOf('FormaPago'), head('FormaPago', isAbsent, ABSENT)],
  ['CRP20106', 'MetodoPago', ...noneOf('MetodoPago'), head('MetodoPago', isAbsent, ABSENT)],
  ['CRP20107', 'CondicionesDePago', ...noneOf('CondicionesDePago'), head('CondicionesDePago', isAbsent, ABSENT)],
  ['CRP20108', 'Descuento', ...noneOf('Descuento'), head('Descuento', isAbsent, ABSENT)],
  ['CRP20109', 'TipoCambio', ...noneOf('TipoCambio'), head('TipoCambio', isAbsent, ABSENT)],
  ['CRP20110', 'Total', ...exactly('Total', '0'), head('Total', isNumber(ZERO), '0')],
  ['CRP20111', 'Conceptos', 'Un comprobante de pago tiene un solo concepto.', 'A payment document has one concept only.', checkOneConcept],
  ['CRP20112', 'Concepto', 'El concepto de un pago no tiene elementos hijos, salvo ACuentaTerceros.', 'The concept of a payment has no child elements but ACuentaTerceros.', checkNoChildren],
  ['CRP20113', 'ClaveProdServ', ...exactly('ClaveProdServ', '84111506'), concept('ClaveProdServ', is('84111506'), '84111506')],
  ['CRP20114', 'NoIdentificacion', ...noneOf('NoIdentificacion'), concept('NoIdentificacion', isAbsent, ABSENT)],
  ['CRP20115', 'Cantidad', ...exactly('Cantidad', '1'), concept('Cantidad', isNumber(ONE), '1')],
  ['CRP20116', 'ClaveUnidad', ...exactly('ClaveUnidad', 'ACT'), concept('ClaveUnidad', is('ACT'), 'ACT')],
  ['CRP20117', 'Unidad', ...noneOf('Unidad'), concept('Unidad', isAbsent, ABSENT)],
  ['CRP20118', 'Descripcion', ...exactly('Descripcion', '"Pago"'), concept('Descripcion', is('Pago'), 'Pago')],
  ['CRP20119', 'ValorUnitario', ...exactly('ValorUnitario', '0'), concept('ValorUnitario', isNumber(ZERO), '0')],
  ['CRP20120', 'Importe', ...exactly('Importe', '0'), concept('Importe', isNumber(ZERO), '0')],
  ['CRP20121', 'Descuento', ...noneOf('Descuento en el concepto'), concept('Descuento', isAbsent, ABSENT)],
  ['CRP20122', 'ObjetoImp', ...exactly('ObjetoImp', '01'), concept('ObjetoImp', is('01'), '01')],
  ['CRP20123', 'Impuestos', ...noneOf('Impuestos'), checkNoTaxes],
]);
