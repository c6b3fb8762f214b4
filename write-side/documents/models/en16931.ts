/** A seller or buyer of EN 16931, values as written. */
export interface EnParty {
  /** BT-27 / BT-44. */
  readonly name?: string;
  /** BT-28 / BT-45. */
  readonly tradingName?: string;
  /** BT-31 / BT-48. */
  readonly vatId?: string;
  /** BT-30 / BT-47. */
  readonly legalId?: string;
  /** BT-32. */
  readonly taxId?: string;
  /** BT-29 / BT-46, at most 16. */
  readonly identifiers: readonly string[];
  /** Whether BG-5 / BG-8 is there. */
  readonly hasAddress: boolean;
  /** BT-40 / BT-55. */
  readonly country?: string;
}

/** An amount with the currency it names. */
export interface TaxAmount {
  readonly amount: string;
  readonly currency?: string;
}

/** One row of the VAT breakdown, BG-23. */
export interface VatRow {
  readonly base?: string;
  readonly amount?: string;
  readonly category?: string;
  readonly rate?: string;
  /** Tax scheme, nearly always `VAT`. */
  readonly scheme?: string;
}

/** A document level (BG-20, BG-21) or line level (BG-27, BG-28) allowance or charge. */
export interface AllowanceCharge {
  readonly charge: boolean;
  readonly amount?: string;
}

/** An invoice line, BG-25. */
export interface EnLine {
  readonly id?: string;
  readonly quantity?: string;
  readonly unit?: string;
  readonly netAmount?: string;
  readonly name?: string;
  readonly netPrice?: string;
  readonly grossPrice?: string;
  readonly allowances: readonly AllowanceCharge[];
}

/** Document totals, BG-22, by their terms. */
export interface EnTotals {
  readonly 'BT-106'?: string;
  readonly 'BT-107'?: string;
  readonly 'BT-108'?: string;
  readonly 'BT-109'?: string;
  readonly 'BT-112'?: string;
  readonly 'BT-113'?: string;
  readonly 'BT-114'?: string;
  readonly 'BT-115'?: string;
}
export type TotalTerm = keyof EnTotals;

/** The semantic model of EN 16931 as far as rules read it; UBL and CII decode to the same. */
export interface EnDocument {
  readonly syntax: 'ubl' | 'cii';
  readonly root: 'Invoice' | 'CreditNote' | 'CrossIndustryInvoice';
  /** BT-24. */
  readonly specification?: string;
  /** BT-1. */
  readonly number?: string;
  /** BT-2. */
  readonly issueDate?: string;
  /** BT-3. */
  readonly typeCode?: string;
  /** BT-5. */
  readonly currency?: string;
  /** BT-6. */
  readonly taxCurrency?: string;
  /** BT-7. */
  readonly taxPointDate?: string;
  /** BT-9. */
  readonly dueDate?: string;
  readonly seller: EnParty;
  readonly buyer: EnParty;
  readonly totals: EnTotals;
  /** BT-110 and BT-111, told apart by their currency; at most 16. */
  readonly taxTotals: readonly TaxAmount[];
  readonly vat: readonly VatRow[];
  readonly allowances: readonly AllowanceCharge[];
  readonly lines: readonly EnLine[];
}
