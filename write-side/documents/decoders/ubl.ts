import { erased, inNamespace, type Decoder, type Element } from '../element.js';
import type { EnDocument } from '../models/en16931.js';
import {
  addAllowance, addIdentifier, addLine, addTaxRegistration, addVat, allowanceAmount, chargeIndicator, documentAllowances, header, line,
  lineAllowances, newDraft, quantity, taxTotal, total, vat, type EnDraft, type PartyDraft,
} from './draft.js';

export const UBL_INVOICE_NAMESPACE = 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2';
export const UBL_CREDIT_NOTE_NAMESPACE = 'urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2';
const { group } = inNamespace('urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2');
const { field } = inNamespace('urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2');

/** A party's tax id comes before the scheme that says what it is, so it waits here. */
interface UblDraft extends EnDraft {
  registration: { id?: string; scheme?: string };
}

type Side = 'seller' | 'buyer';
const of = (side: Side, set: (party: PartyDraft, text: string) => void) =>
  field<UblDraft>((draft, text) => set(draft[side], text));

const taxScheme = (side: Side): Element<UblDraft> => group(
  {
    CompanyID: field((draft, text) => void (draft.registration.id ??= text)),
    TaxScheme: group({ ID: field((draft, text) => void (draft.registration.scheme ??= text)) }),
  },
  {
    open: (draft) => void (draft.registration = {}),
    close: ({ [side]: target, registration }) => addTaxRegistration(target, registration.id, registration.scheme?.toUpperCase() === 'VAT'),
  },
);

const party = (side: Side): Element<UblDraft> => group({
  Party: group({
    PartyIdentification: group({ ID: of(side, addIdentifier) }),
    PartyName: group({ Name: of(side, (target, text) => void (target.tradingName ??= text)) }),
    PostalAddress: group(
      { Country: group({ IdentificationCode: of(side, (target, text) => void (target.country ??= text)) }) },
      { open: (draft) => void (draft[side].hasAddress = true) },
    ),
    PartyTaxScheme: taxScheme(side),
    PartyLegalEntity: group({
      RegistrationName: of(side, (target, text) => void (target.name ??= text)),
      CompanyID: of(side, (target, text) => void (target.legalId ??= text)),
    }),
  }),
});

const allowance = (rows: typeof documentAllowances): Element<UblDraft> => group(
  { ChargeIndicator: field(chargeIndicator(rows)), Amount: field(allowanceAmount(rows)) },
  { open: addAllowance(rows) },
);

const invoiceLine: Element<UblDraft> = group(
  {
    ID: field(line('id')),
    InvoicedQuantity: field(quantity),
    CreditedQuantity: field(quantity),
    LineExtensionAmount: field(line('netAmount')),
    AllowanceCharge: allowance(lineAllowances),
    Item: group({ Name: field(line('name')) }),
    Price: group({
      PriceAmount: field(line('netPrice')),
      AllowanceCharge: group({ BaseAmount: field(line('grossPrice')) }),
    }),
  },
  { open: addLine },
);

const vatRow: Element<UblDraft> = group(
  {
    TaxableAmount: field(vat('base')),
    TaxAmount: field(vat('amount')),
    TaxCategory: group({ ID: field(vat('category')), Percent: field(vat('rate')), TaxScheme: group({ ID: field(vat('scheme')) }) }),
  },
  { open: addVat },
);

const totals: Element<UblDraft> = group({
  LineExtensionAmount: field(total('BT-106')),
  TaxExclusiveAmount: field(total('BT-109')),
  TaxInclusiveAmount: field(total('BT-112')),
  AllowanceTotalAmount: field(total('BT-107')),
  ChargeTotalAmount: field(total('BT-108')),
  PrepaidAmount: field(total('BT-113')),
  PayableRoundingAmount: field(total('BT-114')),
  PayableAmount: field(total('BT-115')),
});

const root = (uri: string): Element<UblDraft> => inNamespace(uri).group({
  CustomizationID: field(header('specification')),
  ID: field(header('number')),
  IssueDate: field(header('issueDate')),
  DueDate: field(header('dueDate')),
  TaxPointDate: field(header('taxPointDate')),
  InvoiceTypeCode: field(header('typeCode')),
  CreditNoteTypeCode: field(header('typeCode')),
  DocumentCurrencyCode: field(header('currency')),
  TaxCurrencyCode: field(header('taxCurrency')),
  AccountingSupplierParty: party('seller'),
  AccountingCustomerParty: party('buyer'),
  PaymentMeans: group({ PaymentDueDate: field(header('dueDate')) }),
  AllowanceCharge: allowance(documentAllowances),
  TaxTotal: group({ TaxAmount: field(taxTotal), TaxSubtotal: vatRow }),
  LegalMonetaryTotal: totals,
  InvoiceLine: invoiceLine,
  CreditNoteLine: invoiceLine,
});

const decoder = (name: 'Invoice' | 'CreditNote', uri: string): Decoder<UblDraft, EnDocument> => ({
  root: root(uri),
  begin: () => ({ ...newDraft('ubl', name), registration: {} }),
  finish: ({ registration: _waiting, ...document }) => document,
});

export const UBL_INVOICE = erased(decoder('Invoice', UBL_INVOICE_NAMESPACE));
export const UBL_CREDIT_NOTE = erased(decoder('CreditNote', UBL_CREDIT_NOTE_NAMESPACE));
