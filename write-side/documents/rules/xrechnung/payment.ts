import type { EnDocument, PaymentMeans } from '../../models/en16931.js';
import { isIban } from '../en16931/check-digits.js';
import { pathOf, type Check, type EnRule } from '../en16931/rule.js';
import { ABSENT } from '../rule.js';
import { xrechnung } from './rule.js';

const TRANSFER: ReadonlySet<string> = new Set(['30', '58']);
const CARD: ReadonlySet<string> = new Set(['48', '54', '55']);
const DEBIT: ReadonlySet<string> = new Set(['59']);
const SEPA_TRANSFER = '58';
const SEPA_DEBIT = '59';
const SEPA = 'SEPA';

/** BG-19: in CII its parts stand apart. */
const hasDebit = ({ syntax, mandate, creditor }: EnDocument, payment: PaymentMeans): boolean =>
  (syntax === 'ubl' ? payment.hasMandate : mandate !== undefined || creditor !== undefined || payment.debited !== undefined);

const has = { transfer: (_: EnDocument, { hasAccount }: PaymentMeans) => hasAccount, card: (_: EnDocument, { hasCard }: PaymentMeans) => hasCard, debit: hasDebit };

const needs = (codes: ReadonlySet<string>, group: keyof typeof has, term: string): Check => ({ document }, report) => {
  for (const [index, payment] of document.payments.entries()) {
    if (codes.has(payment.code ?? '') && !has[group](document, payment)) report(() => pathOf(document, term, index), 'the group', ABSENT);
  }
};
const forbids = (codes: ReadonlySet<string>, groups: readonly (keyof typeof has)[]): Check => ({ document }, report) => {
  for (const [index, payment] of document.payments.entries()) {
    const other = codes.has(payment.code ?? '') ? groups.find((group) => has[group](document, payment)) : undefined;
    if (other !== undefined) report(() => pathOf(document, 'BG-16', index), `no ${groups.join(' and no ')}`, other);
  }
};

const iban = (code: string, term: string, of: (payment: PaymentMeans) => string | undefined): Check => ({ document }, report) => {
  for (const [index, payment] of document.payments.entries()) {
    const account = of(payment);
    if (payment.code === code && (account === undefined || !isIban(account))) report(() => pathOf(document, term, index), 'an IBAN', account ?? ABSENT);
  }
};

/** BT-89, BT-90 and BT-91 belong together. */
const checkDebit = (missing: 'creditor' | 'debited', term: string): Check => ({ ubl, document }, report) => {
  const { payments, seller, payee, mandate } = document;
  const creditor = ubl ? [...seller.identifiers, ...(payee?.identifiers ?? [])].some(({ scheme }) => scheme === SEPA) : document.creditor !== undefined;
  const debited = payments.some((payment) => payment.debited !== undefined);
  const started = ubl ? payments.some((payment) => payment.hasMandate) : mandate !== undefined || (missing === 'creditor' ? debited : document.creditor !== undefined);
  if (started && !(missing === 'creditor' ? creditor : debited)) report(pathOf(document, term), 'a value', ABSENT);
};

export const PAYMENT_RULES: readonly EnRule[] = [
  xrechnung('BR-DE-19', 'BT-84', 'With SEPA credit transfer (58) the account should be an IBAN.', 'Con transferencia SEPA (58) la cuenta debería ser un IBAN.', iban(SEPA_TRANSFER, 'BT-84', ({ account }) => account), 'warning'),
  xrechnung('BR-DE-20', 'BT-91', 'With SEPA direct debit (59) the debited account should be an IBAN.', 'Con adeudo SEPA (59) la cuenta adeudada debería ser un IBAN.', iban(SEPA_DEBIT, 'BT-91', ({ debited }) => debited), 'warning'),
  xrechnung('BR-DE-23-a', 'BG-17', 'With credit transfer there must be the account (BG-17).', 'Con transferencia debe existir la cuenta (BG-17).', needs(TRANSFER, 'transfer', 'BG-17')),
  xrechnung('BR-DE-23-b', 'BG-16', 'With credit transfer there must be no card and no direct debit.', 'Con transferencia no debe existir tarjeta ni adeudo.', forbids(TRANSFER, ['card', 'debit'])),
  xrechnung('BR-DE-24-a', 'BG-18', 'With payment by card there must be the card (BG-18).', 'Con pago por tarjeta debe existir la tarjeta (BG-18).', needs(CARD, 'card', 'BG-18')),
  xrechnung('BR-DE-24-b', 'BG-16', 'With payment by card there must be no account and no direct debit.', 'Con pago por tarjeta no debe existir cuenta ni adeudo.', forbids(CARD, ['transfer', 'debit'])),
  xrechnung('BR-DE-25-a', 'BG-19', 'With direct debit there must be the mandate (BG-19).', 'Con adeudo directo debe existir el mandato (BG-19).', needs(DEBIT, 'debit', 'BG-19')),
  xrechnung('BR-DE-25-b', 'BG-16', 'With direct debit there must be no account and no card.', 'Con adeudo directo no debe existir cuenta ni tarjeta.', forbids(DEBIT, ['transfer', 'card'])),
  xrechnung('BR-DE-30', 'BT-90', 'A direct debit must name the creditor identifier (BT-90).', 'Un adeudo directo debe indicar el identificador del acreedor (BT-90).', checkDebit('creditor', 'BT-90')),
  xrechnung('BR-DE-31', 'BT-91', 'A direct debit must name the debited account (BT-91).', 'Un adeudo directo debe indicar la cuenta adeudada (BT-91).', checkDebit('debited', 'BT-91')),
];
