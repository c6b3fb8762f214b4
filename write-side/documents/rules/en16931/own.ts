import { isWrittenNegative } from '../../amounts.js';
import type { EnDocument, EnParty, Identifier, Text } from '../../models/en16931.js';
import { CODE_LISTS } from '../../code-lists/index.js';
import { decimalsOf } from './amounts.js';
import { isGln, isIban, packed } from './check-digits.js';
import { VAT_PARTIES } from './conditional.js';
import { pathOf, type Check, type EnRule } from './rule.js';

/** What the official artefacts do not look at; warnings, because the norm itself does not forbid it. */
const own = (code: string, term: string, en: string, es: string, source: string, check: Check): EnRule =>
  ({ code: `FOLIO-EN-${code}`, severity: 'warning', term, en, es, source, check });

/** Forms of VAT ids behind the country prefix (VIES); countries that are not here are not looked at. */
const VAT_FORMS: Readonly<Record<string, RegExp>> = {
  AT: /^U\d{8}$/u, BE: /^[01]\d{9}$/u, BG: /^\d{9,10}$/u, CY: /^\d{8}[A-Z]$/u, CZ: /^\d{8,10}$/u, DE: /^\d{9}$/u, DK: /^\d{8}$/u, EE: /^\d{9}$/u, EL: /^\d{9}$/u,
  ES: /^[A-Z0-9]\d{7}[A-Z0-9]$/u, FI: /^\d{8}$/u, FR: /^[A-Z0-9]{2}\d{9}$/u, HR: /^\d{11}$/u, HU: /^\d{8}$/u, IE: /^\d[A-Z0-9+*]\d{5}[A-Z]{1,2}$/u, IT: /^\d{11}$/u,
  LT: /^(?:\d{9}|\d{12})$/u, LU: /^\d{8}$/u, LV: /^\d{11}$/u, MT: /^\d{8}$/u, NL: /^[A-Z0-9+*]{10}\d{2}$/u, PL: /^\d{10}$/u, PT: /^\d{9}$/u, RO: /^\d{2,10}$/u,
  SE: /^\d{12}$/u, SI: /^\d{8}$/u, SK: /^\d{10}$/u, XI: /^(?:\d{9}|\d{12}|GD\d{3}|HA\d{3})$/u,
};
const PREFIX = 2;
const SHORTEST = 3;

function isVatId(id: string): boolean {
  const text = packed(id).toUpperCase();
  const form = VAT_FORMS[text.slice(0, PREFIX)];
  return form === undefined ? text.length > PREFIX : form.test(text.slice(PREFIX));
}

const checkVatIds: Check = ({ document }, report) => {
  for (const [term, of] of VAT_PARTIES) {
    for (const [index, { vat, id }] of of(document)?.registrations.entries() ?? []) {
      if (vat && id && !isVatId(id)) report(() => pathOf(document, term, index), 'a VAT identifier in the form of its country', id, term);
    }
  }
};

const PARTIES: readonly (readonly [ids: string, legal: string, tax: string, address: string, of: (document: EnDocument) => EnParty | undefined])[] = [
  ['BT-29', 'BT-30', 'BT-32', 'BT-34', ({ seller }) => seller], ['BT-46', 'BT-47', 'BT-48', 'BT-49', ({ buyer }) => buyer], ['BT-60', 'BT-61', 'BT-60', 'BT-60', ({ payee }) => payee],
];

const checkShortIds: Check = ({ document }, report) => {
  const see = (id: Text, term: string): void => {
    if (id && id.length < SHORTEST) report(pathOf(document, term), `${SHORTEST} characters or more`, id, term);
  };
  for (const [, legal, tax, , of] of PARTIES) {
    see(of(document)?.legalId?.text, legal);
    for (const { id, vat } of of(document)?.registrations ?? []) if (!vat) see(id, tax);
  }
};

const GLN = '0088';
const GLN_LENGTH = 13;
const checkGln: Check = ({ document }, report) => {
  const see = (id: Identifier | undefined, term: string): void => {
    if (id?.scheme === GLN && id.text !== '' && (id.text.length !== GLN_LENGTH || !isGln(id.text))) report(pathOf(document, term), 'a GLN of 13 digits whose check digit fits', id.text, term);
  };
  for (const [ids, legal, , address, of] of PARTIES) {
    const party = of(document);
    for (const id of party?.identifiers ?? []) see(id, ids);
    see(party?.legalId, legal);
    see(party?.endpoint, address);
  }
  see(document.delivery?.location, 'BT-71');
};

const LOOKS_LIKE_IBAN = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/iu;
const checkIban: Check = ({ document }, report) => {
  for (const [index, { account, debited }] of document.payments.entries()) {
    for (const [term, value] of [['BT-84', account], ['BT-91', debited]] as const) {
      if (value !== undefined && LOOKS_LIKE_IBAN.test(packed(value)) && !isIban(value)) report(() => pathOf(document, term, index), 'an IBAN whose check digits fit', value, term);
    }
  }
};

const MAX_DECIMALS = 2;
/** The CII test of VAT totals compares numbers, so `0.000` passes it. */
const checkZeroDecimals: Check = ({ ubl, document }, report) => {
  if (ubl) return;
  for (const { amount } of document.taxTotals) {
    if (amount !== undefined && decimalsOf(amount) > MAX_DECIMALS && /\.\d\d0+$/u.test(amount)) report(pathOf(document, 'BT-110'), `at most ${MAX_DECIMALS} decimals`, amount);
  }
};

/** Corrections are credit notes of positive amounts; a negative credit note says the contrary of what its type says. */
const checkCreditSign: Check = ({ document }, report) => {
  const { typeCode, totals } = document;
  if (typeCode === undefined || !CODE_LISTS.creditNoteTypes.has(typeCode)) return;
  const total = totals['BT-112'];
  if (total !== undefined && isWrittenNegative(total)) report(pathOf(document, 'BT-112'), '0 or more in a credit note', total);
};

export const OWN_RULES: readonly EnRule[] = [
  own('VAT-ID', 'BT-31', 'The VAT identifier does not have the form of its country.', 'El NIF-IVA no tiene la forma de su país.', 'European Commission, VIES, structure of VAT identifiers', checkVatIds),
  own('ID-SHORT', 'BT-30', 'The identifier is too short to be one.', 'El identificador es demasiado corto.', 'Folio; blind spot of the CEN validation artefacts', checkShortIds),
  own('GLN', 'BT-29', 'The GLN is not of 13 digits, or its check digit does not fit.', 'El GLN no tiene 13 dígitos o su dígito de control no corresponde.', 'GS1 General Specifications, GLN', checkGln),
  own('IBAN', 'BT-84', 'The check digits of the IBAN do not fit.', 'Los dígitos de control del IBAN no corresponden.', 'ISO 13616-1', checkIban),
  own('DECIMALS', 'BT-110', 'The VAT total is written with more than two decimals.', 'El total de IVA está escrito con más de dos decimales.', 'EN 16931-1:2017, BR-DEC-13; blind spot of the CEN validation artefacts', checkZeroDecimals),
  own('CREDIT-SIGN', 'BT-112', 'A credit note of a negative total asks for money instead of giving it back.', 'Una nota de crédito de total negativo cobra en vez de devolver.', 'EN 16931-1:2017, BT-3; UNTDID 1001', checkCreditSign),
];
