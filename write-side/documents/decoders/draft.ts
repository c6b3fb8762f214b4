import type { Element, RawAttributes } from '../element.js';
import type {
  AllowanceCharge, EnAddress, EnContact, EnDelivery, EnDocument, EnLine, EnNote, EnParty, EnPeriod, EnPrice, EnReference, Identifier, ItemAttribute,
  PaymentMeans, PrecedingInvoice, TaxAmount, TaxCategory, TaxRegistration, Text, ThirdPartyPayment, TotalTerm, VatRow,
} from '../models/en16931.js';
import type { StructureBreach } from '../models/structure.js';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface PartyDraft extends Mutable<EnParty> {
  identifiers: Identifier[];
  registrations: Mutable<TaxRegistration>[];
  address: Mutable<EnAddress> | undefined;
  contact: Mutable<EnContact> | undefined;
}
export interface AllowanceDraft extends Mutable<AllowanceCharge> {
  category: Mutable<TaxCategory> | undefined;
}
export interface LineDraft extends Mutable<EnLine> {
  price: Mutable<EnPrice> | undefined;
  categories: Mutable<TaxCategory>[];
  allowances: AllowanceDraft[];
  period: Mutable<EnPeriod> | undefined;
  documents: Mutable<EnReference>[];
  classifications: Identifier[];
  attributes: Mutable<ItemAttribute>[];
  children: LineDraft[];
}
interface DeliveryDraft extends Mutable<EnDelivery> {
  address: Mutable<EnAddress> | undefined;
}

/** The EN 16931 document while it is read: the same shape with open rows. */
export interface EnDraft extends Mutable<EnDocument> {
  notes: Mutable<EnNote>[];
  seller: PartyDraft;
  buyer: PartyDraft;
  payee: PartyDraft | undefined;
  representative: PartyDraft | undefined;
  delivery: DeliveryDraft | undefined;
  period: Mutable<EnPeriod> | undefined;
  preceding: Mutable<PrecedingInvoice>[];
  references: Mutable<EnReference>[];
  payments: Mutable<PaymentMeans>[];
  thirdParty: Mutable<ThirdPartyPayment>[];
  totals: Record<TotalTerm, Text>;
  totalCurrencies: Record<TotalTerm, Text>;
  taxTotals: Mutable<TaxAmount>[];
  vat: Mutable<VatRow>[];
  allowances: AllowanceDraft[];
  lines: LineDraft[];
  structure: { breaches: StructureBreach[]; empty: string[]; dates: string[]; amounts: string[] };
}

/** Where the reader stands: the row that the next field belongs to. */
export interface Cursor {
  party: PartyDraft | undefined;
  registration: Mutable<TaxRegistration> | undefined;
  address: Mutable<EnAddress> | undefined;
  period: Mutable<EnPeriod> | undefined;
  allowance: AllowanceDraft | undefined;
  tax: Mutable<TaxCategory> | undefined;
  row: Mutable<VatRow> | undefined;
  reference: Mutable<EnReference> | undefined;
  payment: Mutable<PaymentMeans> | undefined;
  line: LineDraft | undefined;
}

/** What the tables write to. */
export interface Reading {
  readonly document: EnDraft;
  readonly at: Cursor;
  /** Lines around the one being read (sub lines). */
  readonly outer: LineDraft[];
  /** How often what the structure table counts has occurred since its context opened. */
  readonly counts: number[];
  /** Rules of the structure table that were told already and are told once. */
  readonly told: Set<number>;
  /** The field that opened last and has had no text yet. */
  opened: object | undefined;
}

/** Notes, and what a party or a line has several of (identifiers, registrations, attributes, categories …): so many are looked at, which `docs/rules/known-differences.md` says. */
const MAX_FEW = 64;

export const party = (): PartyDraft => ({
  name: undefined, tradingName: undefined, identifiers: [], legalId: undefined, registrations: [], endpoint: undefined, hasEndpoint: false, endpointScheme: undefined,
  address: undefined, contact: undefined,
});
export const address = (): Mutable<EnAddress> => ({ line1: undefined, city: undefined, postCode: undefined, country: undefined, named: false });
export const contact = (): Mutable<EnContact> => ({ name: undefined, department: undefined, phone: undefined, email: undefined });
export const period = (): Mutable<EnPeriod> => ({ start: undefined, end: undefined, code: undefined, dated: false });
export const category = (): Mutable<TaxCategory> => ({ code: undefined, rate: undefined, scheme: undefined, reason: undefined, reasonCode: undefined });
export const vatRow = (total: number): Mutable<VatRow> => ({
  code: undefined, rate: undefined, scheme: undefined, reason: undefined, reasonCode: undefined, base: undefined, amount: undefined, baseCurrency: undefined,
  amountCurrency: undefined, total, taxPointDate: undefined, taxPointCode: undefined,
});
export const allowance = (): AllowanceDraft => ({
  indicator: undefined, charge: false, amount: undefined, currency: undefined, base: undefined, baseCurrency: undefined, percent: undefined, reason: undefined,
  reasonCode: undefined, reasons: 0, category: undefined,
});
export const price = (): Mutable<EnPrice> => ({
  net: undefined, currency: undefined, quantity: undefined, unit: undefined, gross: undefined, grossQuantity: undefined, grossUnit: undefined, discount: undefined,
  indicator: undefined,
});
export const reference = (): Mutable<EnReference> =>
  ({ id: undefined, typeCode: undefined, uri: undefined, attached: false, external: false, mime: undefined, filename: undefined, description: false, text: undefined });
export const payment = (): Mutable<PaymentMeans> => ({
  code: undefined, paymentId: undefined, hasAccount: false, account: undefined, proprietary: undefined, branch: undefined, hasCard: false, card: undefined, hasMandate: false, mandate: undefined, debited: undefined,
});

/** Shared by all lines that have none, so that a document of a hundred thousand plain lines stays small. */
const NONE: never[] = [];
const line = (): LineDraft => ({
  id: undefined, quantity: undefined, unit: undefined, netAmount: undefined, currency: undefined, name: undefined, price: undefined, categories: NONE, allowances: NONE,
  period: undefined, documents: NONE, standardId: undefined, classifications: NONE, origin: undefined, hasOrderLine: false, attributes: NONE, children: NONE,
});

const totals = (): Record<TotalTerm, Text> => ({
  'BT-106': undefined, 'BT-107': undefined, 'BT-108': undefined, 'BT-109': undefined, 'BT-112': undefined, 'BT-113': undefined, 'BT-114': undefined, 'BT-115': undefined,
});

const draft = (syntax: EnDocument['syntax'], root: EnDocument['root']): EnDraft => ({
  syntax, root, specification: undefined, process: undefined, number: undefined, issueDate: undefined, typeCode: undefined, currency: undefined, taxCurrency: undefined,
  taxPointDate: undefined, dueDate: undefined, buyerReference: undefined, contract: undefined, order: undefined, tender: undefined, terms: undefined, creditor: undefined, mandate: undefined, version: undefined,
  notes: [], seller: party(), buyer: party(), payee: undefined, representative: undefined, delivery: undefined, period: undefined, preceding: [], references: [],
  payments: [], thirdParty: [], hasTotals: false, totals: totals(), totalCurrencies: totals(), taxTotals: [], vat: [], allowances: [], lines: [],
  structure: { breaches: [], empty: [], dates: [], amounts: [] },
});

export const reading = (syntax: EnDocument['syntax'], root: EnDocument['root'], counters: number): Reading => ({
  document: draft(syntax, root),
  at: {
    party: undefined, registration: undefined, address: undefined, period: undefined, allowance: undefined, tax: undefined, row: undefined, reference: undefined,
    payment: undefined, line: undefined,
  },
  outer: [],
  counts: Array.from({ length: counters }, () => 0),
  told: new Set(),
  opened: undefined,
});

/** A row more, unless there are too many of those that no sum is made of; `NONE` is never written to. */
export function added<Row>(rows: Row[], row: Row, max = Number.POSITIVE_INFINITY): Row[] {
  if (rows.length === 0) return [row];
  if (rows.length < max) rows.push(row);
  return rows;
}

type Value = (reading: Reading, text: string, attributes: RawAttributes) => void;
type Target<K extends string, V> = (reading: Reading) => Partial<Record<K, V | undefined>> | undefined;

/** Setters for the element tables. The first occurrence counts. */
export const text = <K extends string>(of: Target<K, string>, key: K): Value => (reading, value) => {
  const target = of(reading);
  if (target && target[key] === undefined) target[key] = value;
};
type Hooks = Required<Pick<Element<Reading>, 'open' | 'value'>>;

/** A value with what one of its attributes says; the attribute counts although the element be empty. */
export const textWith = <K extends string, L extends string>(of: Target<K | L, string>, key: K, attribute: string, attributeKey: L): Hooks => ({
  open: (reading, attributes) => {
    const target = of(reading);
    if (target && target[key] === undefined && target[attributeKey] === undefined) target[attributeKey] = attributes[attribute]?.trim();
  },
  value: text(of, key),
});

/** An identifier with its scheme; an empty one has an empty text. */
export const identifier = <K extends string>(of: Target<K, Identifier>, key: K, attribute = 'schemeID'): Hooks => ({
  open: (reading, attributes) => {
    const target = of(reading);
    if (target && target[key] === undefined) target[key] = { text: '', scheme: attributes[attribute]?.trim() };
  },
  value: (reading, value) => {
    const target = of(reading);
    const known = target?.[key];
    if (target && known?.text === '') target[key] = { text: value, scheme: known.scheme };
  },
});

/** The text of the last of a list of identifiers, which opened before it. */
const lastText = (ids: Identifier[] | undefined, value: string): void => {
  const last = ids?.at(-1);
  if (ids && last?.text === '') ids[ids.length - 1] = { ...last, text: value };
};
export const partyIdentifier: Hooks = {
  open: ({ at: { party: target } }, attributes) => {
    if (target && target.identifiers.length < MAX_FEW) target.identifiers.push({ text: '', scheme: attributes['schemeID']?.trim() });
  },
  value: ({ at }, value) => lastText(at.party?.identifiers, value),
};
export const classification: Hooks = {
  open: ({ at: { line: target } }, attributes) => {
    if (target) target.classifications = added(target.classifications, { text: '', scheme: attributes['listID']?.trim(), version: attributes['listVersionID']?.trim() }, MAX_FEW);
  },
  value: ({ at }, value) => lastText(at.line?.classifications, value),
};
/** UBL tells the scheme in an element that follows. */
export const NEVER = (): boolean => false;
export const registrationId = (isVat: (scheme: string | undefined) => boolean): Hooks => ({
  open: ({ at: { registration: row } }, attributes) => {
    if (!row || row.id !== undefined) return;
    row.id = '';
    row.vat = isVat(attributes['schemeID']?.trim());
    if (isVat !== NEVER) row.scheme ??= attributes['schemeID']?.trim();
  },
  value: ({ at: { registration: row } }, value) => {
    if (row?.id === '') row.id = value;
  },
});
export function chargeIndicator({ at: { allowance: target } }: Reading, value: string): void {
  if (!target || target.indicator !== undefined) return;
  target.indicator = value;
  target.charge = value === 'true' || value === '1';
}

export const total = (term: TotalTerm): Value => ({ document }, value, attributes) => {
  document.totals[term] ??= value;
  document.totalCurrencies[term] ??= attributes['currencyID']?.trim();
};

export function openLine({ document, at, outer }: Reading): void {
  const opened = line();
  const parent = at.line;
  if (parent) {
    outer.push(parent);
    parent.children = added(parent.children, opened);
  } else document.lines.push(opened);
  at.line = opened;
}
export function closeLine({ at, outer }: Reading): void {
  at.line = outer.pop();
}

/** An allowance or charge of the line that is open, or of the document. */
export function openAllowance({ document, at }: Reading): void {
  const opened = allowance();
  at.allowance = opened;
  if (at.line) at.line.allowances = added(at.line.allowances, opened);
  else document.allowances = added(document.allowances, opened);
}
export function closeAllowance({ at }: Reading): void {
  at.allowance = undefined;
}
export function openAllowanceTax({ at }: Reading): void {
  at.tax = category();
  if (at.allowance) at.allowance.category ??= at.tax;
}
export function openLineTax({ at }: Reading): void {
  at.tax = category();
  if (at.line) at.line.categories = added(at.line.categories, at.tax, MAX_FEW);
}
export function openPeriod({ document, at }: Reading): void {
  const opened = period();
  at.period = opened;
  if (at.line) at.line.period ??= opened;
  else document.period ??= opened;
}
export function openLinePrice({ at }: Reading): void {
  if (at.line) at.line.price ??= price();
}
export function openAttribute({ at }: Reading): void {
  if (at.line) at.line.attributes = added(at.line.attributes, { name: undefined, value: undefined }, MAX_FEW);
}
export function openReference({ document, at }: Reading): void {
  const opened = reference();
  at.reference = opened;
  if (at.line) at.line.documents = added(at.line.documents, opened, MAX_FEW);
  else document.references = added(document.references, opened);
}
export function openPayment({ document, at }: Reading): void {
  at.payment = payment();
  document.payments = added(document.payments, at.payment);
}
export function openNote({ document }: Reading): void {
  document.notes = added(document.notes, { subject: undefined, text: undefined }, MAX_FEW);
}
export function openPreceding({ document }: Reading): void {
  document.preceding = added(document.preceding, { id: undefined, date: undefined });
}

/** Who the fields of a party belong to. */
export const openParty = (which: 'seller' | 'buyer') => ({ document, at }: Reading): void => {
  at.party = document[which];
};
export const openOther = (which: 'payee' | 'representative') => ({ document, at }: Reading): void => {
  at.party = document[which] ??= party();
};
export function openEndpoint({ at: { party: target } }: Reading, attributes: RawAttributes): void {
  if (!target) return;
  target.hasEndpoint = true;
  target.endpointScheme ??= attributes['schemeID']?.trim();
}
const endpointId = identifier(({ at }) => at.party, 'endpoint');
export const endpoint: Hooks = {
  open: (reading, attributes) => {
    endpointId.open(reading, attributes);
    openEndpoint(reading, attributes);
  },
  value: endpointId.value,
};
export function openRegistration({ at }: Reading): void {
  at.registration = { id: undefined, scheme: undefined, vat: false };
  if (at.party) at.party.registrations = added(at.party.registrations, at.registration, MAX_FEW);
}
export function openPartyAddress({ at }: Reading): void {
  if (at.party) at.address = at.party.address ??= address();
}
export function openContact({ at }: Reading): void {
  if (at.party) at.party.contact ??= contact();
}
export function openDelivery({ document }: Reading): void {
  document.delivery ??= { date: undefined, location: undefined, hasGlobalId: false, hasPlainId: false, address: undefined };
}
export function openDeliveryAddress({ document, at }: Reading): void {
  if (document.delivery) at.address = document.delivery.address ??= address();
}
