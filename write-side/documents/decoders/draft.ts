import type { AllowanceCharge, EnDocument, EnLine, EnParty, TaxAmount, TotalTerm, VatRow } from '../models/en16931.js';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type PartyDraft = Mutable<EnParty> & { identifiers: string[] };
type LineDraft = Mutable<EnLine> & { allowances: Mutable<AllowanceCharge>[] };

/** The EN 16931 document while it is read: the same shape with open rows, and where the reader stands. */
export interface EnDraft extends Mutable<EnDocument> {
  seller: PartyDraft;
  buyer: PartyDraft;
  totals: Partial<Record<TotalTerm, string>>;
  taxTotals: Mutable<TaxAmount>[];
  vat: Mutable<VatRow>[];
  allowances: Mutable<AllowanceCharge>[];
  lines: LineDraft[];
}

const party = (): PartyDraft => ({ identifiers: [], hasAddress: false });

export const newDraft = (syntax: EnDocument['syntax'], root: EnDocument['root']): EnDraft => ({
  syntax, root, seller: party(), buyer: party(), totals: {}, taxTotals: [], vat: [], allowances: [], lines: [],
});

type TextKey = 'specification' | 'number' | 'issueDate' | 'typeCode' | 'currency' | 'taxCurrency' | 'taxPointDate' | 'dueDate';
type LineKey = 'id' | 'netAmount' | 'name' | 'netPrice' | 'grossPrice';
type VatKey = 'base' | 'amount' | 'category' | 'rate' | 'scheme';

const MAX_IDENTIFIERS = 16;
const MAX_TAX_TOTALS = 16;

/** Setters for the element tables. The first occurrence counts. */
export const header = (key: TextKey) => (draft: EnDraft, text: string): void => {
  draft[key] ??= text;
};
export const total = (term: TotalTerm) => (draft: EnDraft, text: string): void => {
  draft.totals[term] ??= text;
};
export const line = (key: LineKey) => (draft: EnDraft, text: string): void => {
  const row = draft.lines.at(-1);
  if (row) row[key] ??= text;
};
export function quantity(draft: EnDraft, text: string, attributes: Readonly<Record<string, string>>): void {
  const row = draft.lines.at(-1);
  if (!row || row.quantity !== undefined) return;
  row.quantity = text;
  const unit = attributes['unitCode']?.trim();
  if (unit) row.unit = unit;
}
/** Shared by all lines without allowances, so that a document of a million empty lines stays small. */
const NO_ALLOWANCES: Mutable<AllowanceCharge>[] = [];
export const addLine = (draft: EnDraft): void => void draft.lines.push({ allowances: NO_ALLOWANCES });

export const vat = (key: VatKey) => (draft: EnDraft, text: string): void => {
  const row = draft.vat.at(-1);
  if (row) row[key] ??= text;
};
export const addVat = (draft: EnDraft): void => void draft.vat.push({});

export function taxTotal(draft: EnDraft, text: string, attributes: Readonly<Record<string, string>>): void {
  if (draft.taxTotals.length >= MAX_TAX_TOTALS) return;
  const currency = attributes['currencyID'];
  draft.taxTotals.push(currency === undefined ? { amount: text } : { amount: text, currency });
}

type Rows = (draft: EnDraft) => Mutable<AllowanceCharge>[] | undefined;
export const documentAllowances: Rows = (draft) => draft.allowances;
export const lineAllowances: Rows = (draft) => {
  const row = draft.lines.at(-1);
  if (row?.allowances === NO_ALLOWANCES) row.allowances = [];
  return row?.allowances;
};
export const addAllowance = (rows: Rows) => (draft: EnDraft): void => void rows(draft)?.push({ charge: false });
export const chargeIndicator = (rows: Rows) => (draft: EnDraft, text: string): void => {
  const row = rows(draft)?.at(-1);
  if (row) row.charge = text === 'true' || text === '1';
};
export const allowanceAmount = (rows: Rows) => (draft: EnDraft, text: string): void => {
  const row = rows(draft)?.at(-1);
  if (row) row.amount ??= text;
};

export function addIdentifier(target: PartyDraft, text: string): void {
  if (target.identifiers.length < MAX_IDENTIFIERS) target.identifiers.push(text);
}

/** `BT-31` when the scheme is VAT, otherwise `BT-32`. */
export function addTaxRegistration(target: PartyDraft, id: string | undefined, isVat: boolean): void {
  if (id === undefined) return;
  if (isVat) target.vatId ??= id;
  else target.taxId ??= id;
}
