import type { EnDocument, EnParty, PaymentMeans, Text } from '../../../models/en16931.js';
import { onlyIn, pathOf, type Check, type EnRule } from '../../en16931/rule.js';
import type { RuleText } from '../../rule.js';

export const NATIONAL_SOURCE = 'OpenPeppol, BIS Billing 3.0, national rules of 2025-11';

type Severity = RuleText['severity'];
type Texts = readonly [en: string, es: string];

/** A national rule of Peppol BIS Billing 3, under the id of the country that asked for it. */
export const national = (code: string, term: string, [en, es]: Texts, check: Check, severity: Severity = 'error'): EnRule =>
  onlyIn('ubl', { code, severity, term, en, es, source: NATIONAL_SOURCE, check });

/** A statement about the whole document; `wrong` answers what is found where it does not hold. */
export const stated = (code: string, term: string, texts: Texts, expected: string, wrong: (document: EnDocument) => Text, severity?: Severity): EnRule =>
  national(code, term, texts, ({ document }, report) => {
    const found = wrong(document);
    if (found !== undefined) report(pathOf(document, term), expected, found);
  }, severity);

/** The same about each of the means of payment. */
export const ofPayments = (code: string, term: string, texts: Texts, expected: string, wrong: (payment: PaymentMeans, document: EnDocument) => Text, severity?: Severity): EnRule =>
  national(code, term, texts, ({ document }, report) => {
    for (const [index, payment] of document.payments.entries()) {
      const found = wrong(payment, document);
      if (found !== undefined) report(() => pathOf(document, term, index), expected, found);
    }
  }, severity);

/** Rules that are silent unless the document is one that they are about. */
export const where = (applies: (document: EnDocument) => boolean, rules: readonly EnRule[]): readonly EnRule[] =>
  rules.map((rule) => ({
    ...rule,
    check: (view, report, context) => {
      if (applies(view.document)) rule.check(view, report, context);
    },
  }));

export const vatIds = (party: EnParty | undefined): readonly string[] => party?.registrations.flatMap(({ vat, id }) => (vat && id !== undefined ? [id] : [])) ?? [];
/** Identifiers of other tax schemes. */
export const taxIds = (party: EnParty): readonly string[] => party.registrations.flatMap(({ vat, id }) => (!vat && id !== undefined ? [id] : []));
const PREFIX = 2;
export const vatPrefix = (party: EnParty | undefined): Text => vatIds(party)[0]?.slice(0, PREFIX).toUpperCase();
/** Country of the address, as written. */
export const countryOf = (party: EnParty | undefined): Text => party?.address?.country;
/** The country of the seller: that of its VAT identifier, of its representative's, or of its address. */
export const supplierCountry = ({ seller, representative }: EnDocument): Text => vatPrefix(seller) ?? vatPrefix(representative) ?? countryOf(seller)?.toUpperCase();
export const customerCountry = ({ buyer }: EnDocument): Text => vatPrefix(buyer) ?? countryOf(buyer)?.toUpperCase();
