import type { BothCase } from './cases.js';

const UBL_REFERENCE = '<cac:AdditionalDocumentReference>';
const ublReference = (inside: string): string => `${UBL_REFERENCE}${inside}</cac:AdditionalDocumentReference>`;
const CII_REFERENCE = '<ram:AdditionalReferencedDocument>';
const ciiReference = (type: string, inside = ''): string => `${CII_REFERENCE}<ram:IssuerAssignedID>O-1</ram:IssuerAssignedID><ram:TypeCode>${type}</ram:TypeCode>${inside}</ram:AdditionalReferencedDocument>`;
const before = (place: string, text: string): readonly [string, string] => [place, `${text}${place}`];
const taxScheme = (id: string, scheme: string): string => `<cac:PartyTaxScheme><cbc:CompanyID>${id}</cbc:CompanyID><cac:TaxScheme><cbc:ID>${scheme}</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>`;
const SELLER_SCHEME = /<cac:PartyTaxScheme><cbc:CompanyID>DE123456789.*?<\/cac:PartyTaxScheme>/u;
const identification = (id: string, scheme: string): string => `<cac:PartyIdentification><cbc:ID schemeID="${scheme}">${id}</cbc:ID></cac:PartyIdentification>`;
const contact = '<ram:DefinedTradeContact><ram:PersonName>Team</ram:PersonName><ram:DepartmentName>Kasse</ram:DepartmentName></ram:DefinedTradeContact>';
const MEANS = '<cac:PaymentMeans>';
const ublMeans = (code: string, id: string): string => `${MEANS}<cbc:PaymentMeansCode>${code}</cbc:PaymentMeansCode><cbc:PaymentID>${id}</cbc:PaymentID></cac:PaymentMeans>`;
const GROSS = (discount: string): readonly [string, string] => ['<ram:NetPriceProductTradePrice>', `<ram:GrossPriceProductTradePrice><ram:ChargeAmount>1.00</ram:ChargeAmount><ram:AppliedTradeAllowanceCharge>${discount}</ram:AppliedTradeAllowanceCharge></ram:GrossPriceProductTradePrice><ram:NetPriceProductTradePrice>`];
const indicator = (value: string): string => `<ram:ChargeIndicator><udt:Indicator>${value}</udt:Indicator></ram:ChargeIndicator>`;

/** Rules of the syntax bindings that say more than what may stand where. */
export const SYNTAX_CASES: readonly BothCase[] = [
  ['an allowance of two reasons', ['<cbc:AllowanceChargeReason>Rabatt<', '<cbc:AllowanceChargeReason>Rabatt</cbc:AllowanceChargeReason><cbc:AllowanceChargeReason>Rabatt<'], undefined, ['UBL-SR-30']],
  ['a charge of two reasons', ['<cbc:AllowanceChargeReason>Fracht<', '<cbc:AllowanceChargeReason>Fracht</cbc:AllowanceChargeReason><cbc:AllowanceChargeReason>Fracht<'], undefined, ['UBL-SR-31']],
  ['two invoiced objects', before(UBL_REFERENCE, ublReference('<cbc:ID>O-1</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode>').repeat(2)), before(CII_REFERENCE, ciiReference('130').repeat(2)), ['UBL-SR-04'], ['CII-SR-458']],
  ['two tenders', undefined, before(CII_REFERENCE, ciiReference('50').repeat(2)), ['CII-SR-457']],
  ['two VAT identifiers of the seller', [SELLER_SCHEME, '$&$&'], undefined, ['UBL-SR-12']],
  ['two tax registrations of the seller', [SELLER_SCHEME, taxScheme('123/456', 'FC').repeat(2)], undefined, ['UBL-SR-13']],
  ['two VAT identifiers of the buyer', [/<cac:PartyTaxScheme><cbc:CompanyID>ES.*?<\/cac:PartyTaxScheme>/u, '$&$&'], undefined, ['UBL-SR-18']],
  ['a payee of the name of the seller', ['>Factor AG<', '>Beispiel GmbH<'], undefined, ['UBL-SR-19', 'UBL-SR-20', 'UBL-SR-21']],
  ['two identifiers of the payee', ['<cac:PayeeParty>', `<cac:PayeeParty>${identification('P1', '0060').repeat(2)}`], undefined, ['UBL-SR-20']],
  ['two identifiers of the creditor', ['<cac:PartyIdentification><cbc:ID>S1</cbc:ID></cac:PartyIdentification>', identification('DE98ZZZ09999999999', 'SEPA').repeat(2)], undefined, ['UBL-SR-29']],
  ['a type of a supporting document', ['<cbc:ID>D-1</cbc:ID>', '<cbc:ID>D-1</cbc:ID><cbc:DocumentTypeCode>916</cbc:DocumentTypeCode>'], undefined, ['UBL-SR-43']],
  ['two remittance informations', before(MEANS, ublMeans('58', 'P-2').replace('</cac:PaymentMeans>', '<cac:PayeeFinancialAccount><cbc:ID>DE89370400440532013000</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>')), undefined, ['UBL-SR-44']],
  ['two means of payment', before(MEANS, ublMeans('10', 'P-1')), before('<ram:SpecifiedTradeSettlementPaymentMeans>', '<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>10</ram:TypeCode></ram:SpecifiedTradeSettlementPaymentMeans>'), ['UBL-SR-47'], ['CII-SR-467']],
  ['a tax registration without identifier', ['<cbc:CompanyID>ESB12345678</cbc:CompanyID>', ''], undefined, ['UBL-SR-53']],
  ['an attachment without media type', [' mimeCode="application/pdf"', ''], undefined, ['UBL-DT-06']],
  ['another version of UBL', ['<cbc:CustomizationID>', '<cbc:UBLVersionID>2.0</cbc:UBLVersionID><cbc:CustomizationID>'], undefined, ['UBL-CR-002']],
  ['a scheme of a supporting document', ['<cbc:ID>D-1<', '<cbc:ID schemeID="AAB">D-1<'], before(CII_REFERENCE, ciiReference('916', '<ram:ReferenceTypeCode>AAB</ram:ReferenceTypeCode>')), ['UBL-CR-665', 'UBL-SR-43'], ['CII-DT-024']],
  ['an attachment of an invoiced object', before(UBL_REFERENCE, ublReference('<cbc:ID>O-1</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode><cac:Attachment><cac:ExternalReference><cbc:URI>https://example.org</cbc:URI></cac:ExternalReference></cac:Attachment>')),
    before(CII_REFERENCE, ciiReference('130', '<ram:AttachmentBinaryObject mimeCode="application/pdf" filename="b.pdf">AAAA</ram:AttachmentBinaryObject>')), ['UBL-CR-666'], ['CII-DT-022']],
  ['a description of an invoiced object', before(UBL_REFERENCE, ublReference('<cbc:ID>O-1</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode><cbc:DocumentDescription>Zähler</cbc:DocumentDescription>')),
    before(CII_REFERENCE, ciiReference('130', '<ram:Name>Zähler</ram:Name>')), ['UBL-CR-673'], ['CII-DT-021']],
  ['a location of an invoiced object', undefined, before(CII_REFERENCE, `${CII_REFERENCE}<ram:IssuerAssignedID>O-1</ram:IssuerAssignedID><ram:URIID>https://example.org</ram:URIID><ram:TypeCode>130</ram:TypeCode></ram:AdditionalReferencedDocument>`), ['CII-DT-015']],
  ['a document of another type', undefined, before(CII_REFERENCE, ciiReference('380')), ['CII-DT-018']],
  ['a date of another form than it says', undefined, ['>20260314<', '>2026-03-14<'], ['CII-DT-097', 'FOLIO-DATE-FORMAT']],
  ['an allowance of another tax', undefined, [/(Rabatt<\/ram:Reason><ram:CategoryTradeTax><ram:TypeCode>)VAT/u, '$1GST'], ['CII-DT-037', 'BR-32']],
  ['two tax point codes', undefined, [/(<ram:ApplicableTradeTax>)(<ram:CalculatedAmount>.*?<\/ram:CategoryCode>)(.*?<\/ram:ApplicableTradeTax>)/u,
    '$1$2<ram:DueDateTypeCode>5</ram:DueDateTypeCode>$3<ram:ApplicableTradeTax><ram:CalculatedAmount>0.00</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode><ram:BasisAmount>0.00</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode><ram:DueDateTypeCode>29</ram:DueDateTypeCode><ram:RateApplicablePercent>7</ram:RateApplicablePercent></ram:ApplicableTradeTax>'], ['CII-SR-462']],
  ['a buyer with and without scheme', undefined, ['<ram:ID>B1</ram:ID>', '<ram:ID>B1</ram:ID><ram:GlobalID schemeID="0060">B1</ram:GlobalID>'], ['CII-SR-450']],
  ['a payee with and without scheme', undefined, ['<ram:PayeeTradeParty>', '<ram:PayeeTradeParty><ram:ID>P1</ram:ID><ram:GlobalID schemeID="0060">P1</ram:GlobalID>'], ['CII-SR-451']],
  ['a place of delivery with and without scheme', undefined, ['<ram:ShipToTradeParty>', '<ram:ShipToTradeParty><ram:ID>L1</ram:ID>'], ['CII-SR-449']],
  ['a person and a department of the seller', undefined, [/(Beispiel GmbH Shop<\/ram:TradingBusinessName><\/ram:SpecifiedLegalOrganization>)/u, `$1${contact}`], ['CII-SR-465']],
  ['a person and a department of the buyer', undefined, [/(Ejemplo SL Shop<\/ram:TradingBusinessName><\/ram:SpecifiedLegalOrganization>)/u, `$1${contact}`], ['CII-SR-466']],
  ['a charge on a price', undefined, GROSS(`${indicator('true')}<ram:ActualAmount>1.00</ram:ActualAmount>`), ['CII-SR-119']],
  ['a discount of a price without amount', undefined, GROSS(indicator('false')), ['CII-SR-119']],
  ['a unit of the base quantity where no line has one', undefined, [[/ unitCode="C62"/gu, ''], [/(<ram:NetPriceProductTradePrice>.*?<\/ram:ChargeAmount>)/u, '$1<ram:BasisQuantity unitCode="C62">1</ram:BasisQuantity>']], ['CII-DT-033', 'BR-23']],
];
