import { erased, inNamespace, type Decoder, type Element } from '../element.js';
import type { EnDocument } from '../models/en16931.js';
import {
  addAllowance, addIdentifier, addLine, addTaxRegistration, addVat, allowanceAmount, chargeIndicator, documentAllowances, header, line,
  lineAllowances, newDraft, quantity, taxTotal, total, vat, type EnDraft, type PartyDraft,
} from './draft.js';

export const CII_NAMESPACE = 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100';
const rsm = inNamespace(CII_NAMESPACE);
const { group, field } = inNamespace('urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100');
const udt = inNamespace('urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100');

type Side = 'seller' | 'buyer';
type Set = (draft: EnDraft, text: string) => void;

const of = (side: Side, set: (party: PartyDraft, text: string) => void) => field<EnDraft>((draft, text) => set(draft[side], text));
const dateTime = (set: Set): Element<EnDraft> => group({ DateTimeString: udt.field(set) });
const date = (set: Set): Element<EnDraft> => group({ DateString: udt.field(set) });

const party = (side: Side): Element<EnDraft> => group({
  ID: of(side, addIdentifier),
  GlobalID: of(side, addIdentifier),
  Name: of(side, (target, text) => void (target.name ??= text)),
  SpecifiedLegalOrganization: group({
    ID: of(side, (target, text) => void (target.legalId ??= text)),
    TradingBusinessName: of(side, (target, text) => void (target.tradingName ??= text)),
  }),
  PostalTradeAddress: group(
    { CountryID: of(side, (target, text) => void (target.country ??= text)) },
    { open: (draft) => void (draft[side].hasAddress = true) },
  ),
  SpecifiedTaxRegistration: group({
    ID: field((draft, text, attributes) => addTaxRegistration(draft[side], text, attributes['schemeID'] === 'VA')),
  }),
});

const allowance = (rows: typeof documentAllowances): Element<EnDraft> => group(
  { ChargeIndicator: group({ Indicator: udt.field(chargeIndicator(rows)) }), ActualAmount: field(allowanceAmount(rows)) },
  { open: addAllowance(rows) },
);

const invoiceLine: Element<EnDraft> = group(
  {
    AssociatedDocumentLineDocument: group({ LineID: field(line('id')) }),
    SpecifiedTradeProduct: group({ Name: field(line('name')) }),
    SpecifiedLineTradeAgreement: group({
      GrossPriceProductTradePrice: group({ ChargeAmount: field(line('grossPrice')) }),
      NetPriceProductTradePrice: group({ ChargeAmount: field(line('netPrice')) }),
    }),
    SpecifiedLineTradeDelivery: group({ BilledQuantity: field(quantity) }),
    SpecifiedLineTradeSettlement: group({
      SpecifiedTradeAllowanceCharge: allowance(lineAllowances),
      SpecifiedTradeSettlementLineMonetarySummation: group({ LineTotalAmount: field(line('netAmount')) }),
    }),
  },
  { open: addLine },
);

const vatRow: Element<EnDraft> = group(
  {
    CalculatedAmount: field(vat('amount')),
    TypeCode: field(vat('scheme')),
    BasisAmount: field(vat('base')),
    CategoryCode: field(vat('category')),
    TaxPointDate: date(header('taxPointDate')),
    RateApplicablePercent: field(vat('rate')),
  },
  { open: addVat },
);

const totals: Element<EnDraft> = group({
  LineTotalAmount: field(total('BT-106')),
  ChargeTotalAmount: field(total('BT-108')),
  AllowanceTotalAmount: field(total('BT-107')),
  TaxBasisTotalAmount: field(total('BT-109')),
  TaxTotalAmount: field(taxTotal),
  RoundingAmount: field(total('BT-114')),
  GrandTotalAmount: field(total('BT-112')),
  TotalPrepaidAmount: field(total('BT-113')),
  DuePayableAmount: field(total('BT-115')),
});

const settlement: Element<EnDraft> = group({
  TaxCurrencyCode: field(header('taxCurrency')),
  InvoiceCurrencyCode: field(header('currency')),
  ApplicableTradeTax: vatRow,
  SpecifiedTradeAllowanceCharge: allowance(documentAllowances),
  SpecifiedTradePaymentTerms: group({ DueDateDateTime: dateTime(header('dueDate')) }),
  SpecifiedTradeSettlementHeaderMonetarySummation: totals,
});

const root: Element<EnDraft> = rsm.group({
  ExchangedDocumentContext: rsm.group({ GuidelineSpecifiedDocumentContextParameter: group({ ID: field(header('specification')) }) }),
  ExchangedDocument: rsm.group({
    ID: field(header('number')),
    TypeCode: field(header('typeCode')),
    IssueDateTime: dateTime(header('issueDate')),
  }),
  SupplyChainTradeTransaction: rsm.group({
    IncludedSupplyChainTradeLineItem: invoiceLine,
    ApplicableHeaderTradeAgreement: group({ SellerTradeParty: party('seller'), BuyerTradeParty: party('buyer') }),
    ApplicableHeaderTradeSettlement: settlement,
  }),
});

const decoder: Decoder<EnDraft, EnDocument> = {
  root,
  begin: () => newDraft('cii', 'CrossIndustryInvoice'),
  finish: (draft) => draft,
};

/** UN/CEFACT Cross Industry Invoice D16B, the CII syntax of EN 16931. */
export const CII = erased(decoder);
