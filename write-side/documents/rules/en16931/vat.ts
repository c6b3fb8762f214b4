import type { TaxCategory, Text, VatRow } from '../../models/en16931.js';
import { ABSENT, type Report } from '../rule.js';
import { ONE, absolute, isMalformed, roundCents, unitsOf, writeUnits, type Units } from './decimal.js';
import { pathOf, rule, type EnRule } from './rule.js';
import { isNear, vatOf } from './totals.js';
import { VAT_FAMILIES, type VatFamily } from './vat-families.js';
import { isVat, type CategoryUse, type EnView } from './view.js';

type Check = (view: EnView, report: Report, use: CategoryUse) => void;

/** A rule of a family looks only at documents that use its category. */
const familyRule = ({ category, prefix, name, nombre }: VatFamily, number: string, term: string, en: string, es: string, check: Check): EnRule =>
  rule(`${prefix}-${number}`, term, `${en} (category ${category}, ${name}).`, `${es} (categoría ${category}, ${nombre}).`, (view, report) => {
    const use = view.uses.get(category);
    if (use) check(view, report, use);
  });

/** -01: how often the category is in the breakdown, by what lines, allowances and charges use. */
const breakdowns = (family: VatFamily) => ({ document, ubl }: EnView, report: Report, use: CategoryUse): void => {
  const [items, rows] = ubl && family.category !== 'S' ? [use.vatLines + use.vatOthers, family.category === 'L' ? use.rows : use.vatRows] : [use.lines + use.others, use.rows];
  const expected = family.perRate ? 'at least one' : 'exactly one';
  const right = family.perRate ? (items > 0 ? rows > 0 : rows === 0 || !ubl) : rows + items === 0 || (rows === 1 && (ubl || items > 0));
  if (!right) report(pathOf(document, 'BG-23'), items > 0 ? expected : `${expected}, with lines, allowances or charges`, `${rows}`);
};

function hasIds({ seller, buyer }: VatFamily, { sellerTax, sellerVat, representativeVat, buyerVat, buyerLegal }: EnView): boolean {
  if (seller === 'none') return !sellerVat && !representativeVat && !buyerVat;
  const sold = (seller === 'registered' ? sellerTax : sellerVat) || representativeVat;
  const bought = buyer === undefined || buyerVat || (buyer === 'vat-or-legal' && buyerLegal);
  return sold && bought;
}

const needsIds = (family: VatFamily, isUsed: (use: CategoryUse, view: EnView) => boolean) => (view: EnView, report: Report, use: CategoryUse): void => {
  if (isUsed(use, view) && !hasIds(family, view)) {
    report(pathOf(view.document, 'BT-31'), family.seller === 'none' ? 'no VAT identifiers' : `tax identifiers of the seller${family.buyer ? ' and the buyer' : ''}`, family.seller === 'none' ? 'VAT identifiers' : ABSENT);
  }
};

/** In UBL a standard rated line whose scheme is not VAT breaks the rule by itself, whoever is identified. */
const byLine = (family: VatFamily): Check => {
  const identified = needsIds(family, (use) => use.vatLines > 0);
  return (view, report, use) => {
    if (view.ubl && family.category === 'S' && use.lines > 0 && use.vatLines === 0) report(pathOf(view.document, 'BG-30'), 'the scheme VAT', 'another scheme');
    else identified(view, report, use);
  };
};

const RATES: Readonly<Record<VatFamily['rate'], readonly [expected: string, isRight: (rate: Units) => boolean]>> = {
  positive: ['more than 0', (rate) => rate > 0n],
  'not-negative': ['0 or more', (rate) => rate >= 0n],
  zero: ['0', (rate) => rate === 0n],
  absent: [ABSENT, () => false],
};

function checkRate(kind: VatFamily['rate'], rate: Text, path: () => string, report: Report): void {
  const [expected, isRight] = RATES[kind];
  if (kind === 'absent') {
    if (rate !== undefined) report(path, expected, rate);
    return;
  }
  const value = unitsOf(rate);
  if (value === undefined ? !isMalformed(rate) : !isRight(value)) report(path, expected, rate ?? ABSENT);
}

const isOf = (category: TaxCategory | undefined, code: string): category is TaxCategory => category !== undefined && category.code === code && isVat(category);

const lineRates = (family: VatFamily) => ({ document, ubl }: EnView, report: Report, use: CategoryUse): void => {
  if (use.vatLines === 0) return;
  const kind = ubl ? family.rate : family.ciiRate ?? family.rate;
  for (const [index, { categories }] of document.lines.entries()) {
    for (const category of categories) {
      if (isOf(category, family.category)) checkRate(kind, category.rate, () => pathOf(document, 'BT-152', index), report);
    }
  }
};

const otherRates = (family: VatFamily, charge: boolean) => ({ document, ubl }: EnView, report: Report): void => {
  const kind = ubl ? family.rate : family.ciiRate ?? family.rate;
  for (const [index, row] of document.allowances.entries()) {
    if (row.indicator === undefined || row.charge !== charge || !isOf(row.category, family.category)) continue;
    checkRate(kind, row.category.rate, () => pathOf(document, charge ? 'BT-103' : 'BT-96', index), report);
  }
};

/** Rows of the category: UBL asks for the VAT scheme, CII only sometimes; what has another scheme is told by BR-47. */
function eachRow({ document }: EnView, { category }: VatFamily, visit: (row: VatRow, index: number) => void): void {
  for (const [index, row] of document.vat.entries()) if (isOf(row, category)) visit(row, index);
}

/** What the lines, charges and allowances of the row's category (and rate) come to; `none` where the official tests find nothing to compare with. */
function baseOf(view: EnView, family: VatFamily, row: VatRow, use: CategoryUse): Units | undefined | 'none' {
  if (!family.perRate) return view.ubl && view.document.lines.length === 0 ? 'none' : use.net.total;
  const rate = unitsOf(row.rate);
  if (rate === undefined) return undefined;
  const sum = use.byRate.get(rate);
  if (sum) return sum.total;
  return view.ubl && (family.category === 'S' || view.document.lines.length === 0) ? 'none' : 0n;
}

const bases = (family: VatFamily) => (view: EnView, report: Report, use: CategoryUse): void => {
  const tolerant = view.ubl ? family.tolerant.ubl : family.tolerant.cii;
  eachRow(view, family, (row, index) => {
    if (isMalformed(row.base)) return;
    const expected = baseOf(view, family, row, use);
    if (expected === undefined) return;
    const base = unitsOf(row.base);
    const sum = expected === 'none' ? undefined : view.ubl ? expected : roundCents(expected);
    const right = base !== undefined && sum !== undefined && (tolerant ? isNear(base, sum, false) : base === sum);
    if (!right) report(() => pathOf(view.document, 'BT-116', index), sum === undefined ? 'lines, allowances or charges of the category' : writeUnits(sum), row.base ?? ABSENT);
  });
};

const amounts = (family: VatFamily) => (view: EnView, report: Report): void =>
  eachRow(view, family, (row, index) => {
    if (isMalformed(row.amount) || isMalformed(row.base) || isMalformed(row.rate)) return;
    const amount = unitsOf(row.amount);
    const [base, rate] = [unitsOf(row.base), unitsOf(row.rate)];
    // The regional taxes have no such test in CII.
    if (family.amount === 'product' && !view.ubl && family.category !== 'S') return;
    const expected = family.amount === 'zero' ? 0n : base === undefined || rate === undefined ? undefined : vatOf(base, rate);
    const right = amount !== undefined && expected !== undefined && (family.amount === 'zero' ? amount === 0n : absolute(absolute(amount) - expected) < ONE);
    if (!right) report(() => pathOf(view.document, 'BT-117', index), expected === undefined ? 'the base times the rate' : writeUnits(expected), row.amount ?? ABSENT);
  });

const reasons = (family: VatFamily) => (view: EnView, report: Report): void =>
  eachRow(view, family, (row, index) => {
    const given = row.reason ?? row.reasonCode;
    const right = (given !== undefined) === (family.reason === 'required');
    if (!right) report(() => pathOf(view.document, 'BT-120', index), family.reason === 'required' ? 'a reason or its code' : ABSENT, given ?? ABSENT);
  });

function rulesOf(family: VatFamily): EnRule[] {
  const none = family.seller === 'none';
  const ids = none ? ['There must be no VAT identifiers of seller and buyer', 'No deben existir NIF-IVA de vendedor y comprador'] as const
    : ['The seller, and the buyer where the category asks for it, must be identified for tax', 'El vendedor, y el comprador si la categoría lo exige, deben estar identificados fiscalmente'] as const;
  return [
    familyRule(family, '01', 'BG-23', 'The VAT breakdown must fit the categories used', 'El desglose de IVA debe corresponder a las categorías usadas', breakdowns(family)),
    familyRule(family, '02', 'BT-31', `${ids[0]}, by a line`, `${ids[1]}, por una línea`, byLine(family)),
    familyRule(family, '03', 'BT-31', `${ids[0]}, by an allowance`, `${ids[1]}, por un descuento`, needsIds(family, (use) => use.firstAllowance >= 0)),
    familyRule(family, '04', 'BT-31', `${ids[0]}, by a charge`, `${ids[1]}, por un cargo`, needsIds(family, (use) => use.firstCharge >= 0)),
    familyRule(family, '05', 'BT-152', 'The VAT rate of a line does not fit', 'El tipo de IVA de una línea no corresponde', lineRates(family)),
    familyRule(family, '06', 'BT-96', 'The VAT rate of an allowance does not fit', 'El tipo de IVA de un descuento no corresponde', otherRates(family, false)),
    familyRule(family, '07', 'BT-103', 'The VAT rate of a charge does not fit', 'El tipo de IVA de un cargo no corresponde', otherRates(family, true)),
    familyRule(family, '08', 'BT-116', 'The taxable amount is not lines plus charges minus allowances', 'La base no es líneas más cargos menos descuentos', bases(family)),
    familyRule(family, '09', 'BT-117', 'The VAT amount is wrong', 'La cuota de IVA es incorrecta', amounts(family)),
    familyRule(family, '10', 'BT-120', family.reason === 'required' ? 'The breakdown must say why there is no VAT' : 'The breakdown must give no exemption reason',
      family.reason === 'required' ? 'El desglose debe decir por qué no hay IVA' : 'El desglose no debe indicar motivo de exención', reasons(family)),
  ];
}

const [intra, outside] = ['K', 'O'].map((code) => VAT_FAMILIES.find(({ category }) => category === code));

const hasRow = ({ document }: EnView, code: string): boolean => document.vat.some((row) => isOf(row, code));

const INTRA_RULES: readonly EnRule[] = intra === undefined ? [] : [
  familyRule(intra, '11', 'BT-72', 'There must be a delivery date or an invoicing period', 'Debe existir fecha de entrega o período de facturación', (view, report) => {
    const { delivery, period } = view.document;
    if (hasRow(view, 'K') && delivery?.date === undefined && !(period?.dated ?? false) && (!view.ubl || period?.code === undefined)) report(pathOf(view.document, 'BT-72'), 'a date or a period', ABSENT);
  }),
  familyRule(intra, '12', 'BT-80', 'There must be the country of delivery', 'Debe existir el país de entrega', (view, report) => {
    if (hasRow(view, 'K') && (view.document.delivery?.address?.country?.length ?? 0) < (view.ubl ? 2 : 1)) report(pathOf(view.document, 'BT-80'), 'a country code', view.document.delivery?.address?.country ?? ABSENT);
  }),
];

/** Nothing else may stand beside what is outside the scope of VAT. */
const alone = (number: string, term: string, en: string, es: string, others: (view: EnView) => string | undefined): EnRule[] => outside === undefined ? [] : [
  familyRule(outside, number, term, en, es, (view, report) => {
    const other = hasRow(view, 'O') ? others(view) : undefined;
    if (other !== undefined) report(pathOf(view.document, term), 'O', other);
  }),
];

const otherThanO = (view: EnView, categories: Iterable<TaxCategory | undefined>): string | undefined => {
  for (const category of categories) {
    if (category?.code !== undefined && category.code !== 'O' && (!view.ubl || isVat(category))) return category.code;
  }
  return undefined;
};
function* lineCategories({ document }: EnView): Iterable<TaxCategory> {
  for (const { categories } of document.lines) yield* categories;
}
function* otherCategories({ document }: EnView, charge: boolean): Iterable<TaxCategory | undefined> {
  for (const row of document.allowances) if (row.indicator !== undefined && row.charge === charge) yield row.category;
}
/** CII looks at lines and breakdown alike, and at allowances and charges alike. */
const inRows = (view: EnView): string | undefined => otherThanO(view, view.document.vat) ?? (view.ubl ? undefined : otherThanO(view, lineCategories(view)));
const inLines = (view: EnView): string | undefined => otherThanO(view, lineCategories(view)) ?? (view.ubl ? undefined : otherThanO(view, view.document.vat));
const inOthers = (charge: boolean) => (view: EnView): string | undefined =>
  otherThanO(view, otherCategories(view, charge)) ?? (view.ubl ? undefined : otherThanO(view, otherCategories(view, !charge)));

const OUTSIDE_RULES: readonly EnRule[] = [
  ...alone('11', 'BG-23', 'There must be no other VAT breakdown', 'No debe existir otro desglose de IVA', inRows),
  ...alone('12', 'BT-151', 'There must be no line of another category', 'No debe existir una línea de otra categoría', inLines),
  ...alone('13', 'BT-95', 'There must be no allowance of another category', 'No debe existir un descuento de otra categoría', inOthers(false)),
  ...alone('14', 'BT-102', 'There must be no charge of another category', 'No debe existir un cargo de otra categoría', inOthers(true)),
];

export const VAT_RULES: readonly EnRule[] = [...VAT_FAMILIES.flatMap(rulesOf), ...INTRA_RULES, ...OUTSIDE_RULES];
