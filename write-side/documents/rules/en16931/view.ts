import type { AllowanceCharge, EnDocument, EnParty, TaxCategory, Text, TotalTerm } from '../../models/en16931.js';
import { Sum, unitsOf, type Units } from './decimal.js';

const VAT = 'VAT';
/** Whether the category is one of VAT, and not of another tax. */
export const isVat = (category: TaxCategory): boolean => category.scheme === VAT || category.scheme?.toUpperCase() === VAT;

/** Where one VAT category is used, and the sums that its rules compare. */
export interface CategoryUse {
  /** Lines of the category: how many, and the first with VAT scheme (-1: none). */
  lines: number;
  vatLines: number;
  firstLine: number;
  /** The first document level allowance and charge with VAT scheme (-1: none). */
  firstAllowance: number;
  firstCharge: number;
  /** Allowances and charges, with and without VAT scheme. */
  others: number;
  vatOthers: number;
  rows: number;
  vatRows: number;
  firstRow: number;
  /** Lines + charges − allowances. */
  readonly net: Sum;
  readonly byRate: Map<Units, Sum>;
}

const use = (): CategoryUse => ({
  lines: 0, vatLines: 0, firstLine: -1, firstAllowance: -1, firstCharge: -1, others: 0, vatOthers: 0, rows: 0, vatRows: 0, firstRow: -1, net: new Sum(), byRate: new Map(),
});

/** An EN 16931 document with what several rules need, prepared in one pass over its rows. */
export interface EnView {
  readonly document: EnDocument;
  readonly ubl: boolean;
  readonly totals: Readonly<Record<TotalTerm, Units | undefined>>;
  readonly lineSum: Units | undefined;
  readonly allowanceSum: Units | undefined;
  readonly chargeSum: Units | undefined;
  readonly hasAllowances: boolean;
  readonly hasCharges: boolean;
  readonly uses: ReadonlyMap<string, CategoryUse>;
  /** Ids by which the parties are known to the tax office. */
  readonly sellerVat: boolean;
  readonly sellerTax: boolean;
  readonly buyerVat: boolean;
  readonly buyerLegal: boolean;
  readonly representativeVat: boolean;
}

const hasVatId = (party: EnParty | undefined): boolean => party?.registrations.some((row) => row.vat && row.id !== undefined) ?? false;

/** CII knows a tax number by the scheme FC; UBL by any scheme. */
const hasTaxId = ({ syntax }: EnDocument, party: EnParty): boolean =>
  party.registrations.some((row) => row.id !== undefined && (syntax === 'ubl' || row.vat || row.scheme === 'FC'));

type Amount = (sum: Sum) => void;

class Uses {
  readonly byCode = new Map<string, CategoryUse>();

  of(code: string): CategoryUse {
    const known = this.byCode.get(code);
    if (known) return known;
    const made = use();
    this.byCode.set(code, made);
    return made;
  }

  add(found: CategoryUse, rate: Text, amount: Amount): void {
    amount(found.net);
    const key = unitsOf(rate);
    if (key === undefined) return;
    let sum = found.byRate.get(key);
    if (!sum) found.byRate.set(key, (sum = new Sum()));
    amount(sum);
  }
}

/** A line that names a category twice counts once. */
const isFirst = (categories: readonly TaxCategory[], category: TaxCategory): boolean => categories.find(({ code }) => code === category.code) === category;

function useOfLines({ lines }: EnDocument, uses: Uses): Units | undefined {
  const sum = new Sum();
  for (const [index, { categories, netAmount }] of lines.entries()) {
    sum.add(netAmount);
    for (const category of categories) {
      if (category.code === undefined) continue;
      const found = uses.of(category.code);
      found.lines += 1;
      if (isVat(category)) {
        found.vatLines += 1;
        if (found.firstLine < 0) found.firstLine = index;
      }
      if (categories.length === 1 || isFirst(categories, category)) uses.add(found, category.rate, (net) => net.add(netAmount));
    }
  }
  return sum.total;
}

function useOfAllowance(row: AllowanceCharge, index: number, uses: Uses): void {
  const { category } = row;
  if (category?.code === undefined) return;
  const found = uses.of(category.code);
  found.others += 1;
  if (isVat(category)) {
    found.vatOthers += 1;
    if (row.charge && found.firstCharge < 0) found.firstCharge = index;
    if (!row.charge && row.indicator !== undefined && found.firstAllowance < 0) found.firstAllowance = index;
  }
  if (row.indicator === undefined) return;
  uses.add(found, category.rate, (net) => (row.charge ? net.add(row.amount) : net.subtract(row.amount)));
}

function useOfRows({ vat }: EnDocument, uses: Uses): void {
  for (const [index, row] of vat.entries()) {
    if (row.code === undefined) continue;
    const found = uses.of(row.code);
    found.rows += 1;
    if (isVat(row)) found.vatRows += 1;
    if (found.firstRow < 0) found.firstRow = index;
  }
}

const totalsOf = ({ totals }: EnDocument): EnView['totals'] => ({
  'BT-106': unitsOf(totals['BT-106']),
  'BT-107': unitsOf(totals['BT-107']),
  'BT-108': unitsOf(totals['BT-108']),
  'BT-109': unitsOf(totals['BT-109']),
  'BT-112': unitsOf(totals['BT-112']),
  'BT-113': unitsOf(totals['BT-113']),
  'BT-114': unitsOf(totals['BT-114']),
  'BT-115': unitsOf(totals['BT-115']),
});

/** Prepares a document for its rules; the cost is flat per line. */
export function viewOf(document: EnDocument): EnView {
  const uses = new Uses();
  const lineSum = useOfLines(document, uses);
  const allowances = new Sum();
  const charges = new Sum();
  for (const [index, row] of document.allowances.entries()) {
    useOfAllowance(row, index, uses);
    if (row.indicator !== undefined) (row.charge ? charges : allowances).add(row.amount);
  }
  useOfRows(document, uses);
  return {
    document,
    ubl: document.syntax === 'ubl',
    totals: totalsOf(document),
    lineSum,
    allowanceSum: allowances.total,
    chargeSum: charges.total,
    hasAllowances: document.allowances.some((row) => !row.charge && row.indicator !== undefined),
    hasCharges: document.allowances.some((row) => row.charge),
    uses: uses.byCode,
    sellerVat: hasVatId(document.seller),
    sellerTax: hasTaxId(document, document.seller),
    buyerVat: hasVatId(document.buyer),
    buyerLegal: document.buyer.legalId !== undefined,
    representativeVat: hasVatId(document.representative),
  };
}
