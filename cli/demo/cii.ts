import { enAmounts, PIECE, SPECIFICATION, type EnAmounts, type EnContent, type EnDemoParty } from './en16931.js';
import { element, leaf, type XmlElement } from './xml.js';

const date = (name: string, day: string): XmlElement =>
  element(name, {}, [leaf('udt:DateTimeString', day.replaceAll('-', ''), { format: '102' })]);

const party = (role: string, { name, vatId, street, city, postalCode, country }: EnDemoParty): XmlElement =>
  element(role, {}, [
    leaf('ram:Name', name),
    element('ram:PostalTradeAddress', {}, [
      leaf('ram:PostcodeCode', postalCode), leaf('ram:LineOne', street), leaf('ram:CityName', city), leaf('ram:CountryID', country),
    ]),
    element('ram:SpecifiedTaxRegistration', {}, [leaf('ram:ID', vatId, { schemeID: 'VA' })]),
  ]);

const tax = (content: EnContent, amounts: readonly XmlElement[] = [], base: readonly XmlElement[] = []): XmlElement =>
  element('ram:ApplicableTradeTax', {}, [
    ...amounts, leaf('ram:TypeCode', 'VAT'), ...base, leaf('ram:CategoryCode', 'S'), leaf('ram:RateApplicablePercent', String(content.vatPercent)),
  ]);

function lines(content: EnContent, amounts: EnAmounts): XmlElement[] {
  return amounts.lines.map(({ line, net, price }, index) =>
    element('ram:IncludedSupplyChainTradeLineItem', {}, [
      element('ram:AssociatedDocumentLineDocument', {}, [leaf('ram:LineID', String(index + 1))]),
      element('ram:SpecifiedTradeProduct', {}, [leaf('ram:Name', line.name)]),
      element('ram:SpecifiedLineTradeAgreement', {}, [element('ram:NetPriceProductTradePrice', {}, [leaf('ram:ChargeAmount', price)])]),
      element('ram:SpecifiedLineTradeDelivery', {}, [leaf('ram:BilledQuantity', String(line.quantity), { unitCode: PIECE })]),
      element('ram:SpecifiedLineTradeSettlement', {}, [
        tax(content),
        element('ram:SpecifiedTradeSettlementLineMonetarySummation', {}, [leaf('ram:LineTotalAmount', net)]),
      ]),
    ]),
  );
}

function settlement(content: EnContent, amounts: EnAmounts): XmlElement {
  return element('ram:ApplicableHeaderTradeSettlement', {}, [
    leaf('ram:InvoiceCurrencyCode', content.currency),
    tax(content, [leaf('ram:CalculatedAmount', amounts.vat)], [leaf('ram:BasisAmount', amounts.net)]),
    element('ram:SpecifiedTradePaymentTerms', {}, [date('ram:DueDateDateTime', content.due)]),
    element('ram:SpecifiedTradeSettlementHeaderMonetarySummation', {}, [
      leaf('ram:LineTotalAmount', amounts.lineTotal),
      leaf('ram:TaxBasisTotalAmount', amounts.net),
      leaf('ram:TaxTotalAmount', amounts.vat, { currencyID: content.currency }),
      leaf('ram:GrandTotalAmount', amounts.gross),
      leaf('ram:DuePayableAmount', amounts.gross),
    ]),
  ]);
}

/** A Cross Industry Invoice of the core of EN 16931, without document level discount. */
export function ciiElement(content: EnContent): XmlElement {
  const amounts = enAmounts({ ...content, allowanceCents: 0 });
  return element(
    'rsm:CrossIndustryInvoice',
    {
      'xmlns:rsm': 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100',
      'xmlns:ram': 'urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100',
      'xmlns:udt': 'urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100',
    },
    [
      element('rsm:ExchangedDocumentContext', {}, [element('ram:GuidelineSpecifiedDocumentContextParameter', {}, [leaf('ram:ID', SPECIFICATION)])]),
      element('rsm:ExchangedDocument', {}, [leaf('ram:ID', content.number), leaf('ram:TypeCode', content.type), date('ram:IssueDateTime', content.date)]),
      element('rsm:SupplyChainTradeTransaction', {}, [
        ...lines(content, amounts),
        element('ram:ApplicableHeaderTradeAgreement', {}, [party('ram:SellerTradeParty', content.seller), party('ram:BuyerTradeParty', content.buyer)]),
        element('ram:ApplicableHeaderTradeDelivery'),
        settlement(content, amounts),
      ]),
    ],
  );
}
