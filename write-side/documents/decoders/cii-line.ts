import * as d from './draft.js';
import { allowance, documentReference, field, fieldOf, group, indicator, issuerAssigned, period, taxFields, unread, type Node } from './cii-parts.js';

const line = ({ at }: d.Reading) => at.line;
const price = ({ at }: d.Reading) => at.line?.price;
const attribute = ({ at }: d.Reading) => at.line?.attributes.at(-1);

const product: Node = group({
  GlobalID: fieldOf(d.identifier(line, 'standardId')),
  SellerAssignedID: unread,
  BuyerAssignedID: unread,
  Name: field(d.text(line, 'name')),
  Description: unread,
  ApplicableProductCharacteristic: group({ Description: field(d.text(attribute, 'name')), Value: field(d.text(attribute, 'value')) }, { open: d.openAttribute }),
  DesignatedProductClassification: group({ ClassCode: fieldOf(d.classification) }),
  OriginTradeCountry: group({ ID: field(d.text(line, 'origin')) }),
});

const grossPrice: Node = group(
  {
    ChargeAmount: field(d.text(price, 'gross')),
    BasisQuantity: fieldOf(d.textWith(price, 'grossQuantity', 'unitCode', 'grossUnit')),
    AppliedTradeAllowanceCharge: group({ ChargeIndicator: indicator(d.text(price, 'indicator')), ActualAmount: field(d.text(price, 'discount')) }),
  },
  { open: d.openLinePrice },
);
const netPrice: Node = group(
  { ChargeAmount: field(d.text(price, 'net')), BasisQuantity: fieldOf(d.textWith(price, 'quantity', 'unitCode', 'unit')) },
  { open: d.openLinePrice },
);

export const lineItem: Node = group(
  {
    AssociatedDocumentLineDocument: group({ LineID: field(d.text(line, 'id')), IncludedNote: group({ Content: unread }) }),
    SpecifiedTradeProduct: product,
    SpecifiedLineTradeAgreement: group({
      BuyerOrderReferencedDocument: issuerAssigned(() => undefined),
      GrossPriceProductTradePrice: grossPrice,
      NetPriceProductTradePrice: netPrice,
    }),
    SpecifiedLineTradeDelivery: group({ BilledQuantity: fieldOf(d.textWith(line, 'quantity', 'unitCode', 'unit')) }),
    SpecifiedLineTradeSettlement: group({
      ApplicableTradeTax: group(taxFields, { open: d.openLineTax }),
      BillingSpecifiedPeriod: period,
      SpecifiedTradeAllowanceCharge: allowance,
      SpecifiedTradeSettlementLineMonetarySummation: group({ LineTotalAmount: field(d.text(line, 'netAmount')) }),
      AdditionalReferencedDocument: documentReference,
      ReceivableSpecifiedTradeAccountingAccount: group({ ID: unread }),
    }),
  },
  { open: d.openLine, close: d.closeLine },
);
