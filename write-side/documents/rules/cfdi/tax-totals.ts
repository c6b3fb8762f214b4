import { compareMoney } from '#contracts/money.js';
import { amountOf } from '../../amounts.js';
import { Sum } from '../../decimal.js';
import type { Attributes, CfdiDocument, TaxAttribute } from '../../models/cfdi.js';
import { ABSENT, type Report, type RuleContext } from '../rule.js';
import { rateFault } from './line-taxes.js';
import { carriesZero, catalogued, checkCode, checkScale, COMPROBANTE, currencyDecimals, dayOfIssue, eachLineTax, hasPayroll, row, taxPath, unsigned, type CfdiRule, type TaxKind } from './rule.js';

type Tax = Attributes<TaxAttribute>;
type TaxTotal = 'TotalImpuestosRetenidos' | 'TotalImpuestosTrasladados';

const IMPUESTOS = `${COMPROBANTE}/Impuestos`;
const EXEMPT = 'Exento';
const KIND: Readonly<Record<TaxTotal, TaxKind>> = { TotalImpuestosRetenidos: 'retenciones', TotalImpuestosTrasladados: 'traslados' };

const rowsOf = ({ impuestos }: CfdiDocument, kind: TaxKind): readonly Tax[] => impuestos?.[kind] ?? [];

/** Every tax of one kind in the totals; `path` is called for what breaks the rule only. */
type CheckRow = (tax: Tax, path: (name: TaxAttribute) => string, report: Report, context: RuleContext, document: CfdiDocument) => void;
const everyRow = (kind: TaxKind, check: CheckRow): CfdiRule['check'] => (document, report, context) =>
  rowsOf(document, kind).forEach((tax, index) => check(tax, (name) => `${taxPath(COMPROBANTE, kind, index)}/@${name}`, report, context, document));

/** A document that pays or carries has no taxes of its own, and those of payroll are in its complement. */
function checkNoTaxes(document: CfdiDocument, report: Report): void {
  const isPayroll = document.comprobante.TipoDeComprobante === 'N' && hasPayroll(document);
  if (document.impuestos && (carriesZero(document) || isPayroll)) report(IMPUESTOS, ABSENT, 'one element');
}

const checkTotalDecimals = (name: TaxTotal): CfdiRule['check'] => (document, report, context) =>
  checkScale(document.impuestos?.attributes[name], `${IMPUESTOS}/@${name}`, currencyDecimals(document, context), report);

const checkTotal = (name: TaxTotal): CfdiRule['check'] => (document, report, context) => {
  const total = amountOf(document.impuestos?.attributes[name]);
  if (total === undefined) return;
  const sum = new Sum(unsigned);
  for (const { Importe = '0' } of rowsOf(document, KIND[name])) sum.add(Importe);
  const expected = sum.rounded(currencyDecimals(document, context));
  if (expected !== undefined && compareMoney(total, expected) !== 0) report(`${IMPUESTOS}/@${name}`, expected, total);
};

function checkWithheldTotal(document: CfdiDocument, report: Report): void {
  if (rowsOf(document, 'retenciones').length > 0 && document.impuestos?.attributes.TotalImpuestosRetenidos === undefined) report(`${IMPUESTOS}/@TotalImpuestosRetenidos`, 'the sum of the nodes', ABSENT);
}

const isTaxed = ({ TipoFactor }: Tax): boolean => TipoFactor !== undefined && TipoFactor !== EXEMPT;
const invoices = ({ comprobante: { TipoDeComprobante } }: CfdiDocument): boolean => TipoDeComprobante === 'I' || TipoDeComprobante === 'E';

function checkTransferredTotal(document: CfdiDocument, report: Report): void {
  if (document.impuestos?.attributes.TotalImpuestosTrasladados !== undefined) return;
  const inTotals = rowsOf(document, 'traslados').some((tax) => tax.TipoFactor !== EXEMPT);
  const inLines = document.format === 'cfdi-4.0' && invoices(document) && document.conceptos.some(({ traslados }) => traslados.some(isTaxed));
  if (inTotals || inLines) report(`${IMPUESTOS}/@TotalImpuestosTrasladados`, 'the sum of the nodes', ABSENT);
}

const MILLIONTHS = 6;

/** `0.16` and `0.160000` are one rate. */
function normalRate(text: string): string {
  const [whole = '', fraction = ''] = text.trim().split('.');
  const beyond = fraction.slice(MILLIONTHS);
  return `${whole}.${fraction.slice(0, MILLIONTHS).padEnd(MILLIONTHS, '0')}${/^0*$/u.test(beyond) ? '' : beyond}`;
}

const keyOf = ({ Impuesto = '', TipoFactor = '', TasaOCuota }: Tax, kind: TaxKind): string =>
  kind === 'retenciones' ? Impuesto : `${Impuesto} ${TipoFactor} ${TasaOCuota === undefined || TipoFactor === EXEMPT ? '' : normalRate(TasaOCuota)}`;

interface Sums {
  readonly base: Sum;
  readonly amount: Sum;
}
type LineTaxes = Readonly<Record<TaxKind, ReadonlyMap<string, Sums>>>;

function sumsOf(document: CfdiDocument, kind: TaxKind): ReadonlyMap<string, Sums> {
  const byKey = new Map<string, Sums>();
  eachLineTax(document, kind, (tax) => {
    const key = keyOf(tax, kind);
    let sums = byKey.get(key);
    if (!sums) byKey.set(key, (sums = { base: new Sum(unsigned), amount: new Sum(unsigned) }));
    sums.base.add(tax.Base);
    sums.amount.add(tax.Importe ?? (tax.TipoFactor === EXEMPT ? '0' : undefined));
  });
  return byKey;
}

/** Several rules need the sums of a document, which are made once. */
const KNOWN = new WeakMap<CfdiDocument, LineTaxes>();

function lineTaxes(document: CfdiDocument): LineTaxes {
  const known = KNOWN.get(document);
  if (known) return known;
  const made = { traslados: sumsOf(document, 'traslados'), retenciones: sumsOf(document, 'retenciones') };
  KNOWN.set(document, made);
  return made;
}

const NOTHING = new Sum(unsigned);

/** A written sum of the totals against that of the lines with the same tax (and factor and rate). */
function checkSum(kind: TaxKind, name: 'Base' | 'Importe', chosen: (tax: Tax) => boolean): CfdiRule['check'] {
  const side = name === 'Base' ? 'base' : 'amount';
  return everyRow(kind, (tax, path, report, context, document) => {
    const written = amountOf(tax[name]);
    if (written === undefined || !chosen(tax)) return;
    const expected = (lineTaxes(document)[kind].get(keyOf(tax, kind))?.[side] ?? NOTHING).rounded(currencyDecimals(document, context));
    if (expected !== undefined && compareMoney(written, expected) !== 0) report(path(name), expected, written);
  });
}

const checkOnce = (kind: TaxKind): CfdiRule['check'] => (document, report) => {
  const seen = new Set<string>();
  rowsOf(document, kind).forEach((tax, index) => {
    const key = keyOf(tax, kind);
    if (seen.has(key)) report(() => taxPath(COMPROBANTE, kind, index), 'one node of each', key.trim());
    seen.add(key);
  });
};

const fromCatalogue: CheckRow = ({ Impuesto }, path, report, context, document) => checkCode('c_Impuesto', Impuesto, () => path('Impuesto'), dayOfIssue(document), report, context);
const decimals = (name: 'Base' | 'Importe'): CheckRow => (tax, path, report, context, document) => checkScale(tax[name], () => path(name), currencyDecimals(document, context), report);

const checkTransferFields: CheckRow = (tax, path, report) => {
  for (const name of ['Base', 'Impuesto', 'TipoFactor'] as const) if (tax[name] === undefined) report(() => path(name), 'a value', ABSENT, name);
};

const checkTransferRate: CheckRow = (tax, path, report, context, document) => {
  const fault = rateFault(tax, 'traslados', context, dayOfIssue(document));
  if (fault) report(() => path(fault.name), fault.expected, fault.found, undefined, fault.severity);
};

const checkWithheldRowTotal: CheckRow = ({ Importe }, path, report, _, { impuestos }) => {
  if (Importe !== undefined && impuestos?.attributes.TotalImpuestosRetenidos === undefined) report(() => path('Importe'), 'TotalImpuestosRetenidos', ABSENT);
};

/** Taxes of the lines that no node of the totals sums. */
function checkAllSummed(document: CfdiDocument, report: Report): void {
  if (!document.impuestos || !invoices(document)) return;
  for (const kind of ['traslados', 'retenciones'] as const) {
    const summed = new Set(rowsOf(document, kind).map((tax) => keyOf(tax, kind)));
    for (const key of lineTaxes(document)[kind].keys()) if (!summed.has(key)) report(`${IMPUESTOS}/${kind === 'traslados' ? 'Traslados' : 'Retenciones'}`, key.trim(), ABSENT);
  }
}

const WITHHELD_SUM = 'Hay retenciones y falta el total de impuestos retenidos.';
const WITHHELD_SUM_EN = 'There are withholdings, but no total of withheld taxes.';

export const TAX_TOTAL_RULES: readonly CfdiRule[] = [
  row('CFDI40201', 'Impuestos', checkNoTaxes, 'Un comprobante de traslado o de pago, o de nómina con su complemento, no lleva el resumen de impuestos.',
    'A transfer or payment document, or a payroll one with its complement, has no summary of taxes.'),
  row('CFDI40202', 'TotalImpuestosRetenidos', checkTotalDecimals('TotalImpuestosRetenidos'), 'El total de impuestos retenidos tiene más decimales que la moneda.', 'The total of withheld taxes has more decimals than the currency.'),
  {
    codes: { v40: 'CFDI40203', v33: 'CFDI33181' }, term: 'TotalImpuestosRetenidos', check: checkTotal('TotalImpuestosRetenidos'),
    es: 'El total de impuestos retenidos no es la suma de las retenciones.', en: 'The total of withheld taxes is not the sum of the withholdings.',
  },
  row('CFDI40204', 'TotalImpuestosTrasladados', checkTotalDecimals('TotalImpuestosTrasladados'), 'El total de impuestos trasladados tiene más decimales que la moneda.', 'The total of transferred taxes has more decimals than the currency.'),
  {
    codes: { v40: 'CFDI40205', v33: 'CFDI33183' }, term: 'TotalImpuestosTrasladados', check: checkTotal('TotalImpuestosTrasladados'),
    es: 'El total de impuestos trasladados no es la suma de los traslados.', en: 'The total of transferred taxes is not the sum of the transfers.',
  },
  row('CFDI40206', 'TotalImpuestosRetenidos', checkWithheldTotal, WITHHELD_SUM, WITHHELD_SUM_EN),
  row('CFDI40207', 'Impuesto', catalogued(everyRow('retenciones', fromCatalogue)), 'El impuesto del resumen de retenciones no es del catálogo.', 'The tax in the summary of withholdings is not in the catalogue.'),
  row('CFDI40208', 'Impuesto', checkOnce('retenciones'), 'El resumen tiene más de una retención del mismo impuesto.', 'The summary has more than one withholding of the same tax.'),
  row('CFDI40209', 'Importe', everyRow('retenciones', checkWithheldRowTotal), WITHHELD_SUM, WITHHELD_SUM_EN),
  row('CFDI40210', 'Importe', everyRow('retenciones', decimals('Importe')), 'El importe de la retención tiene más decimales que la moneda.', 'The amount of the withholding has more decimals than the currency.'),
  row('CFDI40211', 'Importe', checkSum('retenciones', 'Importe', () => true), 'La retención del resumen no es la suma de las de los conceptos con el mismo impuesto.', 'The withholding in the summary is not the sum of those of the lines with the same tax.'),
  row('CFDI40212', 'TotalImpuestosTrasladados', checkTransferredTotal, 'Hay traslados y falta el total de impuestos trasladados.', 'There are transferred taxes, but no total of them.'),
  row('CFDI40213', 'Traslado', everyRow('traslados', checkTransferFields), 'Un traslado del resumen lleva base, impuesto y tipo de factor.', 'A transferred tax in the summary has base, tax and factor.'),
  row('CFDI40214', 'Base', everyRow('traslados', decimals('Base')), 'La base del traslado tiene más decimales que la moneda.', 'The base of the transferred tax has more decimals than the currency.'),
  row('CFDI40215', 'Base', checkSum('traslados', 'Base', isTaxed), 'La base del resumen no es la suma de las de los conceptos con el mismo impuesto, factor y tasa.',
    'The base in the summary is not the sum of those of the lines with the same tax, factor and rate.'),
  row('CFDI40216', 'Base', checkSum('traslados', 'Base', (tax) => tax.TipoFactor === EXEMPT), 'La base exenta del resumen no es la suma de las bases exentas de los conceptos.',
    'The exempt base in the summary is not the sum of the exempt bases of the lines.'),
  row('CFDI40217', 'Impuesto', catalogued(everyRow('traslados', fromCatalogue)), 'El impuesto del resumen de traslados no es del catálogo.', 'The tax in the summary of transfers is not in the catalogue.'),
  row('CFDI40218', 'Impuesto', checkOnce('traslados'), 'El resumen tiene más de un traslado con el mismo impuesto, factor y tasa.', 'The summary has more than one transfer of the same tax, factor and rate.'),
  row('CFDI40219', 'TasaOCuota', catalogued(everyRow('traslados', checkTransferRate)), 'La tasa o cuota del resumen no es del catálogo.', 'The rate in the summary is not in the catalogue.'),
  row('CFDI40220', 'Importe', everyRow('traslados', decimals('Importe')), 'El importe del traslado tiene más decimales que la moneda.', 'The amount of the transferred tax has more decimals than the currency.'),
  row('CFDI40221', 'Importe', checkSum('traslados', 'Importe', () => true), 'El importe del resumen no es la suma de los de los conceptos con el mismo impuesto, factor y tasa.',
    'The amount in the summary is not the sum of those of the lines with the same tax, factor and rate.'),
  row('FOLIO-CFDI-TAX-UNSUMMED', 'Impuestos', checkAllSummed, 'Un impuesto de los conceptos no está en el resumen de impuestos.', 'A tax of the lines is not in the summary of taxes.',
    { severity: 'warning', source: 'Folio; SAT, Guía de llenado de los comprobantes fiscales' }),
];
