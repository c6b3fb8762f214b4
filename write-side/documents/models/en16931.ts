import type { Structure } from './structure.js';

/** A value that may be absent. Models name every field, so that all rows of one kind have one shape and many of them stay fast. */
export type Text = string | undefined;

/** An identifier with the scheme it names (`@schemeID`, `@listID`). */
export interface Identifier {
  readonly text: string;
  readonly scheme: Text;
  /** Version of the scheme, of classifications (UBL). */
  readonly version?: Text;
}

/** BG-5, BG-8, BG-12, BG-15. */
export interface EnAddress {
  readonly line1: Text;
  readonly city: Text;
  readonly postCode: Text;
  readonly country: Text;
  /** Whether `country` is there at all, be it empty. */
  readonly named: boolean;
}

/** BG-6, BG-9. */
export interface EnContact {
  readonly name: Text;
  readonly department: Text;
  readonly phone: Text;
  readonly email: Text;
}

/** BT-31, BT-32, BT-48, BT-63: an id and what it is of. */
export interface TaxRegistration {
  readonly id: Text;
  /** UBL `VAT` or another tax scheme, CII `VA` or `FC`. */
  readonly scheme: Text;
  /** Whether the scheme says VAT. */
  readonly vat: boolean;
}

/** Seller (BG-4), buyer (BG-7), payee (BG-10), tax representative (BG-11), values as written. */
export interface EnParty {
  /** BT-27 / BT-44 / BT-59 / BT-62. */
  readonly name: Text;
  /** BT-28 / BT-45. */
  readonly tradingName: Text;
  /** BT-29 / BT-46 / BT-60, at most 16. */
  readonly identifiers: readonly Identifier[];
  /** BT-30 / BT-47 / BT-61. */
  readonly legalId: Identifier | undefined;
  /** At most 16. */
  readonly registrations: readonly TaxRegistration[];
  /** BT-34 / BT-49; `undefined` scheme where none is named. */
  readonly endpoint: Identifier | undefined;
  /** Whether the group of the electronic address is there. */
  readonly hasEndpoint: boolean;
  /** The scheme of the electronic address, also of an empty one. */
  readonly endpointScheme: Text;
  readonly address: EnAddress | undefined;
  readonly contact: EnContact | undefined;
}

/** BG-14, BG-26. Days as written. */
export interface EnPeriod {
  readonly start: Text;
  readonly end: Text;
  /** BT-8 in UBL. */
  readonly code: Text;
  /** Children that are dates, whatever they say. */
  readonly dated: boolean;
}

/** An amount with the currency it names. */
export interface TaxAmount {
  readonly amount: Text;
  readonly currency: Text;
  /** VAT breakdowns inside (UBL); 0 in CII, where they stand apart. */
  readonly rows: number;
}

/** A VAT category with its rate: of a line (BT-151), an allowance or charge (BT-95, BT-102) or the breakdown (BT-118). */
export interface TaxCategory {
  readonly code: Text;
  readonly rate: Text;
  /** As written, nearly always `VAT`. */
  readonly scheme: Text;
  /** BT-120. */
  readonly reason: Text;
  /** BT-121. */
  readonly reasonCode: Text;
}

/** One row of the VAT breakdown, BG-23. */
export interface VatRow extends TaxCategory {
  readonly base: Text;
  readonly amount: Text;
  readonly baseCurrency: Text;
  readonly amountCurrency: Text;
  /** Index of the tax total it stands in (UBL); -1 in CII. */
  readonly total: number;
  /** BT-7 and BT-8 in CII. */
  readonly taxPointDate: Text;
  readonly taxPointCode: Text;
}

/** A document level (BG-20, BG-21) or line level (BG-27, BG-28) allowance or charge. */
export interface AllowanceCharge {
  /** The indicator as written. */
  readonly indicator: Text;
  /** False also where the indicator says neither. */
  readonly charge: boolean;
  readonly amount: Text;
  readonly currency: Text;
  readonly base: Text;
  readonly baseCurrency: Text;
  readonly percent: Text;
  readonly reason: Text;
  readonly reasonCode: Text;
  /** How many reasons are given. */
  readonly reasons: number;
  readonly category: TaxCategory | undefined;
}

/** BG-32. */
export interface ItemAttribute {
  readonly name: Text;
  readonly value: Text;
}

/** The price details of a line, BG-29. */
export interface EnPrice {
  /** BT-146. */
  readonly net: Text;
  readonly currency: Text;
  /** BT-149, BT-150. */
  readonly quantity: Text;
  readonly unit: Text;
  /** BT-148. */
  readonly gross: Text;
  /** BT-149, BT-150 beside the gross price (CII). */
  readonly grossQuantity: Text;
  readonly grossUnit: Text;
  /** BT-147. */
  readonly discount: Text;
  /** Indicator of the price discount, as written. */
  readonly indicator: Text;
}

/** An invoice line, BG-25. */
export interface EnLine {
  readonly id: Text;
  readonly quantity: Text;
  readonly unit: Text;
  readonly netAmount: Text;
  readonly currency: Text;
  readonly name: Text;
  readonly price: EnPrice | undefined;
  readonly categories: readonly TaxCategory[];
  readonly allowances: readonly AllowanceCharge[];
  readonly period: EnPeriod | undefined;
  /** BT-128. */
  readonly documents: readonly EnReference[];
  /** BT-157. */
  readonly standardId: Identifier | undefined;
  /** BT-158, at most 64. */
  readonly classifications: readonly Identifier[];
  /** BT-159. */
  readonly origin: Text;
  /** Whether the line names one of the order, BT-132 (UBL). */
  readonly hasOrderLine: boolean;
  readonly attributes: readonly ItemAttribute[];
  /** Sub lines (XRechnung extension), where there are some. */
  readonly children: readonly EnLine[];
}

/** A supporting or referenced document: BT-17, BT-18, BT-128, BG-24. */
export interface EnReference {
  readonly id: Identifier | undefined;
  readonly typeCode: Text;
  readonly uri: Text;
  /** Whether something is attached (BT-125), and what the attachment says of itself. */
  readonly attached: boolean;
  readonly external: boolean;
  readonly mime: Text;
  readonly filename: Text;
  readonly description: boolean;
  /** What the description says (UBL). */
  readonly text: Text;
}

/** BG-3. */
export interface PrecedingInvoice {
  readonly id: Text;
  readonly date: Text;
}

/** BG-16 with BG-17, BG-18 and BG-19. */
export interface PaymentMeans {
  /** BT-81. */
  readonly code: Text;
  /** BT-83. */
  readonly paymentId: Text;
  /** Whether BG-17 is there. */
  readonly hasAccount: boolean;
  /** BT-84; in CII the IBAN. */
  readonly account: Text;
  /** BT-84 in CII where it is no IBAN. */
  readonly proprietary: Text;
  /** Identifier of the bank of the account (UBL). */
  readonly branch: Text;
  readonly hasCard: boolean;
  /** BT-87. */
  readonly card: Text;
  readonly hasMandate: boolean;
  /** BT-89. */
  readonly mandate: Text;
  /** BT-91. */
  readonly debited: Text;
}

/** BG-13. */
export interface EnDelivery {
  /** BT-72. */
  readonly date: Text;
  /** BT-71. */
  readonly location: Identifier | undefined;
  /** Whether CII writes it with a scheme, and without one; only one of both should be there. */
  readonly hasGlobalId: boolean;
  readonly hasPlainId: boolean;
  readonly address: EnAddress | undefined;
}

export interface EnNote {
  /** BT-21. */
  readonly subject: Text;
  /** BT-22. */
  readonly text: Text;
}

/** Document totals, BG-22, by their terms. */
export const TOTAL_TERMS = ['BT-106', 'BT-107', 'BT-108', 'BT-109', 'BT-112', 'BT-113', 'BT-114', 'BT-115'] as const;
export type TotalTerm = (typeof TOTAL_TERMS)[number];
export type EnTotals = Readonly<Record<TotalTerm, Text>>;

/** A third party payment of the XRechnung extension, BG-DEX-09. */
export interface ThirdPartyPayment {
  readonly type: Text;
  readonly amount: Text;
  readonly currency: Text;
  readonly description: Text;
}

/** The semantic model of EN 16931 as far as rules read it; UBL and CII decode to the same. */
export interface EnDocument {
  readonly syntax: 'ubl' | 'cii';
  readonly root: 'Invoice' | 'CreditNote' | 'CrossIndustryInvoice';
  /** BT-24. */
  readonly specification: Text;
  /** BT-23. */
  readonly process: Text;
  /** BT-1. */
  readonly number: Text;
  /** BT-2. */
  readonly issueDate: Text;
  /** BT-3. */
  readonly typeCode: Text;
  /** BT-5. */
  readonly currency: Text;
  /** BT-6. */
  readonly taxCurrency: Text;
  /** BT-7. */
  readonly taxPointDate: Text;
  /** BT-9. */
  readonly dueDate: Text;
  /** BT-10. */
  readonly buyerReference: Text;
  /** BT-12. */
  readonly contract: Text;
  /** BT-13. */
  readonly order: Text;
  /** BT-17 in UBL. */
  readonly tender: Text;
  /** BT-20, the first. */
  readonly terms: Text;
  /** BT-90 in CII; in UBL it is an identifier of the seller or payee. */
  readonly creditor: Text;
  /** BT-89 in CII; in UBL it stands in the payment means. */
  readonly mandate: Text;
  /** Version of UBL that the document names. */
  readonly version: Text;
  /** At most 256. */
  readonly notes: readonly EnNote[];
  readonly seller: EnParty;
  readonly buyer: EnParty;
  readonly payee: EnParty | undefined;
  readonly representative: EnParty | undefined;
  readonly delivery: EnDelivery | undefined;
  readonly period: EnPeriod | undefined;
  readonly preceding: readonly PrecedingInvoice[];
  readonly references: readonly EnReference[];
  readonly payments: readonly PaymentMeans[];
  readonly thirdParty: readonly ThirdPartyPayment[];
  /** Whether BG-22 is there. */
  readonly hasTotals: boolean;
  readonly totals: EnTotals;
  /** Currencies that the totals name beside the document's, by term (UBL). */
  readonly totalCurrencies: EnTotals;
  /** BT-110 and BT-111, told apart by their currency; at most 16. */
  readonly taxTotals: readonly TaxAmount[];
  readonly vat: readonly VatRow[];
  readonly allowances: readonly AllowanceCharge[];
  readonly lines: readonly EnLine[];
  /** Elements and attributes that the syntax binding does not allow, and how often others occur. */
  readonly structure: Structure;
}
