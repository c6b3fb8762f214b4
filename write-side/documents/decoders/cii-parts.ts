import { inNamespace, type Element } from '../element.js';
import * as d from './draft.js';

export const CII_NAMESPACE = 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100';
export const RAM = 'urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100';
export const UDT = 'urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100';
const QDT = 'urn:un:unece:uncefact:data:standard:QualifiedDataType:100';

/** A row of a CII element table. */
export type Node = Element<d.Reading>;
type Value = NonNullable<Node['value']>;
const ram = inNamespace(RAM);
export const group: (children: Readonly<Record<string, Node>>, hooks?: Omit<Node, 'uri' | 'children'>) => Node = ram.group;
export const field: (value: Value) => Node = ram.field;
/** A field with a hook for its attributes. */
export const fieldOf = (hooks: Pick<Node, 'open' | 'value'>): Node => ({ uri: RAM, ...hooks });
export const unread: Node = field(() => undefined);
const udt: (value: Value) => Node = inNamespace(UDT).field;
const qdt: (value: Value) => Node = inNamespace(QDT).field;

const FORMAT_102 = '102';
const DAY = /^\d{4}(?:1[0-2]|0[1-9])(?:3[01]|[12]\d|0[1-9])$/u;
const MAX_DATES = 100;

/** A date as written; one that says it is of format 102 and is not, is remembered. */
const day = (set: Value): Value => (reading, text, attributes) => {
  const { dates } = reading.document.structure;
  if (attributes['format'] === FORMAT_102 && !DAY.test(text) && dates.length < MAX_DATES) dates.push(text);
  set(reading, text, attributes);
};
export const dateTime = (set: Value, hooks: Omit<Node, 'uri' | 'children'> = {}): Node => group({ DateTimeString: udt(day(set)) }, hooks);
export const date = (set: Value): Node => group({ DateString: udt(set) });
export const formattedDate = (set: Value): Node => group({ DateTimeString: qdt(set) });

export const setAddress = {
  PostcodeCode: field(d.text(({ at }) => at.address, 'postCode')),
  LineOne: field(d.text(({ at }) => at.address, 'line1')),
  LineTwo: unread,
  LineThree: unread,
  CityName: field(d.text(({ at }) => at.address, 'city')),
  CountryID: { ...field(d.text(({ at }) => at.address, 'country')), open: ({ at }: d.Reading) => void (at.address && (at.address.named = true)) },
  CountrySubDivisionName: unread,
};

export const taxFields = {
  TypeCode: field(d.text(({ at }) => at.tax, 'scheme')),
  ExemptionReason: field(d.text(({ at }) => at.tax, 'reason')),
  CategoryCode: field(d.text(({ at }) => at.tax, 'code')),
  ExemptionReasonCode: field(d.text(({ at }) => at.tax, 'reasonCode')),
  RateApplicablePercent: field(d.text(({ at }) => at.tax, 'rate')),
};

export const allowance: Node = group(
  {
    ChargeIndicator: group({ Indicator: udt(d.chargeIndicator) }),
    CalculationPercent: field(d.text(({ at }) => at.allowance, 'percent')),
    BasisAmount: field(d.text(({ at }) => at.allowance, 'base')),
    ActualAmount: field(d.text(({ at }) => at.allowance, 'amount')),
    ReasonCode: field(d.text(({ at }) => at.allowance, 'reasonCode')),
    Reason: field(d.text(({ at }) => at.allowance, 'reason')),
    CategoryTradeTax: group(taxFields, { open: d.openAllowanceTax }),
  },
  { open: d.openAllowance, close: d.closeAllowance },
);
export const indicator = (set: Value): Node => group({ Indicator: udt(set) });

const dated = ({ at }: d.Reading): void => {
  if (at.period) at.period.dated = true;
};
export const period: Node = group(
  {
    StartDateTime: dateTime(d.text(({ at }) => at.period, 'start'), { open: dated }),
    EndDateTime: dateTime(d.text(({ at }) => at.period, 'end'), { open: dated }),
  },
  { open: d.openPeriod },
);

/** Attachments are skipped; that there is one, its type and its name are kept. */
const binary: Node = {
  uri: RAM,
  open: ({ at: { reference } }, attributes) => {
    if (!reference) return;
    reference.attached = true;
    reference.mime = attributes['mimeCode'];
    reference.filename = attributes['filename'];
  },
};

/** The scheme of an invoiced object stands in an element of its own, so it comes after the id. */
function referenceScheme({ at: { reference } }: d.Reading, scheme: string): void {
  if (reference) reference.id = { text: reference.id?.text ?? '', scheme };
}

export const documentReference: Node = group(
  {
    IssuerAssignedID: fieldOf(d.identifier(({ at }) => at.reference, 'id')),
    URIID: { ...field(d.text(({ at }) => at.reference, 'uri')), open: ({ at }: d.Reading) => void (at.reference && (at.reference.external = true)) },
    TypeCode: field(d.text(({ at }) => at.reference, 'typeCode')),
    Name: { ...unread, open: ({ at }: d.Reading) => void (at.reference && (at.reference.description = true)) },
    AttachmentBinaryObject: binary,
    ReferenceTypeCode: field(referenceScheme),
  },
  { open: d.openReference },
);
export const issuerAssigned = (set: Value): Node => group({ IssuerAssignedID: field(set) });
