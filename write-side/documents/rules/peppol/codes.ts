import { CODE_LISTS } from '../../code-lists/index.js';
import { writtenDay } from '../../dates.js';
import type { AllowanceCharge, EnDocument } from '../../models/en16931.js';
import { eachDate } from '../en16931/dates.js';
import { pathOf, type Check, type EnRule } from '../en16931/rule.js';
import { isGerman, processOf } from './basic.js';
import { peppol } from './rule.js';

const setOf = (packed: string): ReadonlySet<string> => new Set(packed.split(' '));
/** UNTDID 1001 as far as process 01 may have it. */
const INVOICES = setOf('71 80 82 84 102 218 219 326 331 380 382 383 384 386 388 393 395 553 575 623 780 817 870 875 876 877');
const CREDIT_NOTES = setOf('381 396 81 83 532');
const BILLING = '01';

/** Peppol's own list of address schemes differs from the EAS list by these. */
const NOT_IN_PEPPOL = setOf('0219 0220 AN AQ AS AU EM');
const ONLY_IN_PEPPOL = setOf('0245');
const isPeppolScheme = (scheme: string): boolean => (CODE_LISTS.addressSchemes.has(scheme) && !NOT_IN_PEPPOL.has(scheme)) || ONLY_IN_PEPPOL.has(scheme);

const typeOf = (root: EnDocument['root'], isRight: (type: string, document: EnDocument) => boolean, expected: string): Check => ({ document }, report) => {
  const { typeCode } = document;
  if (document.root === root && typeCode !== undefined && !isRight(typeCode, document)) report(pathOf(document, 'BT-3'), expected, typeCode);
};

/** Exemption reasons that belong to one category only. */
const REASONS: readonly (readonly [rule: string, reason: string, category: string])[] = [
  ['P0104', 'VATEX-EU-G', 'G'], ['P0105', 'VATEX-EU-O', 'O'], ['P0106', 'VATEX-EU-IC', 'K'], ['P0107', 'VATEX-EU-AE', 'AE'], ['P0108', 'VATEX-EU-D', 'E'], ['P0109', 'VATEX-EU-F', 'E'],
  ['P0110', 'VATEX-EU-I', 'E'], ['P0111', 'VATEX-EU-J', 'E'],
];
const reasonRule = ([code, reason, category]: (typeof REASONS)[number]): EnRule =>
  peppol(`EN16931-${code}`, 'BT-121', `${reason} is for category ${category} only.`, `${reason} es solo para la categoría ${category}.`, ({ document }, report) => {
    for (const [index, row] of document.vat.entries()) {
      if (row.reasonCode?.toUpperCase() === reason && row.code !== category) report(() => pathOf(document, 'BT-118', index), category, row.code ?? '');
    }
  });

const reasons = (indicator: 'true' | 'false', list: ReadonlySet<string>, name: string): Check => ({ document }, report) => {
  const see = (row: AllowanceCharge, path: () => string): void => {
    if (row.indicator === indicator && row.reasonCode !== undefined && !list.has(row.reasonCode)) report(path, name, row.reasonCode);
  };
  for (const [index, row] of document.allowances.entries()) see(row, () => pathOf(document, row.charge ? 'BT-105' : 'BT-98', index));
  for (const [index, line] of document.lines.entries()) {
    for (const [inner, row] of line.allowances.entries()) see(row, () => pathOf(document, row.charge ? 'BT-145' : 'BT-140', index, inner));
  }
};

const checkCurrencies: Check = ({ document }, report) => {
  for (const found of [...document.taxTotals.map(({ currency }) => currency), ...Object.values(document.totalCurrencies)]) {
    if (found !== undefined && !CODE_LISTS.currencies.has(found)) return report(pathOf(document, 'BT-5'), 'ISO 4217', found);
  }
};

const DAY_LENGTH = 10;

export const PEPPOL_CODE_RULES: readonly EnRule[] = [
  peppol('EN16931-CL001', 'BT-125-1', 'The media type must be one that Peppol allows.', 'El tipo de medio debe ser de los que admite Peppol.', ({ document }, report) => {
    for (const [index, { mime }] of document.references.entries()) if (mime !== undefined && !CODE_LISTS.mimeTypes.has(mime)) report(() => pathOf(document, 'BT-125-1', index), 'a media type of the list', mime);
  }),
  peppol('EN16931-CL002', 'BT-98', 'The reason of an allowance must be of UNCL 5189.', 'El motivo de un descuento debe ser de UNCL 5189.', reasons('false', CODE_LISTS.allowanceReasons, 'UNCL 5189')),
  peppol('EN16931-CL003', 'BT-105', 'The reason of a charge must be of UNCL 7161.', 'El motivo de un cargo debe ser de UNCL 7161.', reasons('true', CODE_LISTS.chargeReasons, 'UNCL 7161')),
  peppol('EN16931-CL006', 'BT-8', 'The VAT point date code must be of UNCL 2005.', 'El código de devengo debe ser de UNCL 2005.', ({ document: { period }, document }, report) => {
    if (period?.code !== undefined && !CODE_LISTS.taxPointCodesUbl.has(period.code)) report(pathOf(document, 'BT-8'), 'UNCL 2005', period.code);
  }),
  peppol('EN16931-CL007', 'BT-5', 'Currencies must be of ISO 4217.', 'Las monedas deben ser de ISO 4217.', checkCurrencies),
  peppol('EN16931-CL008', 'BT-34-1', 'The scheme of an electronic address must be of the Peppol list.', 'El esquema de una dirección electrónica debe ser de la lista de Peppol.', ({ document }, report) => {
    for (const [term, { endpoint }] of [['BT-34-1', document.seller], ['BT-49-1', document.buyer]] as const) {
      if (endpoint?.scheme !== undefined && !isPeppolScheme(endpoint.scheme)) report(pathOf(document, term), 'a scheme of the list', endpoint.scheme, term);
    }
  }),
  peppol('EN16931-F001', 'BT-2', 'Dates must be written YYYY-MM-DD.', 'Las fechas deben escribirse AAAA-MM-DD.', ({ document }, report) => {
    eachDate(document, (term, date, index) => {
      if (date.length !== DAY_LENGTH || writtenDay(date).kind !== 'day') report(() => pathOf(document, term, index), 'YYYY-MM-DD', date, term);
    });
  }),
  peppol('EN16931-P0100', 'BT-3', 'The invoice type must be one of the process.', 'El tipo de factura debe ser uno del proceso.',
    typeOf('Invoice', (type, document) => processOf(document) !== BILLING || INVOICES.has(type), 'a type of process 01')),
  peppol('EN16931-P0101', 'BT-3', 'The credit note type must be one of the process.', 'El tipo de nota de crédito debe ser uno del proceso.',
    typeOf('CreditNote', (type, document) => processOf(document) !== BILLING || CREDIT_NOTES.has(type), 'a type of process 01')),
  peppol('EN16931-P0112', 'BT-3', 'Types 326 and 384 are for German parties only.', 'Los tipos 326 y 384 son solo para partes alemanas.',
    typeOf('Invoice', (type, document) => (type !== '326' && type !== '384') || isGerman(document), 'a type that is allowed here')),
  ...REASONS.map(reasonRule),
];
