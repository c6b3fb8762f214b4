import { writtenScale } from '../../amounts.js';
import type { Docto, DoctoAttribute, Pago } from '../../models/pagos.js';
import { catalogued, dayOfIssue, type CfdiRule } from '../cfdi/rule.js';
import { ABSENT, type Path } from '../rule.js';
import { fixed, ONE, written, ZERO } from './fixed.js';
import { IEPS, ISR, IVA, ofDocto, pagosRules, type Scene } from './rule.js';

type At = (name: string) => Path;

function checkCurrency({ attributes: { MonedaDR } }: Docto, at: At, { report }: Scene): void {
  if (MonedaDR === 'XXX') report(at('@MonedaDR'), 'a currency', MonedaDR);
}

const isSameCurrency = ({ attributes: { MonedaDR } }: Docto, { attributes: { MonedaP } }: Pago): boolean | undefined =>
  MonedaDR === undefined || MonedaP === undefined ? undefined : MonedaDR === MonedaP;

function checkEquivalenceGiven(docto: Docto, at: At, { report }: Scene, pago: Pago): void {
  if (isSameCurrency(docto, pago) === false && docto.attributes.EquivalenciaDR === undefined) report(at('@EquivalenciaDR'), `units of ${docto.attributes.MonedaDR} per unit of ${pago.attributes.MonedaP}`, ABSENT);
}

function checkEquivalenceOne(docto: Docto, at: At, { report }: Scene, pago: Pago): void {
  const { EquivalenciaDR } = docto.attributes;
  if (isSameCurrency(docto, pago) && fixed(EquivalenciaDR) !== ONE) report(at('@EquivalenciaDR'), '1', EquivalenciaDR ?? ABSENT);
}

const positive = (name: DoctoAttribute): CfdiRule['check'] => ofDocto(({ attributes }, at, { report }) => {
  const [text, value] = [attributes[name], fixed(attributes[name])];
  if (text !== undefined && value !== undefined && value <= ZERO) report(at(`@${name}`), 'more than 0', text);
});

const digits = (name: DoctoAttribute): CfdiRule['check'] => ofDocto(({ attributes }, at, { report, context }) => {
  const [text, currency] = [attributes[name], attributes.MonedaDR];
  if (text === undefined || currency === undefined || currency === 'XXX') return;
  const most = context.catalogues.decimalsOf(currency);
  if (writtenScale(text) > most) report(at(`@${name}`), `at most ${most} decimals`, text);
});

function checkBalance({ attributes: { ImpSaldoAnt, ImpPagado, ImpSaldoInsoluto } }: Docto, at: At, { report }: Scene): void {
  const [before, paid, left] = [fixed(ImpSaldoAnt), fixed(ImpPagado), fixed(ImpSaldoInsoluto)];
  if (before === undefined || paid === undefined || left === undefined) return;
  if (left !== before - paid || left < ZERO) report(at('@ImpSaldoInsoluto'), before < paid ? '0 or more' : written(before - paid), ImpSaldoInsoluto ?? ABSENT);
}

function checkTaxObject({ attributes: { ObjetoImpDR } }: Docto, at: At, { report, context, document }: Scene): void {
  if (ObjetoImpDR !== undefined && !context.catalogues.has('c_ObjetoImp', ObjetoImpDR, dayOfIssue(document))) report(at('@ObjetoImpDR'), 'a code of c_ObjetoImp', ObjetoImpDR);
}

function checkTaxesGiven({ attributes: { ObjetoImpDR }, hasTaxes }: Docto, at: At, { report }: Scene): void {
  if (ObjetoImpDR === '02' && !hasTaxes) report(at('ImpuestosDR'), 'the taxes', ABSENT);
}

const UNTAXED: ReadonlySet<string | undefined> = new Set(['01', '03', '04', '05']);

function checkNoTaxes({ attributes: { ObjetoImpDR }, hasTaxes }: Docto, at: At, { report }: Scene): void {
  if (hasTaxes && UNTAXED.has(ObjetoImpDR)) report(at('ImpuestosDR'), `${ABSENT} with ObjetoImpDR ${ObjetoImpDR}`, 'ImpuestosDR');
}

function checkTaxesFilled({ hasTaxes, retenciones, traslados }: Docto, at: At, { report }: Scene): void {
  if (hasTaxes && retenciones.length + traslados.length === 0) report(at('ImpuestosDR'), 'TrasladosDR or RetencionesDR', 'an empty element');
}

const namesTax = ({ retenciones, traslados }: Docto, tax: string): boolean =>
  traslados.some(({ ImpuestoDR }) => ImpuestoDR === tax) || retenciones.some(({ ImpuestoDR }) => ImpuestoDR === tax);

function checkOnlyIncomeTax(docto: Docto, at: At, { report }: Scene): void {
  const { ObjetoImpDR } = docto.attributes;
  if ((ObjetoImpDR === '06' || ObjetoImpDR === '08') && (namesTax(docto, IVA) || namesTax(docto, IEPS))) report(at('ImpuestosDR'), `no tax but RetencionDR of ${ISR} with ObjetoImpDR ${ObjetoImpDR}`, 'VAT or excise');
}

function checkOnlyExcise(docto: Docto, at: At, { report }: Scene): void {
  if (docto.attributes.ObjetoImpDR !== '07') return;
  if (namesTax(docto, IVA)) report(at('ImpuestosDR'), 'no VAT with ObjetoImpDR 07', 'VAT');
  else if (!docto.traslados.some(({ ImpuestoDR }) => ImpuestoDR === IEPS)) report(at('ImpuestosDR/TrasladosDR'), `a TrasladoDR of ${IEPS}`, ABSENT);
}

const more = (what: string, kind: string): readonly [string, string] => [`${what} debe ser mayor que cero.`, `${kind} must be greater than zero.`];
const fine = (what: string, kind: string): readonly [string, string] => [`${what} tiene más decimales que la moneda del documento.`, `${kind} has more decimals than the currency of the document.`];

/** CRP20278 and CRP20279 came with revision B of the matrix, in 2024; until their texts are confirmed they warn. */
const confirmedLater = (rule: CfdiRule): CfdiRule => (/2027[89]$/u.test(rule.codes.v40 ?? '') ? { ...rule, severity: 'warning' } : rule);

export const DOCUMENT_RULES = pagosRules([
  ['CRP20236', 'MonedaDR', 'La moneda de un documento relacionado no puede ser XXX.', 'The currency of a related document cannot be XXX.', ofDocto(checkCurrency)],
  ['CRP20237', 'EquivalenciaDR', 'Entre monedas distintas debe existir la equivalencia.', 'Between different currencies there must be the equivalence.', ofDocto(checkEquivalenceGiven)],
  ['CRP20238', 'EquivalenciaDR', 'Entre monedas iguales la equivalencia es 1.', 'Between equal currencies the equivalence is 1.', ofDocto(checkEquivalenceOne)],
  ['CRP20239', 'ImpSaldoAnt', ...more('El saldo anterior', 'The balance before'), positive('ImpSaldoAnt')],
  ['CRP20240', 'ImpSaldoAnt', ...fine('El saldo anterior', 'The balance before'), digits('ImpSaldoAnt')],
  ['CRP20241', 'ImpPagado', ...more('El importe pagado', 'The amount paid'), positive('ImpPagado')],
  ['CRP20242', 'ImpPagado', ...fine('El importe pagado', 'The amount paid'), digits('ImpPagado')],
  ['CRP20243', 'ImpSaldoInsoluto', ...fine('El saldo insoluto', 'The balance left'), digits('ImpSaldoInsoluto')],
  ['CRP20244', 'ImpSaldoInsoluto', 'El saldo insoluto no es el saldo anterior menos lo pagado, o es negativo.', 'The balance left is not the one before less what was paid, or is negative.', ofDocto(checkBalance)],
  ['CRP20245', 'ObjetoImpDR', 'La clave del objeto de impuesto no es del catálogo.', 'The code of the tax object is not in the catalogue.', catalogued(ofDocto(checkTaxObject))],
  ['CRP20246', 'ImpuestosDR', 'Un documento que es objeto de impuesto lleva sus impuestos.', 'A document that is subject to tax has its taxes.', ofDocto(checkTaxesGiven)],
  ['CRP20247', 'ImpuestosDR', 'Con ese objeto de impuesto el documento no lleva impuestos.', 'With that tax object the document has no taxes.', ofDocto(checkNoTaxes)],
  ['CRP20248', 'ImpuestosDR', 'Los impuestos de un documento relacionado son al menos un traslado o una retención.', 'The taxes of a related document are at least one that is transferred or withheld.', ofDocto(checkTaxesFilled)],
  ['CRP20278', 'ImpuestosDR', 'Con objeto de impuesto 06 u 08 no se desglosan IVA ni IEPS.', 'With tax object 06 or 08 neither VAT nor excise is broken down.', ofDocto(checkOnlyIncomeTax)],
  ['CRP20279', 'ImpuestosDR', 'Con objeto de impuesto 07 se desglosa el IEPS trasladado y no el IVA.', 'With tax object 07 the excise transferred is broken down, and not VAT.', ofDocto(checkOnlyExcise)],
]).map(confirmedLater);
