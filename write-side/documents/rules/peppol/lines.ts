import { dayOf } from '../../dates.js';
import type { AllowanceCharge, EnDocument, EnLine } from '../../models/en16931.js';
import { absolute, CENT, isMalformed, ONE, percentOf, product, quotient, roundCents, Sum, unitsOf, writeUnits, type Units } from '../en16931/decimal.js';
import { pathOf, type Check, type EnRule } from '../en16931/rule.js';
import { ABSENT } from '../rule.js';
import { peppol } from './rule.js';

const SLACK = 2n * CENT;
const FORINT_SLACK = ONE / 2n;
/** How far line arithmetic may be off; Germany's specification is wider for forints. */
export const slackOf = ({ currency }: EnDocument): Units => (currency === 'HUF' ? FORINT_SLACK : SLACK);

type See = (row: AllowanceCharge, path: () => string) => void;
type Places = readonly [document: readonly [string, string], line: readonly [string, string]];

function eachAllowance(document: EnDocument, places: Places, see: See): void {
  for (const [index, row] of document.allowances.entries()) see(row, () => pathOf(document, places[0][row.charge ? 1 : 0], index));
  for (const [index, { allowances }] of document.lines.entries()) {
    for (const [inner, row] of allowances.entries()) see(row, () => pathOf(document, places[1][row.charge ? 1 : 0], index, inner));
  }
}

const AMOUNT: Places = [['BT-92', 'BT-99'], ['BT-136', 'BT-141']];
const BASE: Places = [['BT-93', 'BT-100'], ['BT-137', 'BT-142']];
const PERCENT: Places = [['BT-94', 'BT-101'], ['BT-138', 'BT-143']];
const INDICATOR: Places = [['BG-20-I', 'BG-20-I'], ['BG-27-I', 'BG-27-I']];

export const checkAllowanceAmount: Check = ({ document }, report) => {
  const slack = slackOf(document);
  eachAllowance(document, AMOUNT, (row, path) => {
    const [base, percent] = [unitsOf(row.base), unitsOf(row.percent)];
    if (base === undefined || percent === undefined || isMalformed(row.amount)) return;
    const expected = percentOf(base, percent);
    if (absolute((unitsOf(row.amount) ?? 0n) - expected) > slack) report(() => path(), writeUnits(expected), row.amount ?? ABSENT);
  });
};
export const checkAllowanceBase: Check = ({ document }, report) =>
  eachAllowance(document, BASE, (row, path) => {
    if (row.percent !== undefined && row.base === undefined) report(() => path(), 'the base of the percentage', ABSENT);
  });
export const checkAllowancePercent: Check = ({ document }, report) =>
  eachAllowance(document, PERCENT, (row, path) => {
    if (row.base !== undefined && row.percent === undefined) report(() => path(), 'the percentage of the base', ABSENT);
  });
export const checkIndicator: Check = ({ document }, report) =>
  eachAllowance(document, INDICATOR, (row, path) => {
    if (row.indicator !== 'true' && row.indicator !== 'false') report(() => path(), 'true or false', row.indicator ?? ABSENT);
  });

const eachLine = (document: EnDocument, visit: (line: EnLine, index: number) => void): void => document.lines.forEach(visit);

/** Line net amount = quantity × price / base quantity + charges − allowances; what is absent counts as it does in the rule. */
function expectedNet({ quantity, price, allowances }: EnLine): Units | undefined {
  const [charges, reductions] = [new Sum(), new Sum()];
  for (const row of allowances) {
    if (row.indicator === 'true') charges.add(row.amount);
    if (row.indicator === 'false') reductions.add(row.amount);
  }
  if ([quantity, price?.net, price?.quantity, price?.grossQuantity].some(isMalformed) || charges.total === undefined || reductions.total === undefined) return undefined;
  const base = [unitsOf(price?.quantity), unitsOf(price?.grossQuantity)].find((value) => value !== undefined && value !== 0n) ?? ONE;
  const count = unitsOf(quantity) ?? ONE;
  return quotient(product(count, unitsOf(price?.net) ?? 0n), base) + roundCents(charges.total) - roundCents(reductions.total);
}

/** A multiplication and a division of 12 decimals each may lose this much. */
const LOSS = 10n;

export const checkLineNet: Check = ({ document }, report) => {
  const slack = slackOf(document) + LOSS;
  eachLine(document, (line, index) => {
    const expected = isMalformed(line.netAmount) ? undefined : expectedNet(line);
    if (expected !== undefined && absolute((unitsOf(line.netAmount) ?? 0n) - expected) > slack) report(() => pathOf(document, 'BT-131', index), writeUnits(expected), line.netAmount ?? ABSENT);
  });
};
export const checkBaseQuantity: Check = ({ document }, report) =>
  eachLine(document, ({ price }, index) => {
    for (const written of [price?.quantity, price?.grossQuantity]) {
      const value = unitsOf(written);
      if (value !== undefined && value <= 0n) report(() => pathOf(document, 'BT-149', index), 'more than 0', written ?? ABSENT);
    }
  });
export const checkBaseUnit: Check = ({ document }, report) =>
  eachLine(document, ({ price, quantity, unit }, index) => {
    for (const written of [price?.unit, price?.grossUnit]) {
      if (written !== undefined && quantity !== undefined && written !== unit) report(() => pathOf(document, 'BT-150', index), unit ?? ABSENT, written);
    }
  });
const OBJECT = '130';
export const checkLineDocuments: Check = ({ document }, report) =>
  eachLine(document, ({ documents }, index) => {
    if (documents.length > 0 && !documents.some(({ typeCode }) => typeCode === OBJECT)) report(() => pathOf(document, 'BT-128', index), `type ${OBJECT}`, documents[0]?.typeCode ?? ABSENT);
  });
export const checkPriceIndicator: Check = ({ ubl, document }, report) =>
  eachLine(document, ({ price }, index) => {
    const discounted = ubl ? price?.discount !== undefined || price?.gross !== undefined || price?.indicator !== undefined : price?.discount !== undefined;
    if (discounted && price?.indicator !== 'false') report(() => pathOf(document, 'BT-147', index), 'false', price?.indicator ?? ABSENT);
  });
/** CII: the discount of a price has an indicator, and it is one of two words. */
export const checkPriceIndicatorForm: Check = ({ document }, report) =>
  eachLine(document, ({ price }, index) => {
    const discounted = price?.discount !== undefined || price?.indicator !== undefined;
    if (discounted && price.indicator !== 'true' && price.indicator !== 'false') report(() => pathOf(document, 'BT-147', index), 'true or false', price.indicator ?? ABSENT);
  });
export const checkGrossPrice: Check = ({ ubl, document }, report) =>
  eachLine(document, ({ price }, index) => {
    if (price?.gross === undefined || [price.gross, price.net, price.discount].some(isMalformed)) return;
    const [gross, net, discount] = [unitsOf(price.gross), unitsOf(price.net), unitsOf(price.discount)];
    // UBL: without a discount there is nothing to subtract, and the comparison fails.
    const right = gross !== undefined && net !== undefined && (discount !== undefined || !ubl) && net === gross - (discount ?? 0n);
    if (!right) report(() => pathOf(document, 'BT-146', index), 'gross price minus discount', price.net ?? ABSENT);
  });

const within = (key: 'start' | 'end', term: string): Check => ({ document }, report) => {
  const bound = dayOf(document.period?.[key]);
  if (bound === undefined) return;
  eachLine(document, ({ period }, index) => {
    const day = dayOf(period?.[key]);
    if (day !== undefined && (key === 'start' ? day < bound : day > bound)) report(() => pathOf(document, term, index), `${bound} or ${key === 'start' ? 'later' : 'earlier'}`, day);
  });
};
export const checkLineStart = within('start', 'BT-134');
export const checkLineEnd = within('end', 'BT-135');

export const PEPPOL_LINE_RULES: readonly EnRule[] = [
  peppol('EN16931-R040', 'BT-92', 'An allowance or charge must be its base times its percentage.', 'Un descuento o cargo debe ser su base por su porcentaje.', checkAllowanceAmount),
  peppol('EN16931-R041', 'BT-93', 'A percentage needs its base amount.', 'Un porcentaje requiere su importe base.', checkAllowanceBase),
  peppol('EN16931-R042', 'BT-94', 'A base amount needs its percentage.', 'Un importe base requiere su porcentaje.', checkAllowancePercent),
  peppol('EN16931-R043', 'BG-20', 'The charge indicator must be true or false.', 'El indicador de cargo debe ser true o false.', checkIndicator),
  peppol('EN16931-R044', 'BT-147', 'There may be no charge on a price.', 'No puede haber cargo sobre un precio.', checkPriceIndicator),
  peppol('EN16931-R046', 'BT-146', 'The net price must be the gross price minus its discount.', 'El precio neto debe ser el bruto menos su descuento.', checkGrossPrice),
  peppol('EN16931-R100', 'BT-128', 'A line may have one invoiced object.', 'Una línea puede tener un solo objeto facturado.', ({ document }, report) =>
    eachLine(document, ({ documents }, index) => {
      if (documents.length > 1) report(() => pathOf(document, 'BT-128', index), 'at most one', `${documents.length}`);
    })),
  peppol('EN16931-R101', 'BT-128', 'A document of a line can only be its invoiced object.', 'Un documento de línea solo puede ser su objeto facturado.', checkLineDocuments),
  peppol('EN16931-R110', 'BT-134', 'The period of a line must not start before that of the invoice.', 'El período de una línea no debe empezar antes que el de la factura.', checkLineStart),
  peppol('EN16931-R111', 'BT-135', 'The period of a line must not end after that of the invoice.', 'El período de una línea no debe terminar después que el de la factura.', checkLineEnd),
  peppol('EN16931-R120', 'BT-131', 'A line must be quantity times price, plus charges, minus allowances.', 'Una línea debe ser cantidad por precio, más cargos, menos descuentos.', checkLineNet),
  peppol('EN16931-R121', 'BT-149', 'The base quantity of a price must be more than zero.', 'La cantidad base de un precio debe ser mayor que cero.', checkBaseQuantity),
  peppol('EN16931-R130', 'BT-150', 'The base quantity must be in the unit of the invoiced quantity.', 'La cantidad base debe ir en la unidad de la cantidad facturada.', checkBaseUnit),
];
