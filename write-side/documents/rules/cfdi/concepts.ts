import { compareMoney, ZERO } from '#contracts/money.js';
import { amountOf, writtenScale } from '../../amounts.js';
import type { CfdiDocument, Concepto } from '../../models/cfdi.js';
import { ABSENT, type Report, type RuleContext } from '../rule.js';
import { isProduct, isWithin, limitsText, productLimits } from './limits.js';
import { carriesAmounts, catalogued, conceptoPath, currencyDecimals, dayOfIssue, row, type CfdiRule } from './rule.js';

const fromCatalogue = (name: 'ClaveProdServ' | 'ClaveUnidad' | 'ObjetoImp'): CfdiRule['check'] => catalogued((document, report, context) => {
  const day = dayOfIssue(document);
  document.conceptos.forEach(({ attributes }, index) => {
    const value = attributes[name];
    if (value !== undefined && !context.catalogues.has(`c_${name}`, value, day)) report(() => `${conceptoPath(index)}/@${name}`, `a code of c_${name}`, value);
  });
});

function checkUnitPrice(document: CfdiDocument, report: Report): void {
  if (!carriesAmounts(document)) return;
  document.conceptos.forEach(({ attributes }, index) => {
    const price = amountOf(attributes.ValorUnitario);
    if (price !== undefined && compareMoney(price, ZERO) === 0) report(() => `${conceptoPath(index)}/@ValorUnitario`, 'more than 0', price);
  });
}

function checkAmount(document: CfdiDocument, report: Report, context: RuleContext): void {
  const decimals = currencyDecimals(document, context);
  document.conceptos.forEach(({ attributes: { Cantidad, ValorUnitario, Importe } }, index) => {
    if (isProduct(Cantidad, ValorUnitario, Importe, decimals)) return;
    const limits = productLimits(Cantidad, ValorUnitario, decimals);
    if (limits && !isWithin(Importe, limits)) report(() => `${conceptoPath(index)}/@Importe`, limitsText(limits), Importe ?? ABSENT);
  });
}

function checkDiscountDecimals({ conceptos }: CfdiDocument, report: Report): void {
  conceptos.forEach(({ attributes: { Descuento, Importe } }, index) => {
    if (Descuento === undefined || amountOf(Importe) === undefined) return;
    const most = writtenScale(Importe ?? '');
    if (writtenScale(Descuento) > most) report(() => `${conceptoPath(index)}/@Descuento`, `at most ${most} decimals`, Descuento);
  });
}

function checkDiscountBelowAmount({ conceptos }: CfdiDocument, report: Report): void {
  conceptos.forEach(({ attributes }, index) => {
    const [discount, amount] = [amountOf(attributes.Descuento), amountOf(attributes.Importe)];
    if (discount !== undefined && amount !== undefined && compareMoney(discount, amount) > 0) report(() => `${conceptoPath(index)}/@Descuento`, `at most ${amount}`, discount);
  });
}

const UNTAXED: ReadonlySet<string> = new Set(['01', '03', '04', '05']);
const VAT = '002';
const EXCISE = '003';

const transfers = ({ traslados }: Concepto, tax: string): boolean => traslados.some(({ Impuesto }) => Impuesto === tax);

/** What the codes of December 2024 say of themselves: 06 and 08 transfer no VAT, 07 transfers excise and no VAT, 08 no excise either. */
function missingTax(line: Concepto): string | undefined {
  const { ObjetoImp } = line.attributes;
  if (ObjetoImp === '02' && !line.hasTaxes) return 'the taxes of the line';
  return ObjetoImp === '07' && !transfers(line, EXCISE) ? 'the IEPS of the line' : undefined;
}

function needlessTax(line: Concepto): string | undefined {
  const { ObjetoImp = '' } = line.attributes;
  if (UNTAXED.has(ObjetoImp)) return line.hasTaxes ? 'taxes' : undefined;
  if (['06', '07', '08'].includes(ObjetoImp) && transfers(line, VAT)) return 'transferred IVA';
  return ObjetoImp === '08' && transfers(line, EXCISE) ? 'transferred IEPS' : undefined;
}

/** How 06, 07 and 08 are to be filled in was read from the catalogue alone, so their findings are warnings. */
const severityOf = ({ attributes: { ObjetoImp = '' } }: Concepto): 'error' | 'warning' => (ObjetoImp > '05' ? 'warning' : 'error');

function checkTaxesPresent({ conceptos }: CfdiDocument, report: Report): void {
  conceptos.forEach((line, index) => {
    const missing = missingTax(line);
    if (missing !== undefined) report(() => `${conceptoPath(index)}/Impuestos`, missing, ABSENT, undefined, severityOf(line));
  });
}

function checkTaxesAbsent({ conceptos }: CfdiDocument, report: Report): void {
  conceptos.forEach((line, index) => {
    const needless = needlessTax(line);
    if (needless !== undefined) report(() => `${conceptoPath(index)}/Impuestos`, ABSENT, needless, undefined, severityOf(line));
  });
}

function checkTaxesNotEmpty({ conceptos }: CfdiDocument, report: Report): void {
  conceptos.forEach(({ hasTaxes, traslados, retenciones }, index) => {
    if (hasTaxes && traslados.length === 0 && retenciones.length === 0) report(() => `${conceptoPath(index)}/Impuestos`, 'at least one Traslado or Retencion', '(empty)');
  });
}

export const CONCEPT_RULES: readonly CfdiRule[] = [
  row('CFDI40162', 'ClaveProdServ', fromCatalogue('ClaveProdServ'), 'La clave de producto o servicio no es del catálogo.', 'The product or service code is not in the catalogue.'),
  row('CFDI40165', 'ClaveUnidad', fromCatalogue('ClaveUnidad'), 'La clave de unidad no es del catálogo.', 'The unit code is not in the catalogue.'),
  {
    codes: { v40: 'CFDI40166', v33: 'CFDI33147' }, term: 'ValorUnitario', check: checkUnitPrice,
    es: 'El valor unitario debe ser mayor que cero.', en: 'The unit price must be greater than zero.',
  },
  row('CFDI40167', 'Importe', checkAmount, 'El importe no está entre los límites del producto de cantidad y valor unitario.', 'The amount does not lie between the limits of quantity times unit price.'),
  row('CFDI40168', 'Descuento', checkDiscountDecimals, 'El descuento del concepto tiene más decimales que su importe.', 'The discount of the line has more decimals than its amount.'),
  row('CFDI40169', 'Descuento', checkDiscountBelowAmount, 'El descuento del concepto es mayor que su importe.', 'The discount of the line is greater than its amount.'),
  row('CFDI40170', 'ObjetoImp', fromCatalogue('ObjetoImp'), 'La clave de objeto de impuesto no es del catálogo en la fecha de emisión.', 'The code of tax object is not in the catalogue on the day of issue.'),
  row('CFDI40171', 'ObjetoImp', checkTaxesPresent, 'El concepto es objeto de impuesto y no tiene los impuestos que dice su clave.', 'The line is subject to tax, but does not have the taxes that its code says.'),
  row('CFDI40172', 'ObjetoImp', checkTaxesAbsent, 'El concepto tiene impuestos que su clave de objeto de impuesto no admite.', 'The line has taxes that its code of tax object does not allow.'),
  row('CFDI40173', 'Impuestos', checkTaxesNotEmpty, 'Los impuestos del concepto no tienen ni traslados ni retenciones.', 'The taxes of the line have neither transferred nor withheld ones.'),
];
