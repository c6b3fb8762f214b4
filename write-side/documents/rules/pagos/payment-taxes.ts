import type { Attributes } from '../../models/cfdi.js';
import type { Pago, Pagos, TaxPAttribute, TotalesAttribute } from '../../models/pagos.js';
import { catalogued, dayOfIssue, type CfdiRule } from '../cfdi/rule.js';
import { ABSENT, asWarnings, type Path } from '../rule.js';
import { fixed, written } from './fixed.js';
import { IVA, ofDocto, ofPagos, ofPayment, ofTaxP, PAGOS, pagosRules, type Scene } from './rule.js';
import { documentTaxes, isExemptDr, isExemptP, isSum, keyOfDr, keyOfP } from './sums.js';

type Tax = Attributes<TaxPAttribute>;
type At = (name: TaxPAttribute) => Path;

function checkTax({ ImpuestoP }: Tax, at: At, { report, context, document }: Scene): void {
  if (ImpuestoP !== undefined && !context.catalogues.has('c_Impuesto', ImpuestoP, dayOfIssue(document))) report(at('ImpuestoP'), 'a code of c_Impuesto', ImpuestoP);
}

/** The place of the first key that was there before. */
function firstTwice(keys: readonly string[]): number | undefined {
  const seen = new Set<string>();
  const found = keys.findIndex((key) => seen.size === seen.add(key).size);
  return found < 0 ? undefined : found + 1;
}

/**
 * One record per key in the summary of the payment. Two of one key in a related document are a warning under the same code: the
 * sentence of the matrix speaks of every tax, but the schema allows them there.
 */
const once = (ofPayments: (pago: Pago) => readonly string[], ofDocuments: CfdiRule['check'], path: string): CfdiRule['check'] => (document, report, context) => {
  ofPayment((pago, at) => {
    const place = firstTwice(ofPayments(pago));
    if (place !== undefined) report(at(`${path}[${place}]`), 'one record of each', 'a second one');
  })(document, report, context);
  ofDocuments(document, asWarnings(report), context);
};

const withheldOnce = once((pago) => pago.retenciones.map(({ ImpuestoP = '' }) => ImpuestoP), ofDocto(({ retenciones }, at, { report }) => {
  const place = firstTwice(retenciones.map(({ ImpuestoDR = '' }) => ImpuestoDR));
  if (place !== undefined) report(at(`ImpuestosDR/RetencionesDR/RetencionDR[${place}]`), 'one record of each', 'a second one');
}), 'ImpuestosP/RetencionesP/RetencionP');

const transferredOnce = once((pago) => pago.traslados.map(keyOfP), ofDocto(({ traslados }, at, { report }) => {
  const place = firstTwice(traslados.map(keyOfDr));
  if (place !== undefined) report(at(`ImpuestosDR/TrasladosDR/TrasladoDR[${place}]`), 'one record of each', 'a second one');
}), 'ImpuestosP/TrasladosP/TrasladoP');

/** At least one of some totals, where something in the payments asks for it. */
const someTotal = (names: readonly TotalesAttribute[], isAsked: (pago: Pago) => boolean): CfdiRule['check'] => ofPagos(({ payments, totales }: Pagos, { report }) => {
  if (names.every((name) => totales?.[name] === undefined) && payments.some(isAsked)) report(`${PAGOS}/Totales`, `one of ${names.join(', ')}`, ABSENT, names[0]);
});

const withholds = (pago: Pago): boolean => pago.retenciones.length > 0 || pago.documents.some(({ retenciones }) => retenciones.length > 0);

const transfersVat = (pago: Pago, isTaxed: boolean): boolean =>
  pago.traslados.some((tax) => tax.ImpuestoP === IVA && !(isTaxed && isExemptP(tax)))
  || pago.documents.some(({ traslados }) => traslados.some((tax) => tax.ImpuestoDR === IVA && !(isTaxed && isExemptDr(tax))));

function checkWithheld({ ImpuestoP, ImporteP }: Tax, at: At, { report }: Scene, pago: Pago): void {
  if (ImporteP === undefined || fixed(ImporteP) === undefined) return;
  const sum = documentTaxes(pago).withheld.get(ImpuestoP ?? '')?.amount ?? 0n;
  if (sum !== 'unknown' && !isSum(ImporteP, sum)) report(at('ImporteP'), written(sum), ImporteP);
}

/** A sum of the transfers of the related documents with the tax, factor and rate of this record. */
const transferred = (name: 'BaseP' | 'ImporteP', part: 'base' | 'amount', counts: (tax: Tax) => boolean): CfdiRule['check'] => ofTaxP('traslados', (tax, at, { report }, pago) => {
  const text = tax[name];
  if (text === undefined || fixed(text) === undefined || !counts(tax)) return;
  const sum = documentTaxes(pago).transferred.get(keyOfP(tax))?.[part] ?? 0n;
  if (sum !== 'unknown' && !isSum(text, sum)) report(at(name), written(sum), text);
});

const isTaxed = (tax: Tax): boolean => !isExemptP(tax);

const NAMED = ['BaseP', 'ImpuestoP', 'TipoFactorP'] as const;
const TAXED_ONLY = ['TasaOCuotaP', 'ImporteP'] as const;

function checkNamed(tax: Tax, at: At, { report }: Scene): void {
  for (const name of NAMED) if (tax[name] === undefined) report(at(name), 'a value', ABSENT, name);
  if (isExemptP(tax)) for (const name of TAXED_ONLY) if (tax[name] !== undefined) report(at(name), `${ABSENT} where exempt`, tax[name], name);
}

/** Exempt transfers of the related documents stand in the summary too. */
function checkSummed({ documents, traslados }: Pago, at: (name: string) => Path, { report }: Scene): void {
  const isExempt = documents.some((docto) => docto.traslados.some((tax) => isExemptDr(tax)));
  if (isExempt && !traslados.some((tax) => isExemptP(tax))) report(at('ImpuestosP/TrasladosP'), 'a TrasladoP with BaseP, ImpuestoP and TipoFactorP', ABSENT);
}

const checkExemptSummary: CfdiRule['check'] = (document, report, context) => {
  ofTaxP('traslados', checkNamed)(document, report, context);
  ofPayment(checkSummed)(document, report, context);
};

function checkRate({ ImpuestoP = '', TipoFactorP, TasaOCuotaP }: Tax, at: At, { report, context: { catalogues }, document }: Scene): void {
  if (fixed(TasaOCuotaP) === undefined || TasaOCuotaP === undefined || !catalogues.has('c_Impuesto', ImpuestoP) || (TipoFactorP !== 'Tasa' && TipoFactorP !== 'Cuota')) return;
  const answer = catalogues.rate({ tax: ImpuestoP, factor: TipoFactorP, kind: 'transferred', rate: TasaOCuotaP }, dayOfIssue(document));
  if (answer === 'unlisted') report(at('TasaOCuotaP'), `a rate of c_TasaOCuota for ${ImpuestoP} ${TipoFactorP}`, TasaOCuotaP);
}

const WITHHELD_TOTALS = ['TotalRetencionesIVA', 'TotalRetencionesISR', 'TotalRetencionesIEPS'] as const;
const BASE_TOTALS = ['TotalTrasladosBaseIVA16', 'TotalTrasladosBaseIVA8', 'TotalTrasladosBaseIVA0', 'TotalTrasladosBaseIVAExento'] as const;
const VAT_TOTALS = ['TotalTrasladosImpuestoIVA16', 'TotalTrasladosImpuestoIVA8', 'TotalTrasladosImpuestoIVA0'] as const;

export const PAYMENT_TAX_RULES = pagosRules([
  ['CRP20262', 'ImpuestoP', 'El impuesto de una retención del pago no es del catálogo.', 'The tax of a withholding of the payment is not in the catalogue.', catalogued(ofTaxP('retenciones', checkTax))],
  ['CRP20263', 'RetencionP', 'Hay más de un registro del mismo impuesto retenido.', 'There is more than one record of the same tax withheld.', withheldOnce],
  ['CRP20264', 'Totales', 'Con retenciones debe existir al menos un total de retenciones.', 'With taxes withheld there must be at least one total of them.', someTotal(WITHHELD_TOTALS, withholds)],
  ['CRP20265', 'ImporteP', 'La retención no es la suma de las de los documentos relacionados.', 'The tax withheld is not the sum of that of the related documents.', ofTaxP('retenciones', checkWithheld)],
  ['CRP20266', 'TrasladoP', 'Un traslado exento lleva base, impuesto y tipo de factor, y nada más.', 'An exempt transfer has base, tax and factor, and nothing else.', checkExemptSummary],
  ['CRP20267', 'Totales', 'Con traslados de IVA debe existir al menos un total de sus bases.', 'With VAT transferred there must be at least one total of its bases.', someTotal(BASE_TOTALS, (pago) => transfersVat(pago, false))],
  ['CRP20268', 'BaseP', 'La base no es la suma de las bases de los documentos relacionados con ese impuesto y tasa.', 'The base is not the sum of the bases of the related documents with that tax and rate.', transferred('BaseP', 'base', isTaxed)],
  ['CRP20269', 'BaseP', 'La base exenta no es la suma de las bases exentas de los documentos relacionados.', 'The exempt base is not the sum of the exempt bases of the related documents.', transferred('BaseP', 'base', isExemptP)],
  ['CRP20270', 'ImpuestoP', 'El impuesto de un traslado del pago no es del catálogo.', 'The tax of a transfer of the payment is not in the catalogue.', catalogued(ofTaxP('traslados', checkTax))],
  ['CRP20271', 'TrasladoP', 'Hay más de un registro con el mismo impuesto, factor y tasa.', 'There is more than one record with the same tax, factor and rate.', transferredOnce],
  ['CRP20272', 'TasaOCuotaP', 'La tasa o cuota del traslado no es del catálogo para su impuesto y factor.', 'The rate of the transfer is not in the catalogue for its tax and factor.', catalogued(ofTaxP('traslados', checkRate))],
  ['CRP20273', 'Totales', 'Con traslados de IVA que no son exentos debe existir al menos un total de sus importes.', 'With VAT transferred that is not exempt there must be at least one total of its amounts.', someTotal(VAT_TOTALS, (pago) => transfersVat(pago, true))],
  ['CRP20274', 'ImporteP', 'El importe no es la suma de los importes de los documentos relacionados con ese impuesto y tasa.', 'The amount is not the sum of the amounts of the related documents with that tax and rate.', transferred('ImporteP', 'amount', isTaxed)],
]);
