import type { EnDocument } from '../../models/en16931.js';
import type { Report, Rule } from '../rule.js';

export type EnRule = Rule<EnDocument>;

const SOURCE = 'EN 16931-1:2017, business rules; CEN validation artefacts 1.3.16';

/** A fatal rule of the norm under its own id. */
export const rule = (code: string, term: string, en: string, es: string, check: (document: EnDocument, report: Report) => void): EnRule =>
  ({ code, severity: 'error', term, es, en, source: SOURCE, check });

const UBL_PATHS: Readonly<Record<string, string>> = {
  'BT-1': 'cbc:ID',
  'BT-2': 'cbc:IssueDate',
  'BT-3': 'cbc:{type}TypeCode',
  'BT-5': 'cbc:DocumentCurrencyCode',
  'BT-7': 'cbc:TaxPointDate',
  'BT-9': 'cbc:DueDate',
  'BT-24': 'cbc:CustomizationID',
  'BT-27': 'cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName',
  'BT-29': 'cac:AccountingSupplierParty/cac:Party',
  'BG-5': 'cac:AccountingSupplierParty/cac:Party/cac:PostalAddress',
  'BT-40': 'cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode',
  'BT-44': 'cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName',
  'BG-8': 'cac:AccountingCustomerParty/cac:Party/cac:PostalAddress',
  'BT-55': 'cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode',
  'BT-106': 'cac:LegalMonetaryTotal/cbc:LineExtensionAmount',
  'BT-107': 'cac:LegalMonetaryTotal/cbc:AllowanceTotalAmount',
  'BT-108': 'cac:LegalMonetaryTotal/cbc:ChargeTotalAmount',
  'BT-109': 'cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount',
  'BT-110': 'cac:TaxTotal/cbc:TaxAmount',
  'BT-112': 'cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount',
  'BT-113': 'cac:LegalMonetaryTotal/cbc:PrepaidAmount',
  'BT-114': 'cac:LegalMonetaryTotal/cbc:PayableRoundingAmount',
  'BT-115': 'cac:LegalMonetaryTotal/cbc:PayableAmount',
  'BG-20': 'cac:AllowanceCharge',
  'BT-92': 'cac:AllowanceCharge[#]/cbc:Amount',
  'BT-99': 'cac:AllowanceCharge[#]/cbc:Amount',
  'BG-23': 'cac:TaxTotal/cac:TaxSubtotal',
  'BT-116': 'cac:TaxTotal/cac:TaxSubtotal[#]/cbc:TaxableAmount',
  'BT-117': 'cac:TaxTotal/cac:TaxSubtotal[#]/cbc:TaxAmount',
  'BT-118': 'cac:TaxTotal/cac:TaxSubtotal[#]/cac:TaxCategory/cbc:ID',
  'BG-25': 'cac:{line}Line',
  'BT-126': 'cac:{line}Line[#]/cbc:ID',
  'BT-129': 'cac:{line}Line[#]/cbc:{quantity}Quantity',
  'BT-130': 'cac:{line}Line[#]/cbc:{quantity}Quantity/@unitCode',
  'BT-131': 'cac:{line}Line[#]/cbc:LineExtensionAmount',
  'BT-136': 'cac:{line}Line[#]/cac:AllowanceCharge/cbc:Amount',
  'BT-141': 'cac:{line}Line[#]/cac:AllowanceCharge/cbc:Amount',
  'BT-146': 'cac:{line}Line[#]/cac:Price/cbc:PriceAmount',
  'BT-148': 'cac:{line}Line[#]/cac:Price/cac:AllowanceCharge/cbc:BaseAmount',
  'BT-153': 'cac:{line}Line[#]/cac:Item/cbc:Name',
};

const AGREEMENT = 'rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement';
const SETTLEMENT = 'rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement';
const SUMMATION = `${SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation`;
const LINE = 'rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem';
const LINE_SETTLEMENT = `${LINE}[#]/ram:SpecifiedLineTradeSettlement`;

const CII_PATHS: Readonly<Record<string, string>> = {
  'BT-1': 'rsm:ExchangedDocument/ram:ID',
  'BT-2': 'rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString',
  'BT-3': 'rsm:ExchangedDocument/ram:TypeCode',
  'BT-5': `${SETTLEMENT}/ram:InvoiceCurrencyCode`,
  'BT-7': `${SETTLEMENT}/ram:ApplicableTradeTax/ram:TaxPointDate/udt:DateString`,
  'BT-9': `${SETTLEMENT}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString`,
  'BT-24': 'rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID',
  'BT-27': `${AGREEMENT}/ram:SellerTradeParty/ram:Name`,
  'BT-29': `${AGREEMENT}/ram:SellerTradeParty`,
  'BG-5': `${AGREEMENT}/ram:SellerTradeParty/ram:PostalTradeAddress`,
  'BT-40': `${AGREEMENT}/ram:SellerTradeParty/ram:PostalTradeAddress/ram:CountryID`,
  'BT-44': `${AGREEMENT}/ram:BuyerTradeParty/ram:Name`,
  'BG-8': `${AGREEMENT}/ram:BuyerTradeParty/ram:PostalTradeAddress`,
  'BT-55': `${AGREEMENT}/ram:BuyerTradeParty/ram:PostalTradeAddress/ram:CountryID`,
  'BT-106': `${SUMMATION}/ram:LineTotalAmount`,
  'BT-107': `${SUMMATION}/ram:AllowanceTotalAmount`,
  'BT-108': `${SUMMATION}/ram:ChargeTotalAmount`,
  'BT-109': `${SUMMATION}/ram:TaxBasisTotalAmount`,
  'BT-110': `${SUMMATION}/ram:TaxTotalAmount`,
  'BT-112': `${SUMMATION}/ram:GrandTotalAmount`,
  'BT-113': `${SUMMATION}/ram:TotalPrepaidAmount`,
  'BT-114': `${SUMMATION}/ram:RoundingAmount`,
  'BT-115': `${SUMMATION}/ram:DuePayableAmount`,
  'BG-20': `${SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge`,
  'BT-92': `${SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge[#]/ram:ActualAmount`,
  'BT-99': `${SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge[#]/ram:ActualAmount`,
  'BG-23': `${SETTLEMENT}/ram:ApplicableTradeTax`,
  'BT-116': `${SETTLEMENT}/ram:ApplicableTradeTax[#]/ram:BasisAmount`,
  'BT-117': `${SETTLEMENT}/ram:ApplicableTradeTax[#]/ram:CalculatedAmount`,
  'BT-118': `${SETTLEMENT}/ram:ApplicableTradeTax[#]/ram:CategoryCode`,
  'BG-25': LINE,
  'BT-126': `${LINE}[#]/ram:AssociatedDocumentLineDocument/ram:LineID`,
  'BT-129': `${LINE}[#]/ram:SpecifiedLineTradeDelivery/ram:BilledQuantity`,
  'BT-130': `${LINE}[#]/ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode`,
  'BT-131': `${LINE_SETTLEMENT}/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount`,
  'BT-136': `${LINE_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge/ram:ActualAmount`,
  'BT-141': `${LINE_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge/ram:ActualAmount`,
  'BT-146': `${LINE}[#]/ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount`,
  'BT-148': `${LINE}[#]/ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/ram:ChargeAmount`,
  'BT-153': `${LINE}[#]/ram:SpecifiedTradeProduct/ram:Name`,
};

/** Where a term stands in this document's syntax; `index` counts rows from 0. */
export function pathOf(document: EnDocument, term: string, index?: number): string {
  if (document.syntax === 'cii') return `/rsm:CrossIndustryInvoice/${CII_PATHS[term] ?? term}`.replace('#', String((index ?? 0) + 1));
  const credit = document.root === 'CreditNote';
  const path = (UBL_PATHS[term] ?? term)
    .replace('{type}', credit ? 'CreditNote' : 'Invoice')
    .replace('{line}', credit ? 'CreditNote' : 'Invoice')
    .replace('{quantity}', credit ? 'Credited' : 'Invoiced')
    .replace('#', String((index ?? 0) + 1));
  return `/${document.root}/${path}`;
}
