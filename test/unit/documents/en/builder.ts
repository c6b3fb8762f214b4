/** What a right test document says; UBL and CII are written from the same. Amounts are cents. */
export interface Spec {
  readonly root: 'Invoice' | 'CreditNote';
  readonly category: string;
  readonly rate: string | undefined;
  readonly reason: string | undefined;
  readonly net: readonly number[];
  readonly allowance: number;
  readonly charge: number;
  /** Whether seller and buyer have VAT identifiers. */
  readonly vatIds: boolean;
  readonly specification: string;
}

const CATEGORIES: Readonly<Record<string, readonly [rate: string | undefined, reason: string | undefined]>> = {
  S: ['19', undefined], Z: ['0', undefined], E: ['0', 'VATEX-EU-132'], AE: ['0', 'VATEX-EU-AE'], K: ['0', 'VATEX-EU-IC'], G: ['0', 'VATEX-EU-G'], O: [undefined, 'VATEX-EU-O'], L: ['7', undefined], M: ['4', undefined],
};
export const CATEGORY_CODES = Object.keys(CATEGORIES);

export function specOf(category = 'S', over: Partial<Spec> = {}): Spec {
  const [rate, reason] = CATEGORIES[category] ?? ['19', undefined];
  return {
    root: 'Invoice', category, rate, reason, net: [10_000, 2_550], allowance: 500, charge: 250, vatIds: category !== 'O', specification: 'urn:cen.eu:en16931:2017', ...over,
  };
}

const money = (cents: number): string => (cents / 100).toFixed(2);
interface Amounts {
  readonly lines: string;
  readonly base: string;
  readonly vat: string;
  readonly total: string;
}
function amountsOf({ net, allowance, charge, rate }: Spec): Amounts {
  const lines = net.reduce((sum, value) => sum + value, 0);
  const base = lines - allowance + charge;
  const vat = Math.round((base * Number(rate ?? 0)) / 100);
  return { lines: money(lines), base: money(base), vat: money(vat), total: money(base + vat) };
}

const tag = (name: string, content: string, attributes = ''): string => `<${name}${attributes && ` ${attributes}`}>${content}</${name}>`;
const EUR = 'currencyID="EUR"';

const ublScheme = tag('cac:TaxScheme', tag('cbc:ID', 'VAT'));
const ublTax = (name: string, { category, rate }: Spec, more = ''): string => tag(name, `${tag('cbc:ID', category)}${rate === undefined ? '' : tag('cbc:Percent', rate)}${more}${ublScheme}`);
const ublAddress = (country: string): string => tag('cac:PostalAddress', `${tag('cbc:StreetName', 'Weg 1')}${tag('cbc:CityName', 'Ort')}${tag('cbc:PostalZone', '10115')}${tag('cac:Country', tag('cbc:IdentificationCode', country))}`);
const ublParty = (name: string, vat: string | undefined, country: string, id: string): string => tag('cac:Party', [
  tag('cbc:EndpointID', '4012345000009', 'schemeID="0088"'), tag('cac:PartyIdentification', tag('cbc:ID', id)), tag('cac:PartyName', tag('cbc:Name', `${name} Shop`)), ublAddress(country),
  vat === undefined ? '' : tag('cac:PartyTaxScheme', `${tag('cbc:CompanyID', vat)}${ublScheme}`),
  tag('cac:PartyLegalEntity', `${tag('cbc:RegistrationName', name)}${tag('cbc:CompanyID', `HRB-${id}`)}`),
].join(''));
const ublAllowance = (spec: Spec, charge: boolean, amount: number): string => amount === 0 ? '' : tag('cac:AllowanceCharge',
  `${tag('cbc:ChargeIndicator', String(charge))}${tag('cbc:AllowanceChargeReason', charge ? 'Fracht' : 'Rabatt')}${tag('cbc:Amount', money(amount), EUR)}${ublTax('cac:TaxCategory', spec)}`);

function ublLines(spec: Spec): string {
  const [name, quantity] = spec.root === 'Invoice' ? ['cac:InvoiceLine', 'cbc:InvoicedQuantity'] : ['cac:CreditNoteLine', 'cbc:CreditedQuantity'];
  return spec.net.map((net, index) => tag(name, [
    tag('cbc:ID', String(index + 1)), tag(quantity, '1', 'unitCode="C62"'), tag('cbc:LineExtensionAmount', money(net - 100 + 100), EUR),
    tag('cac:InvoicePeriod', `${tag('cbc:StartDate', '2026-03-01')}${tag('cbc:EndDate', '2026-03-31')}`),
    tag('cac:AllowanceCharge', `${tag('cbc:ChargeIndicator', 'false')}${tag('cbc:AllowanceChargeReason', 'Treue')}${tag('cbc:Amount', '1.00', EUR)}`),
    tag('cac:AllowanceCharge', `${tag('cbc:ChargeIndicator', 'true')}${tag('cbc:AllowanceChargeReason', 'Eile')}${tag('cbc:Amount', '1.00', EUR)}`),
    tag('cac:Item', [tag('cbc:Name', 'Ware'), tag('cac:StandardItemIdentification', tag('cbc:ID', '4012345000009', 'schemeID="0160"')), tag('cac:OriginCountry', tag('cbc:IdentificationCode', 'DE')),
      tag('cac:CommodityClassification', tag('cbc:ItemClassificationCode', '123', 'listID="STI"')), ublTax('cac:ClassifiedTaxCategory', spec),
      tag('cac:AdditionalItemProperty', `${tag('cbc:Name', 'Farbe')}${tag('cbc:Value', 'rot')}`)].join('')),
    tag('cac:Price', tag('cbc:PriceAmount', money(net), EUR)),
  ].join(''))).join('');
}

/** A right UBL document. */
export function ublOf(spec: Spec): string {
  const { lines, base, vat, total } = amountsOf(spec);
  const credit = spec.root === 'CreditNote';
  const reason = spec.reason === undefined ? '' : tag('cbc:TaxExemptionReasonCode', spec.reason);
  return tag(spec.root, [
    tag('cbc:CustomizationID', spec.specification), tag('cbc:ProfileID', 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0'), tag('cbc:ID', 'R-1'), tag('cbc:IssueDate', '2026-03-14'),
    credit ? '' : tag('cbc:DueDate', '2026-04-14'), tag(`cbc:${spec.root}TypeCode`, credit ? '381' : '380'), tag('cbc:Note', '#AAI#Danke'), tag('cbc:DocumentCurrencyCode', 'EUR'), tag('cbc:BuyerReference', 'B-1'),
    tag('cac:InvoicePeriod', `${tag('cbc:StartDate', '2026-03-01')}${tag('cbc:EndDate', '2026-03-31')}`),
    tag('cac:BillingReference', tag('cac:InvoiceDocumentReference', tag('cbc:ID', 'R-0'))),
    tag('cac:AdditionalDocumentReference', `${tag('cbc:ID', 'D-1')}${tag('cac:Attachment', tag('cbc:EmbeddedDocumentBinaryObject', 'AAAA', 'mimeCode="application/pdf" filename="a.pdf"'))}`),
    tag('cac:AccountingSupplierParty', ublParty('Beispiel GmbH', spec.vatIds ? 'DE123456789' : undefined, 'DE', 'S1')),
    tag('cac:AccountingCustomerParty', ublParty('Ejemplo SL', spec.vatIds ? 'ESB12345678' : undefined, 'ES', 'B1')),
    tag('cac:PayeeParty', tag('cac:PartyName', tag('cbc:Name', 'Factor AG'))),
    spec.vatIds ? tag('cac:TaxRepresentativeParty', `${tag('cac:PartyName', tag('cbc:Name', 'Vertreter'))}${ublAddress('FR')}${tag('cac:PartyTaxScheme', `${tag('cbc:CompanyID', 'FR12345678901')}${ublScheme}`)}`) : '',
    tag('cac:Delivery', `${tag('cbc:ActualDeliveryDate', '2026-03-12')}${tag('cac:DeliveryLocation', `${tag('cbc:ID', 'L1', 'schemeID="0060"')}${tag('cac:Address', `${tag('cbc:CityName', 'Madrid')}${tag('cbc:PostalZone', '28001')}${tag('cac:Country', tag('cbc:IdentificationCode', 'ES'))}`)}`)}`),
    tag('cac:PaymentMeans', `${tag('cbc:PaymentMeansCode', '58')}${tag('cbc:PaymentID', 'P-1')}${tag('cac:PayeeFinancialAccount', tag('cbc:ID', 'DE89370400440532013000'))}`),
    ublAllowance(spec, false, spec.allowance), ublAllowance(spec, true, spec.charge),
    tag('cac:TaxTotal', `${tag('cbc:TaxAmount', vat, EUR)}${tag('cac:TaxSubtotal', `${tag('cbc:TaxableAmount', base, EUR)}${tag('cbc:TaxAmount', vat, EUR)}${ublTax('cac:TaxCategory', spec, reason)}`)}`),
    tag('cac:LegalMonetaryTotal', [tag('cbc:LineExtensionAmount', lines, EUR), tag('cbc:TaxExclusiveAmount', base, EUR), tag('cbc:TaxInclusiveAmount', total, EUR),
      spec.allowance === 0 ? '' : tag('cbc:AllowanceTotalAmount', money(spec.allowance), EUR), spec.charge === 0 ? '' : tag('cbc:ChargeTotalAmount', money(spec.charge), EUR), tag('cbc:PayableAmount', total, EUR)].join('')),
    ublLines(spec),
  ].join(''), `xmlns="urn:oasis:names:specification:ubl:schema:xsd:${spec.root}-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"`);
}

const day = (name: string, text: string): string => tag(name, tag('udt:DateTimeString', text, 'format="102"'));
const ciiTax = (name: string, { category, rate }: Spec, amount = '', base = '', more = ''): string =>
  tag(name, `${amount}${tag('ram:TypeCode', 'VAT')}${base}${tag('ram:CategoryCode', category)}${more}${rate === undefined ? '' : tag('ram:RateApplicablePercent', rate)}`);
const ciiAddress = (country: string): string => tag('ram:PostalTradeAddress', `${tag('ram:PostcodeCode', '10115')}${tag('ram:LineOne', 'Weg 1')}${tag('ram:CityName', 'Ort')}${tag('ram:CountryID', country)}`);
const ciiParty = (role: string, name: string, vat: string | undefined, country: string, id: string): string => tag(role, [
  tag('ram:ID', id), tag('ram:Name', name), tag('ram:SpecifiedLegalOrganization', `${tag('ram:ID', `HRB-${id}`)}${tag('ram:TradingBusinessName', `${name} Shop`)}`), ciiAddress(country),
  tag('ram:URIUniversalCommunication', tag('ram:URIID', '4012345000009', 'schemeID="0088"')), vat === undefined ? '' : tag('ram:SpecifiedTaxRegistration', tag('ram:ID', vat, 'schemeID="VA"')),
].join(''));
const ciiAllowance = (charge: boolean, amount: string, reason: string, tax = ''): string =>
  tag('ram:SpecifiedTradeAllowanceCharge', `${tag('ram:ChargeIndicator', tag('udt:Indicator', String(charge)))}${tag('ram:ActualAmount', amount)}${tag('ram:Reason', reason)}${tax}`);
const ciiPeriod = tag('ram:BillingSpecifiedPeriod', `${day('ram:StartDateTime', '20260301')}${day('ram:EndDateTime', '20260331')}`);

const ciiLines = (spec: Spec): string => spec.net.map((net, index) => tag('ram:IncludedSupplyChainTradeLineItem', [
  tag('ram:AssociatedDocumentLineDocument', tag('ram:LineID', String(index + 1))),
  tag('ram:SpecifiedTradeProduct', [tag('ram:GlobalID', '4012345000009', 'schemeID="0160"'), tag('ram:Name', 'Ware'), tag('ram:ApplicableProductCharacteristic', `${tag('ram:Description', 'Farbe')}${tag('ram:Value', 'rot')}`),
    tag('ram:DesignatedProductClassification', tag('ram:ClassCode', '123', 'listID="STI"')), tag('ram:OriginTradeCountry', tag('ram:ID', 'DE'))].join('')),
  tag('ram:SpecifiedLineTradeAgreement', tag('ram:NetPriceProductTradePrice', tag('ram:ChargeAmount', money(net)))),
  tag('ram:SpecifiedLineTradeDelivery', tag('ram:BilledQuantity', '1', 'unitCode="C62"')),
  tag('ram:SpecifiedLineTradeSettlement', [ciiTax('ram:ApplicableTradeTax', spec), ciiPeriod, ciiAllowance(false, '1.00', 'Treue'), ciiAllowance(true, '1.00', 'Eile'),
    tag('ram:SpecifiedTradeSettlementLineMonetarySummation', tag('ram:LineTotalAmount', money(net)))].join('')),
].join(''))).join('');

/** A right CII document. */
export function ciiOf(spec: Spec): string {
  const { lines, base, vat, total } = amountsOf(spec);
  const reason = spec.reason === undefined ? '' : tag('ram:ExemptionReasonCode', spec.reason);
  const context = `${tag('ram:BusinessProcessSpecifiedDocumentContextParameter', tag('ram:ID', 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0'))}${tag('ram:GuidelineSpecifiedDocumentContextParameter', tag('ram:ID', spec.specification))}`;
  const note = tag('ram:IncludedNote', `${tag('ram:Content', 'Danke')}${tag('ram:SubjectCode', 'AAI')}`);
  return tag('rsm:CrossIndustryInvoice', [
    tag('rsm:ExchangedDocumentContext', context),
    tag('rsm:ExchangedDocument', `${tag('ram:ID', 'R-1')}${tag('ram:TypeCode', spec.root === 'Invoice' ? '380' : '381')}${day('ram:IssueDateTime', '20260314')}${note}`),
    tag('rsm:SupplyChainTradeTransaction', [
      ciiLines(spec),
      tag('ram:ApplicableHeaderTradeAgreement', [tag('ram:BuyerReference', 'B-1'), ciiParty('ram:SellerTradeParty', 'Beispiel GmbH', spec.vatIds ? 'DE123456789' : undefined, 'DE', 'S1'),
        ciiParty('ram:BuyerTradeParty', 'Ejemplo SL', spec.vatIds ? 'ESB12345678' : undefined, 'ES', 'B1'),
        spec.vatIds ? tag('ram:SellerTaxRepresentativeTradeParty', `${tag('ram:Name', 'Vertreter')}${ciiAddress('FR')}${tag('ram:SpecifiedTaxRegistration', tag('ram:ID', 'FR12345678901', 'schemeID="VA"'))}`) : '',
        tag('ram:AdditionalReferencedDocument', `${tag('ram:IssuerAssignedID', 'D-1')}${tag('ram:TypeCode', '916')}${tag('ram:AttachmentBinaryObject', 'AAAA', 'mimeCode="application/pdf" filename="a.pdf"')}`)].join('')),
      tag('ram:ApplicableHeaderTradeDelivery', `${tag('ram:ShipToTradeParty', `${tag('ram:GlobalID', 'L1', 'schemeID="0060"')}${tag('ram:PostalTradeAddress', `${tag('ram:PostcodeCode', '28001')}${tag('ram:CityName', 'Madrid')}${tag('ram:CountryID', 'ES')}`)}`)}${tag('ram:ActualDeliverySupplyChainEvent', day('ram:OccurrenceDateTime', '20260312'))}`),
      tag('ram:ApplicableHeaderTradeSettlement', [tag('ram:PaymentReference', 'P-1'), tag('ram:InvoiceCurrencyCode', 'EUR'), tag('ram:PayeeTradeParty', tag('ram:Name', 'Factor AG')),
        tag('ram:SpecifiedTradeSettlementPaymentMeans', `${tag('ram:TypeCode', '58')}${tag('ram:PayeePartyCreditorFinancialAccount', tag('ram:IBANID', 'DE89370400440532013000'))}`),
        ciiTax('ram:ApplicableTradeTax', spec, tag('ram:CalculatedAmount', vat), tag('ram:BasisAmount', base), reason), ciiPeriod,
        spec.allowance === 0 ? '' : ciiAllowance(false, money(spec.allowance), 'Rabatt', ciiTax('ram:CategoryTradeTax', spec)), spec.charge === 0 ? '' : ciiAllowance(true, money(spec.charge), 'Fracht', ciiTax('ram:CategoryTradeTax', spec)),
        tag('ram:SpecifiedTradePaymentTerms', day('ram:DueDateDateTime', '20260414')),
        tag('ram:SpecifiedTradeSettlementHeaderMonetarySummation', [tag('ram:LineTotalAmount', lines), tag('ram:ChargeTotalAmount', money(spec.charge)), tag('ram:AllowanceTotalAmount', money(spec.allowance)), tag('ram:TaxBasisTotalAmount', base),
          tag('ram:TaxTotalAmount', vat, EUR), tag('ram:GrandTotalAmount', total), tag('ram:DuePayableAmount', total)].join('')),
        tag('ram:InvoiceReferencedDocument', tag('ram:IssuerAssignedID', 'R-0'))].join('')),
    ].join('')),
  ].join(''), 'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100" xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100"');
}
