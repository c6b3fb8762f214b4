import { erased, inNamespace, type Decoder, type Element } from '../element.js';
import type { EnDocument } from '../models/en16931.js';
import { UBL_STRUCTURE } from '../rules/en16931/structure/ubl.js';
import * as d from './draft.js';
import { afterReading, structured } from './structure.js';
import { invoiceLine } from './ubl-line.js';
import {
  AGGREGATES, BASICS, allowance, documentReference, field, fieldOf, group, period, setAddress, taxFields, type Node,
} from './ubl-parts.js';

export const UBL_INVOICE_NAMESPACE = 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2';
export const UBL_CREDIT_NOTE_NAMESPACE = 'urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2';

const VAT = 'VAT';
const document = ({ document: draft }: d.Reading): d.EnDraft => draft;
const header = (key: HeaderKey): Node => field(d.text(document, key));
type HeaderKey = 'specification' | 'process' | 'number' | 'issueDate' | 'typeCode' | 'currency' | 'taxCurrency' | 'taxPointDate' | 'dueDate' | 'buyerReference'
  | 'contract' | 'order' | 'tender' | 'terms' | 'version';

const registration: Node = group(
  {
    CompanyID: fieldOf(d.registrationId(d.NEVER)),
    TaxScheme: group({ ID: field(d.text(({ at }) => at.registration, 'scheme')) }),
  },
  {
    open: d.openRegistration,
    close: ({ at: { registration: row } }) => {
      if (row) row.vat = row.scheme?.toUpperCase() === VAT;
    },
  },
);

/** The same for seller, buyer, payee and representative; what one of them may not have is the business of the structure table. */
const partyFields = {
  EndpointID: fieldOf(d.endpoint),
  PartyIdentification: group({ ID: fieldOf(d.partyIdentifier) }),
  PartyName: group({ Name: field(d.text(({ at }) => at.party, 'tradingName')) }),
  PostalAddress: group(setAddress, { open: d.openPartyAddress }),
  PartyTaxScheme: registration,
  PartyLegalEntity: group({
    RegistrationName: field(d.text(({ at }) => at.party, 'name')),
    CompanyID: fieldOf(d.identifier(({ at }) => at.party, 'legalId')),
    CompanyLegalForm: field(() => undefined),
  }),
  Contact: group(
    {
      Name: field(d.text(({ at }) => at.party?.contact, 'name')),
      Telephone: field(d.text(({ at }) => at.party?.contact, 'phone')),
      ElectronicMail: field(d.text(({ at }) => at.party?.contact, 'email')),
    },
    { open: d.openContact },
  ),
};

const supplier = (which: 'seller' | 'buyer'): Node => group({ Party: group(partyFields, { open: d.openParty(which) }) });

const payment: Node = group(
  {
    PaymentMeansCode: field(d.text(({ at }) => at.payment, 'code')),
    PaymentDueDate: header('dueDate'),
    PaymentID: field(d.text(({ at }) => at.payment, 'paymentId')),
    CardAccount: group(
      { PrimaryAccountNumberID: field(d.text(({ at }) => at.payment, 'card')), NetworkID: field(() => undefined), HolderName: field(() => undefined) },
      { open: ({ at }) => void (at.payment && (at.payment.hasCard = true)) },
    ),
    PayeeFinancialAccount: group(
      { ID: field(d.text(({ at }) => at.payment, 'account')), Name: field(() => undefined), FinancialInstitutionBranch: group({ ID: field(d.text(({ at }) => at.payment, 'branch')) }) },
      { open: ({ at }) => void (at.payment && (at.payment.hasAccount = true)) },
    ),
    PaymentMandate: group(
      { ID: field(d.text(({ at }) => at.payment, 'mandate')), PayerFinancialAccount: group({ ID: field(d.text(({ at }) => at.payment, 'debited')) }) },
      { open: ({ at }) => void (at.payment && (at.payment.hasMandate = true)) },
    ),
  },
  { open: d.openPayment },
);

const vatRow: Node = group(
  {
    TaxableAmount: fieldOf(d.textWith(({ at }) => at.row, 'base', 'currencyID', 'baseCurrency')),
    TaxAmount: fieldOf(d.textWith(({ at }) => at.row, 'amount', 'currencyID', 'amountCurrency')),
    TaxCategory: group(taxFields, { open: ({ at }) => void (at.tax = at.row) }),
  },
  {
    open: ({ document: draft, at }) => {
      at.row = d.vatRow(draft.taxTotals.length - 1);
      draft.vat.push(at.row);
      const holder = draft.taxTotals.at(-1);
      if (holder) holder.rows += 1;
    },
  },
);

const totals: Node = group(
  {
    LineExtensionAmount: field(d.total('BT-106')),
    TaxExclusiveAmount: field(d.total('BT-109')),
    TaxInclusiveAmount: field(d.total('BT-112')),
    AllowanceTotalAmount: field(d.total('BT-107')),
    ChargeTotalAmount: field(d.total('BT-108')),
    PrepaidAmount: field(d.total('BT-113')),
    PayableRoundingAmount: field(d.total('BT-114')),
    PayableAmount: field(d.total('BT-115')),
  },
  { open: ({ document: draft }) => void (draft.hasTotals = true) },
);

const delivery: Node = group(
  {
    ActualDeliveryDate: field(d.text(({ document: draft }) => draft.delivery, 'date')),
    DeliveryLocation: group({
      ID: fieldOf(d.identifier(({ document: draft }) => draft.delivery, 'location')),
      Address: group(setAddress, { open: d.openDeliveryAddress }),
    }),
    DeliveryParty: group({ PartyName: group({ Name: field(() => undefined) }) }),
  },
  { open: d.openDelivery },
);

/** A note that begins with `#CODE#` names its subject (BT-21). */
const NOTE_SUBJECT = /^#([^#]{1,20})#/u;
function note(reading: d.Reading, value: string): void {
  d.openNote(reading);
  const last = reading.document.notes.at(-1);
  if (!last) return;
  last.text = value;
  last.subject = NOTE_SUBJECT.exec(value)?.[1];
}

const lastThird = ({ document: draft }: d.Reading) => draft.thirdParty.at(-1);
const thirdParty: Node = group(
  {
    ID: field(d.text(lastThird, 'type')),
    PaidAmount: fieldOf(d.textWith(lastThird, 'amount', 'currencyID', 'currency')),
    InstructionID: field(d.text(lastThird, 'description')),
  },
  { open: ({ document: draft }) => void (draft.thirdParty = d.added(draft.thirdParty, { type: undefined, amount: undefined, currency: undefined, description: undefined })) },
);

const lastPreceding = ({ document: draft }: d.Reading) => draft.preceding.at(-1);

const children = {
  UBLVersionID: header('version'),
  CustomizationID: header('specification'),
  ProfileID: header('process'),
  ID: header('number'),
  IssueDate: header('issueDate'),
  DueDate: header('dueDate'),
  TaxPointDate: header('taxPointDate'),
  InvoiceTypeCode: header('typeCode'),
  CreditNoteTypeCode: header('typeCode'),
  Note: field(note),
  DocumentCurrencyCode: header('currency'),
  TaxCurrencyCode: header('taxCurrency'),
  AccountingCost: field(() => undefined),
  BuyerReference: header('buyerReference'),
  InvoicePeriod: period,
  OrderReference: group({ ID: header('order'), SalesOrderID: field(() => undefined) }),
  BillingReference: group(
    { InvoiceDocumentReference: group({ ID: field(d.text(lastPreceding, 'id')), IssueDate: field(d.text(lastPreceding, 'date')) }) },
    { open: d.openPreceding },
  ),
  DespatchDocumentReference: group({ ID: field(() => undefined) }),
  ReceiptDocumentReference: group({ ID: field(() => undefined) }),
  OriginatorDocumentReference: group({ ID: header('tender') }),
  ContractDocumentReference: group({ ID: header('contract') }),
  AdditionalDocumentReference: documentReference,
  ProjectReference: group({ ID: field(() => undefined) }),
  AccountingSupplierParty: supplier('seller'),
  AccountingCustomerParty: supplier('buyer'),
  PayeeParty: group(partyFields, { open: d.openOther('payee') }),
  TaxRepresentativeParty: group(partyFields, { open: d.openOther('representative') }),
  Delivery: delivery,
  PaymentMeans: payment,
  PaymentTerms: group({ Note: header('terms') }),
  PrepaidPayment: thirdParty,
  AllowanceCharge: allowance,
  TaxTotal: group(
    { TaxAmount: fieldOf(d.textWith(({ document: draft }) => draft.taxTotals.at(-1), 'amount', 'currencyID', 'currency')), TaxSubtotal: vatRow },
    { open: ({ document: draft }) => void draft.taxTotals.push({ amount: undefined, currency: undefined, rows: 0 }) },
  ),
  LegalMonetaryTotal: totals,
  InvoiceLine: invoiceLine,
  CreditNoteLine: invoiceLine,
} satisfies Readonly<Record<string, Node>>;

const root = (uri: string, name: 'Invoice' | 'CreditNote'): Element<d.Reading> =>
  structured(inNamespace(uri).group(children), UBL_STRUCTURE, `/${name}`, (local, isAggregate) => (isAggregate ? AGGREGATES : local === 'UBLExtensions' ? EXTENSIONS : BASICS));

const EXTENSIONS = 'urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2';

const decoder = (name: 'Invoice' | 'CreditNote', uri: string): Decoder<d.Reading, EnDocument> => ({
  root: root(uri, name),
  begin: () => d.reading('ubl', name, UBL_STRUCTURE.counted),
  finish: afterReading,
});

export const UBL_INVOICE = erased(decoder('Invoice', UBL_INVOICE_NAMESPACE));
export const UBL_CREDIT_NOTE = erased(decoder('CreditNote', UBL_CREDIT_NOTE_NAMESPACE));
