import { dayOf } from '../../dates.js';
import { isWrittenNegative } from '../../amounts.js';
import type { EnDocument, EnParty, EnPeriod, Identifier, PaymentMeans } from '../../models/en16931.js';
import { CODE_LISTS } from '../../code-lists/index.js';
import { ABSENT, type Report } from '../rule.js';
import { as, onlyIn, pathOf, rule, type EnRule } from './rule.js';
import type { EnView } from './view.js';

function checkPeriod(path: () => string, period: EnPeriod | undefined, report: Report): void {
  const start = dayOf(period?.start);
  const end = dayOf(period?.end);
  if (start !== undefined && end !== undefined && end < start) report(path, `${start} or later`, end);
}
const eachLinePeriod = ({ lines }: EnDocument, visit: (period: EnPeriod, index: number) => void): void => {
  for (const [index, { period }] of lines.entries()) if (period) visit(period, index);
};

const PERIODS: readonly EnRule[] = [
  rule('BR-29', 'BT-74', 'The invoicing period must not end before it starts.', 'El período de facturación no debe terminar antes de empezar.',
    ({ document }, report) => checkPeriod(() => pathOf(document, 'BT-74'), document.period, report)),
  rule('BR-30', 'BT-135', 'The period of a line must not end before it starts.', 'El período de una línea no debe terminar antes de empezar.',
    ({ document }, report) => eachLinePeriod(document, (period, index) => checkPeriod(() => pathOf(document, 'BT-135', index), period, report))),
  rule('BR-CO-19', 'BG-14', 'The invoicing period must have a start or an end.', 'El período de facturación debe tener inicio o fin.', ({ document }, report) => {
    const { period } = document;
    if (period && !period.dated && period.code === undefined) report(pathOf(document, 'BG-14'), 'a start or an end', ABSENT);
  }),
  rule('BR-CO-20', 'BG-26', 'The period of a line must have a start or an end.', 'El período de una línea debe tener inicio o fin.',
    ({ document }, report) => eachLinePeriod(document, (period, index) => {
      if (!period.dated) report(() => pathOf(document, 'BG-26', index), 'a start or an end', ABSENT);
    })),
  rule('BR-CO-03', 'BT-7', 'The tax point date and its code exclude each other.', 'La fecha de devengo y su código se excluyen.', ({ document }, report) => {
    const code = document.period?.code ?? document.vat.find((row) => row.taxPointCode !== undefined)?.taxPointCode;
    if (document.taxPointDate !== undefined && code !== undefined) report(pathOf(document, 'BT-7'), 'the date or the code', `${document.taxPointDate}, ${code}`);
  }),
];

const notNegative = (code: string, term: string, name: string, nombre: string, key: 'net' | 'gross'): EnRule =>
  rule(code, term, `${name} (${term}) must not be negative.`, `${nombre} (${term}) no debe ser negativo.`, ({ document }, report) => {
    for (const [index, { price }] of document.lines.entries()) {
      const value = price?.[key];
      // The official test of the net price compares, and so an absent price breaks it too.
      if (value === undefined ? key === 'net' : isWrittenNegative(value)) report(() => pathOf(document, term, index), '0 or more', value ?? ABSENT);
    }
  });

const CREDIT_TRANSFER: ReadonlySet<string> = new Set(['30', '58']);
const eachPayment = (view: EnView, visit: (payment: PaymentMeans, path: (term: string) => string) => void): void => {
  for (const [index, payment] of view.document.payments.entries()) visit(payment, (term) => pathOf(view.document, term, index));
};
const hasAccountId = ({ account, proprietary }: PaymentMeans): boolean => account !== undefined || proprietary !== undefined;
const MAX_CARD = 10;

const cardNumber = rule('BR-51', 'BT-87', 'A card number must be cut to its last digits.', 'El número de tarjeta debe abreviarse a sus últimos dígitos.', (view, report) =>
  eachPayment(view, ({ card }, path) => {
    if (card !== undefined && card.length > MAX_CARD) report(() => path('BT-87'), `at most ${MAX_CARD} characters`, `${card.length} characters`);
  }));

const PAYMENT: readonly EnRule[] = [
  rule('BR-49', 'BT-81', 'The means of payment must have a code.', 'El medio de pago debe tener un código.', (view, report) =>
    eachPayment(view, ({ code }, path) => {
      if (code === undefined) report(() => path('BT-81'), 'a value', ABSENT);
    })),
  rule('BR-50', 'BT-84', 'A credit transfer must name the account to pay to.', 'Una transferencia debe indicar la cuenta de destino.', (view, report) =>
    eachPayment(view, (payment, path) => {
      if (CREDIT_TRANSFER.has(payment.code ?? '') && payment.hasAccount && !hasAccountId(payment)) report(() => path('BT-84'), 'an account', ABSENT);
    })),
  rule('BR-61', 'BT-84', 'With payment by credit transfer the account must be there.', 'Con pago por transferencia debe existir la cuenta.', (view, report) =>
    eachPayment(view, (payment, path) => {
      if (CREDIT_TRANSFER.has(payment.code ?? '') && !hasAccountId(payment) && (view.ubl || payment.hasAccount)) report(() => path('BT-84'), 'an account', ABSENT);
    })),
  onlyIn('ubl', as('warning', cardNumber)),
  onlyIn('cii', cardNumber),
];

const needsScheme = (id: Identifier | undefined): boolean => id !== undefined && !id.scheme;

const endpoint = (code: string, term: string, name: string, nombre: string, of: (document: EnDocument) => EnParty): EnRule =>
  rule(code, term, `The electronic address of the ${name} must name its scheme.`, `La dirección electrónica del ${nombre} debe indicar su esquema.`, ({ document }, report) => {
    const { hasEndpoint, endpointScheme } = of(document);
    if (hasEndpoint && !endpointScheme) report(pathOf(document, term), 'a scheme', ABSENT);
  });

const SCHEMES: readonly EnRule[] = [
  endpoint('BR-62', 'BT-34-1', 'seller', 'vendedor', ({ seller }) => seller),
  endpoint('BR-63', 'BT-49-1', 'buyer', 'comprador', ({ buyer }) => buyer),
  rule('BR-64', 'BT-157-1', 'A standard identifier of an item must name its scheme.', 'Un identificador estándar de artículo debe indicar su esquema.', ({ document }, report) => {
    for (const [index, { standardId }] of document.lines.entries()) if (needsScheme(standardId)) report(() => pathOf(document, 'BT-157-1', index), 'a scheme', ABSENT);
  }),
  rule('BR-65', 'BT-158-1', 'A classification of an item must name its scheme.', 'Una clasificación de artículo debe indicar su esquema.', ({ document }, report) => {
    for (const [index, { classifications }] of document.lines.entries()) {
      for (const [inner, id] of classifications.entries()) if (needsScheme(id)) report(() => pathOf(document, 'BT-158-1', index, inner), 'a scheme', ABSENT);
    }
  }),
];

const PREFIX = 2;
const GREECE = 'EL';
/** The parties that have VAT ids, with the term of each. */
export const VAT_PARTIES: readonly (readonly [term: string, of: (document: EnDocument) => EnParty | undefined])[] = [
  ['BT-31', ({ seller }) => seller], ['BT-48', ({ buyer }) => buyer], ['BT-63', ({ representative }) => representative],
];
const checkVatPrefix = ({ ubl, document }: EnView, report: Report): void => {
  for (const [term, of] of VAT_PARTIES) {
    for (const [index, { vat, id }] of of(document)?.registrations.entries() ?? []) {
      const prefix = id?.slice(0, PREFIX) ?? '';
      if (vat && prefix.length >= (ubl ? PREFIX : 1) && prefix !== GREECE && !CODE_LISTS.countries.has(prefix)) report(pathOf(document, term, index), 'a country code in front', prefix, term);
    }
  }
};

const checkTaxCurrency = ({ ubl, document }: EnView, report: Report): void => {
  const { taxCurrency, taxTotals, currency, hasTotals } = document;
  if (taxCurrency === undefined || (!ubl && !hasTotals)) return;
  const given = taxTotals.some((row) => row.currency === taxCurrency && row.amount !== undefined);
  if (!given || (!ubl && taxCurrency === currency)) report(pathOf(document, 'BT-111'), `a VAT total in ${taxCurrency}`, given ? taxCurrency : ABSENT);
};

const checkSplitPayment = ({ document, uses }: EnView, report: Report): void => {
  if (!uses.has('B')) return;
  const countries = [document.seller, document.buyer, document.representative].map((party) => party?.address?.country);
  const other = [...countries, document.delivery?.address?.country, ...document.lines.map((line) => line.origin)].find((country) => country !== undefined && country !== 'IT');
  if (other !== undefined) report(pathOf(document, 'BT-40'), 'IT', other);
};

const OTHER: readonly EnRule[] = [
  rule('BR-CO-09', 'BT-31', 'A VAT identifier must begin with the code of its country.', 'Un NIF-IVA debe empezar con el código de su país.', checkVatPrefix),
  rule('BR-53', 'BT-111', 'With a VAT accounting currency there must be a VAT total in it.', 'Con moneda de contabilización del IVA debe existir el total de IVA en ella.', checkTaxCurrency),
  rule('BR-B-01', 'BT-40', 'Split payment (category B) is for domestic Italian invoices only.', 'El pago dividido (categoría B) es solo para facturas nacionales de Italia.', checkSplitPayment),
  rule('BR-B-02', 'BT-118', 'Split payment (category B) and the standard rate (category S) exclude each other.', 'El pago dividido (categoría B) y el tipo general (categoría S) se excluyen.', ({ document, uses }, report) => {
    if (uses.has('B') && uses.has('S')) report(pathOf(document, 'BG-23'), 'B or S', 'B and S');
  }),
];

export const CONDITIONAL_RULES: readonly EnRule[] = [
  ...PERIODS,
  notNegative('BR-27', 'BT-146', 'The net price', 'El precio neto', 'net'),
  notNegative('BR-28', 'BT-148', 'The gross price', 'El precio bruto', 'gross'),
  ...PAYMENT, ...SCHEMES, ...OTHER,
];
