import { erased, inNamespace, type Decoder, type RawAttributes } from '../element.js';
import type { EnDocument } from '../models/en16931.js';
import { CII_STRUCTURE } from '../rules/en16931/structure/cii.js';
import * as d from './draft.js';
import {
  CII_NAMESPACE, RAM, UDT, allowance, date, dateTime, documentReference, field, fieldOf, formattedDate, group, issuerAssigned, period, setAddress, taxFields, unread, type Node,
} from './cii-parts.js';
import { lineItem } from './cii-line.js';
import { afterReading, structured } from './structure.js';

export { CII_NAMESPACE };
const rsm: (children: Readonly<Record<string, Node>>) => Node = inNamespace(CII_NAMESPACE).group;

type HeaderKey = 'specification' | 'process' | 'number' | 'issueDate' | 'typeCode' | 'currency' | 'taxCurrency' | 'dueDate' | 'buyerReference' | 'contract' | 'order'
  | 'terms' | 'creditor';
const set = (key: HeaderKey) => d.text(({ document }: d.Reading) => document, key);
const header = (key: HeaderKey): Node => field(set(key));

const VAT = 'VA';
const registration: Node = group(
  {
    ID: fieldOf(d.registrationId((scheme) => scheme === VAT)),
  },
  { open: d.openRegistration },
);

const partyFields = {
  ID: fieldOf(d.partyIdentifier),
  GlobalID: fieldOf(d.partyIdentifier),
  Name: field(d.text(({ at }) => at.party, 'name')),
  Description: unread,
  SpecifiedLegalOrganization: group({
    ID: fieldOf(d.identifier(({ at }) => at.party, 'legalId')),
    TradingBusinessName: field(d.text(({ at }) => at.party, 'tradingName')),
  }),
  DefinedTradeContact: group(
    {
      PersonName: field(d.text(({ at }) => at.party?.contact, 'name')),
      DepartmentName: field(d.text(({ at }) => at.party?.contact, 'department')),
      TelephoneUniversalCommunication: group({ CompleteNumber: field(d.text(({ at }) => at.party?.contact, 'phone')) }),
      EmailURIUniversalCommunication: group({ URIID: field(d.text(({ at }) => at.party?.contact, 'email')) }),
    },
    { open: d.openContact },
  ),
  PostalTradeAddress: group(setAddress, { open: d.openPartyAddress }),
  URIUniversalCommunication: group(
    { URIID: fieldOf(d.endpoint) },
    { open: (reading) => d.openEndpoint(reading, {}) },
  ),
  SpecifiedTaxRegistration: registration,
};

const agreement: Node = group({
  BuyerReference: header('buyerReference'),
  SellerTradeParty: group(partyFields, { open: d.openParty('seller') }),
  BuyerTradeParty: group(partyFields, { open: d.openParty('buyer') }),
  SellerTaxRepresentativeTradeParty: group(partyFields, { open: d.openOther('representative') }),
  SellerOrderReferencedDocument: issuerAssigned(() => undefined),
  BuyerOrderReferencedDocument: issuerAssigned(set('order')),
  ContractReferencedDocument: issuerAssigned(set('contract')),
  AdditionalReferencedDocument: documentReference,
  SpecifiedProcuringProject: group({ ID: unread, Name: unread }),
});

const location = d.identifier(({ document }) => document.delivery, 'location');
const delivery: Node = group({
  ShipToTradeParty: group(
    {
      ID: field(({ document }, text) => {
        if (!document.delivery) return;
        document.delivery.hasPlainId = true;
        document.delivery.location ??= { text, scheme: undefined };
      }),
      GlobalID: fieldOf({
        ...location,
        open: (reading, attributes) => {
          if (reading.document.delivery) reading.document.delivery.hasGlobalId = true;
          location.open?.(reading, attributes);
        },
      }),
      Name: unread,
      PostalTradeAddress: group(setAddress, { open: d.openDeliveryAddress }),
    },
    { open: d.openDelivery },
  ),
  ActualDeliverySupplyChainEvent: group(
    { OccurrenceDateTime: dateTime(d.text(({ document }) => document.delivery, 'date')) },
    { open: d.openDelivery },
  ),
  DespatchAdviceReferencedDocument: issuerAssigned(() => undefined),
  ReceivingAdviceReferencedDocument: issuerAssigned(() => undefined),
});

const payment: Node = group(
  {
    TypeCode: field(d.text(({ at }) => at.payment, 'code')),
    Information: unread,
    ApplicableTradeSettlementFinancialCard: group(
      { ID: field(d.text(({ at }) => at.payment, 'card')), CardholderName: unread },
      { open: ({ at }) => void (at.payment && (at.payment.hasCard = true)) },
    ),
    PayerPartyDebtorFinancialAccount: group(
      { IBANID: field(d.text(({ at }) => at.payment, 'debited')) },
      { open: ({ at }) => void (at.payment && (at.payment.hasMandate = true)) },
    ),
    PayeePartyCreditorFinancialAccount: group(
      { IBANID: field(d.text(({ at }) => at.payment, 'account')), AccountName: unread, ProprietaryID: field(d.text(({ at }) => at.payment, 'proprietary')) },
      { open: ({ at }) => void (at.payment && (at.payment.hasAccount = true)) },
    ),
    PayeeSpecifiedCreditorFinancialInstitution: group({ BICID: unread }),
  },
  { open: d.openPayment },
);

const vatRow: Node = group(
  {
    ...taxFields,
    CalculatedAmount: field(d.text(({ at }) => at.row, 'amount')),
    BasisAmount: field(d.text(({ at }) => at.row, 'base')),
    TaxPointDate: date(({ document, at }, text) => {
      if (at.row) at.row.taxPointDate ??= text;
      document.taxPointDate ??= text;
    }),
    DueDateTypeCode: field(d.text(({ at }) => at.row, 'taxPointCode')),
  },
  {
    open: ({ document, at }) => {
      at.row = d.vatRow(-1);
      at.tax = at.row;
      document.vat.push(at.row);
    },
  },
);

const MAX_TAX_TOTALS = 16;
const totals: Node = group(
  {
    LineTotalAmount: field(d.total('BT-106')),
    ChargeTotalAmount: field(d.total('BT-108')),
    AllowanceTotalAmount: field(d.total('BT-107')),
    TaxBasisTotalAmount: field(d.total('BT-109')),
    TaxTotalAmount: field(({ document }, amount, attributes) => {
      if (document.taxTotals.length < MAX_TAX_TOTALS) document.taxTotals.push({ amount, currency: attributes['currencyID']?.trim(), rows: 0 });
    }),
    RoundingAmount: field(d.total('BT-114')),
    GrandTotalAmount: field(d.total('BT-112')),
    TotalPrepaidAmount: field(d.total('BT-113')),
    DuePayableAmount: field(d.total('BT-115')),
  },
  { open: ({ document }) => void (document.hasTotals = true) },
);

const lastPreceding = ({ document }: d.Reading) => document.preceding.at(-1);
const settlement: Node = group({
  CreditorReferenceID: header('creditor'),
  PaymentReference: unread,
  TaxCurrencyCode: header('taxCurrency'),
  InvoiceCurrencyCode: header('currency'),
  PayeeTradeParty: group(partyFields, { open: d.openOther('payee') }),
  SpecifiedTradeSettlementPaymentMeans: payment,
  ApplicableTradeTax: vatRow,
  BillingSpecifiedPeriod: period,
  SpecifiedTradeAllowanceCharge: allowance,
  SpecifiedTradePaymentTerms: group({
    Description: header('terms'),
    DueDateDateTime: dateTime(set('dueDate')),
    DirectDebitMandateID: field(({ document }, text) => void (document.mandate ??= text)),
  }),
  SpecifiedTradeSettlementHeaderMonetarySummation: totals,
  InvoiceReferencedDocument: group(
    { IssuerAssignedID: field(d.text(lastPreceding, 'id')), FormattedIssueDateTime: formattedDate(d.text(lastPreceding, 'date')) },
    { open: d.openPreceding },
  ),
  ReceivableSpecifiedTradeAccountingAccount: group({ ID: unread }),
});

/** BT-2 counts only in the format that the norm has. */
const issueDate = (reading: d.Reading, text: string, attributes: RawAttributes): void => {
  if (attributes['format'] === '102') reading.document.issueDate ??= text;
};

const lastNote = ({ document }: d.Reading) => document.notes.at(-1);
const root: Node = rsm({
  ExchangedDocumentContext: rsm({
    BusinessProcessSpecifiedDocumentContextParameter: group({ ID: header('process') }),
    GuidelineSpecifiedDocumentContextParameter: group({ ID: header('specification') }),
  }),
  ExchangedDocument: rsm({
    ID: header('number'),
    TypeCode: header('typeCode'),
    IssueDateTime: dateTime(issueDate),
    IncludedNote: group({ Content: field(d.text(lastNote, 'text')), SubjectCode: field(d.text(lastNote, 'subject')) }, { open: d.openNote }),
  }),
  SupplyChainTradeTransaction: rsm({
    IncludedSupplyChainTradeLineItem: lineItem,
    ApplicableHeaderTradeAgreement: agreement,
    ApplicableHeaderTradeDelivery: delivery,
    ApplicableHeaderTradeSettlement: settlement,
  }),
});

/** Leaves of the unqualified types are in their own namespace, all the rest that is not named above in that of the aggregates. */
const namespaceOf = (local: string): string => (local === 'DateTime' || local === 'IndicatorString' ? UDT : RAM);

const decoder: Decoder<d.Reading, EnDocument> = {
  root: structured(root, CII_STRUCTURE, '/CrossIndustryInvoice', namespaceOf),
  begin: () => d.reading('cii', 'CrossIndustryInvoice', CII_STRUCTURE.counted),
  finish: afterReading,
};

/** UN/CEFACT Cross Industry Invoice D16B, the CII syntax of EN 16931. */
export const CII = erased(decoder);
