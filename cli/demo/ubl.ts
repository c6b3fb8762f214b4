import { enAmounts, PIECE, SPECIFICATION, type EnAmounts, type EnContent, type EnDemoParty } from './en16931.js';
import { element, leaf, type XmlElement } from './xml.js';

const VAT_SCHEME = element('cac:TaxScheme', {}, [leaf('cbc:ID', 'VAT')]);

const party = (role: string, { name, vatId, street, city, postalCode, country }: EnDemoParty): XmlElement =>
  element(role, {}, [
    element('cac:Party', {}, [
      element('cac:PostalAddress', {}, [
        leaf('cbc:StreetName', street),
        leaf('cbc:CityName', city),
        leaf('cbc:PostalZone', postalCode),
        element('cac:Country', {}, [leaf('cbc:IdentificationCode', country)]),
      ]),
      element('cac:PartyTaxScheme', {}, [leaf('cbc:CompanyID', vatId), VAT_SCHEME]),
      element('cac:PartyLegalEntity', {}, [leaf('cbc:RegistrationName', name)]),
    ]),
  ]);

const category = (name: string, percent: number): XmlElement =>
  element(name, {}, [leaf('cbc:ID', 'S'), leaf('cbc:Percent', String(percent)), VAT_SCHEME]);

function totals(content: EnContent, amounts: EnAmounts): XmlElement[] {
  const amount = (name: string, text: string): XmlElement => leaf(name, text, { currencyID: content.currency });
  const allowance = amounts.allowance;
  return [
    ...(allowance === undefined ? [] : [element('cac:AllowanceCharge', {}, [
      leaf('cbc:ChargeIndicator', 'false'), leaf('cbc:AllowanceChargeReason', 'Descuento por volumen'),
      amount('cbc:Amount', allowance), category('cac:TaxCategory', content.vatPercent),
    ])]),
    element('cac:TaxTotal', {}, [
      amount('cbc:TaxAmount', amounts.vat),
      element('cac:TaxSubtotal', {}, [amount('cbc:TaxableAmount', amounts.net), amount('cbc:TaxAmount', amounts.vat), category('cac:TaxCategory', content.vatPercent)]),
    ]),
    element('cac:LegalMonetaryTotal', {}, [
      amount('cbc:LineExtensionAmount', amounts.lineTotal),
      amount('cbc:TaxExclusiveAmount', amounts.net),
      amount('cbc:TaxInclusiveAmount', amounts.gross),
      ...(allowance === undefined ? [] : [amount('cbc:AllowanceTotalAmount', allowance)]),
      amount('cbc:PayableAmount', amounts.gross),
    ]),
  ];
}

function lines(content: EnContent, amounts: EnAmounts, kind: 'Invoice' | 'CreditNote'): XmlElement[] {
  const quantity = kind === 'Invoice' ? 'cbc:InvoicedQuantity' : 'cbc:CreditedQuantity';
  return amounts.lines.map(({ line, net, price }, index) =>
    element(`cac:${kind}Line`, {}, [
      leaf('cbc:ID', String(index + 1)),
      leaf(quantity, String(line.quantity), { unitCode: PIECE }),
      leaf('cbc:LineExtensionAmount', net, { currencyID: content.currency }),
      element('cac:Item', {}, [leaf('cbc:Name', line.name), category('cac:ClassifiedTaxCategory', content.vatPercent)]),
      element('cac:Price', {}, [leaf('cbc:PriceAmount', price, { currencyID: content.currency })]),
    ]),
  );
}

/** A UBL 2.1 Invoice (380) or CreditNote (381) of the core of EN 16931. */
export function ublElement(content: EnContent): XmlElement {
  const kind = content.type === '380' ? 'Invoice' : 'CreditNote';
  const amounts = enAmounts(content);
  return element(
    kind,
    {
      xmlns: `urn:oasis:names:specification:ubl:schema:xsd:${kind}-2`,
      'xmlns:cac': 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
      'xmlns:cbc': 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
    },
    [
      leaf('cbc:CustomizationID', SPECIFICATION),
      leaf('cbc:ID', content.number),
      leaf('cbc:IssueDate', content.date),
      ...(kind === 'Invoice' ? [leaf('cbc:DueDate', content.due)] : []),
      leaf(`cbc:${kind}TypeCode`, content.type),
      leaf('cbc:DocumentCurrencyCode', content.currency),
      party('cac:AccountingSupplierParty', content.seller),
      party('cac:AccountingCustomerParty', content.buyer),
      ...totals(content, amounts),
      ...lines(content, amounts, kind),
    ],
  );
}
