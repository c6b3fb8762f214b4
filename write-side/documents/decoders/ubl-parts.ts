import { inNamespace, type Element } from '../element.js';
import * as d from './draft.js';

export const AGGREGATES = 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2';
export const BASICS = 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2';

/** A row of a UBL element table. */
export type Node = Element<d.Reading>;
const aggregates = inNamespace(AGGREGATES);
export const group: (children: Readonly<Record<string, Node>>, hooks?: Omit<Node, 'uri' | 'children'>) => Node = aggregates.group;
export const field: (value: NonNullable<Node['value']>) => Node = inNamespace(BASICS).field;
/** A field with a hook for its attributes. */
export const fieldOf = (hooks: Pick<Node, 'open' | 'value'>): Node => ({ uri: BASICS, ...hooks });
/** A field that no rule reads the text of: it is there for the structure table. */
const unread: Node = field(() => undefined);

export const setAddress = {
  StreetName: field(d.text(({ at }) => at.address, 'line1')),
  AdditionalStreetName: unread,
  CityName: field(d.text(({ at }) => at.address, 'city')),
  PostalZone: field(d.text(({ at }) => at.address, 'postCode')),
  CountrySubentity: unread,
  AddressLine: group({ Line: unread }),
  Country: group({
    IdentificationCode: { ...field(d.text(({ at }) => at.address, 'country')), open: ({ at }: d.Reading) => void (at.address && (at.address.named = true)) },
  }),
};

export const taxFields = {
  ID: field(d.text(({ at }) => at.tax, 'code')),
  Percent: field(d.text(({ at }) => at.tax, 'rate')),
  TaxExemptionReasonCode: field(d.text(({ at }) => at.tax, 'reasonCode')),
  TaxExemptionReason: field(d.text(({ at }) => at.tax, 'reason')),
  TaxScheme: group({ ID: field(d.text(({ at }) => at.tax, 'scheme')) }),
};

export const allowance: Node = group(
  {
    ChargeIndicator: field(d.chargeIndicator),
    AllowanceChargeReasonCode: field(d.text(({ at }) => at.allowance, 'reasonCode')),
    AllowanceChargeReason: { ...field(d.text(({ at }) => at.allowance, 'reason')), open: ({ at }: d.Reading) => void (at.allowance && (at.allowance.reasons += 1)) },
    MultiplierFactorNumeric: field(d.text(({ at }) => at.allowance, 'percent')),
    Amount: fieldOf(d.textWith(({ at }) => at.allowance, 'amount', 'currencyID', 'currency')),
    BaseAmount: fieldOf(d.textWith(({ at }) => at.allowance, 'base', 'currencyID', 'baseCurrency')),
    TaxCategory: group(taxFields, { open: d.openAllowanceTax }),
  },
  { open: d.openAllowance, close: d.closeAllowance },
);

const dated = ({ at }: d.Reading): void => {
  if (at.period) at.period.dated = true;
};
export const period: Node = group(
  {
    StartDate: { ...field(d.text(({ at }) => at.period, 'start')), open: dated },
    EndDate: { ...field(d.text(({ at }) => at.period, 'end')), open: dated },
    DescriptionCode: field(d.text(({ at }) => at.period, 'code')),
  },
  { open: d.openPeriod },
);

/** Attachments are skipped; that there is one, its type and its name are kept. */
const binary: Node = {
  uri: BASICS,
  open: ({ at: { reference } }, attributes) => {
    if (!reference) return;
    reference.attached = true;
    reference.mime = attributes['mimeCode'];
    reference.filename = attributes['filename'];
  },
};

export const documentReference: Node = group(
  {
    ID: fieldOf(d.identifier(({ at }) => at.reference, 'id')),
    DocumentTypeCode: field(d.text(({ at }) => at.reference, 'typeCode')),
    DocumentDescription: { ...field(d.text(({ at }) => at.reference, 'text')), open: ({ at }: d.Reading) => void (at.reference && (at.reference.description = true)) },
    Attachment: group({
      EmbeddedDocumentBinaryObject: binary,
      ExternalReference: group(
        { URI: field(d.text(({ at }) => at.reference, 'uri')) },
        { open: ({ at }) => void (at.reference && (at.reference.external = true)) },
      ),
    }),
  },
  { open: d.openReference },
);
