import type { Reading } from './draft.js';
import * as d from './draft.js';
import { allowance, documentReference, field, fieldOf, group, period, taxFields, type Node } from './ubl-parts.js';

const line = ({ at }: Reading) => at.line;
const price = ({ at }: Reading) => at.line?.price;
const attribute = ({ at }: Reading) => at.line?.attributes.at(-1);
const quantity = fieldOf(d.textWith(line, 'quantity', 'unitCode', 'unit'));
const unread = field(() => undefined);

const item: Node = group({
  Description: unread,
  Name: field(d.text(line, 'name')),
  BuyersItemIdentification: group({ ID: unread }),
  SellersItemIdentification: group({ ID: unread }),
  StandardItemIdentification: group({ ID: fieldOf(d.identifier(line, 'standardId')) }),
  OriginCountry: group({ IdentificationCode: field(d.text(line, 'origin')) }),
  CommodityClassification: group({ ItemClassificationCode: fieldOf(d.classification) }),
  ClassifiedTaxCategory: group(taxFields, { open: d.openLineTax }),
  AdditionalItemProperty: group({ Name: field(d.text(attribute, 'name')), Value: field(d.text(attribute, 'value')) }, { open: d.openAttribute }),
});

const priceDetails: Node = group(
  {
    PriceAmount: fieldOf(d.textWith(price, 'net', 'currencyID', 'currency')),
    BaseQuantity: fieldOf(d.textWith(price, 'quantity', 'unitCode', 'unit')),
    AllowanceCharge: group({
      ChargeIndicator: field(d.text(price, 'indicator')),
      Amount: field(d.text(price, 'discount')),
      BaseAmount: field(d.text(price, 'gross')),
    }),
  },
  { open: d.openLinePrice },
);

const MAX_AMOUNTS = 100;
const otherAmount = field(({ document: { structure } }, text) => {
  if (structure.amounts.length < MAX_AMOUNTS) structure.amounts.push(text);
});
/** EN 16931 does not use it, but its amounts are bound by the rule of decimals all the same. */
const lineTaxTotal: Node = group({ TaxAmount: otherAmount, TaxSubtotal: group({ TaxableAmount: otherAmount, TaxAmount: otherAmount }) });

/** Sub lines (XRechnung extension) nest; deeper ones than these are not read. */
const DEPTH = 4;

const lineOf = (depth: number): Node => group(
  {
    ID: field(d.text(line, 'id')),
    Note: unread,
    InvoicedQuantity: quantity,
    CreditedQuantity: quantity,
    LineExtensionAmount: fieldOf(d.textWith(line, 'netAmount', 'currencyID', 'currency')),
    AccountingCost: unread,
    InvoicePeriod: period,
    OrderLineReference: group({ LineID: { ...unread, open: ({ at }: Reading) => void (at.line && (at.line.hasOrderLine = true)) } }),
    DocumentReference: documentReference,
    TaxTotal: lineTaxTotal,
    AllowanceCharge: allowance,
    Item: item,
    Price: priceDetails,
    ...(depth > 0 ? { SubInvoiceLine: lineOf(depth - 1) } : {}),
  },
  { open: d.openLine, close: d.closeLine },
);

export const invoiceLine: Node = lineOf(DEPTH);
