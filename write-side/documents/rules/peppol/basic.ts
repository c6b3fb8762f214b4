import type { EnDocument } from '../../models/en16931.js';
import { unitsOf } from '../en16931/decimal.js';
import { pathOf, type Check, type EnRule } from '../en16931/rule.js';
import { ABSENT } from '../rule.js';
import { peppol } from './rule.js';

const PROCESS = /^urn:fdc:peppol\.eu:2017:poacc:billing:(\d{2}):1\.0$/u;
const SPECIFICATION = 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0';

/** The number of the Peppol process that BT-23 names. */
export const processOf = ({ process }: EnDocument): string | undefined => PROCESS.exec(process ?? '')?.[1];
const countryOf = (party: EnDocument['seller']): string | undefined => party.address?.country?.toUpperCase();
/** Germany has exceptions for invoices at home. */
export const isGerman = ({ seller, buyer }: EnDocument): boolean => countryOf(seller) === 'DE' && countryOf(buyer) === 'DE';

export const checkEmpty: Check = ({ document }, report) => {
  for (const path of document.structure.empty) report(path, 'a value', ABSENT);
};

export const checkOwnTaxTotals: Check = ({ document }, report) => {
  const count = document.taxTotals.filter(({ rows }) => rows > 0).length;
  if (count !== 1) report(pathOf(document, 'BT-110'), 'one VAT total with a breakdown', `${count}`);
};
export const checkOtherTaxTotals: Check = ({ document }, report) => {
  const count = document.taxTotals.filter(({ rows }) => rows === 0).length;
  const expected = document.taxCurrency === undefined ? 0 : 1;
  if (count !== expected) report(pathOf(document, 'BT-111'), `${expected} VAT totals without a breakdown`, `${count}`);
};
export const checkSigns: Check = ({ ubl, document }, report) => {
  const { taxCurrency, currency, taxTotals } = document;
  if (taxCurrency === undefined) return;
  const [own, other] = [currency, taxCurrency].map((code) => taxTotals.filter((row) => row.currency === code).map((row) => unitsOf(row.amount)).filter((value) => value !== undefined));
  if (!ubl && own?.length === 0) return;
  const both = (isRight: (value: bigint) => boolean): boolean => (own?.some(isRight) ?? false) && (other?.some(isRight) ?? false);
  if (!both((value) => value <= 0n) && !both((value) => value >= 0n)) report(pathOf(document, 'BT-111'), 'the sign of the VAT total', taxCurrency);
};
export const checkTaxCurrency: Check = ({ document }, report) => {
  if (document.taxCurrency !== undefined && document.taxCurrency === document.currency) report(pathOf(document, 'BT-6'), `another than ${document.currency ?? ''}`, document.taxCurrency);
};
export const checkEndpoint = (which: 'seller' | 'buyer', term: string): Check => ({ document }, report) => {
  if (!document[which].hasEndpoint) report(pathOf(document, term), 'an electronic address', ABSENT);
};
const DIRECT_DEBIT: ReadonlySet<string> = new Set(['49', '59']);
export const checkMandate: Check = ({ ubl, document }, report) => {
  for (const [index, { code, mandate }] of document.payments.entries()) {
    if (DIRECT_DEBIT.has(code ?? '') && (ubl ? mandate : document.mandate) === undefined) report(() => pathOf(document, 'BT-89', index), 'a mandate', ABSENT);
  }
};
export const checkProcess: Check = ({ document }, report) => {
  if (document.process === undefined) report(pathOf(document, 'BT-23'), 'a value', ABSENT);
};

const PROJECT = '50';
const CURRENCY_TERMS = { base: 'BT-116', amount: 'BT-117' } as const;

const checkCurrencies: Check = ({ document }, report) => {
  const { currency } = document;
  if (currency === undefined) return;
  const see = (found: string | undefined, term: string, index?: number, inner?: number): void => {
    if (found !== undefined && found !== currency) report(() => pathOf(document, term, index, inner), currency, found, term);
  };
  for (const row of document.taxTotals) if (row.rows > 0) see(row.currency, 'BT-110');
  for (const [term, found] of Object.entries(document.totalCurrencies)) see(found, term);
  for (const [index, row] of document.vat.entries()) {
    see(row.baseCurrency, CURRENCY_TERMS.base, index);
    see(row.amountCurrency, CURRENCY_TERMS.amount, index);
  }
  for (const [index, row] of document.allowances.entries()) {
    see(row.currency, 'BT-92', index);
    see(row.baseCurrency, 'BT-93', index);
  }
  for (const [index, line] of document.lines.entries()) {
    see(line.currency, 'BT-131', index);
    see(line.price?.currency, 'BT-146', index);
    for (const [inner, row] of line.allowances.entries()) {
      see(row.currency, 'BT-136', index, inner);
      see(row.baseCurrency, 'BT-137', index, inner);
    }
  }
};

export const PEPPOL_BASIC_RULES: readonly EnRule[] = [
  peppol('EN16931-R001', 'BT-23', 'The business process must be named.', 'Debe indicarse el proceso de negocio.', checkProcess),
  peppol('EN16931-R002', 'BG-1', 'There may be one note, except between German parties.', 'Puede haber una sola nota, salvo entre partes alemanas.', ({ document }, report) => {
    if (document.notes.length > 1 && !isGerman(document)) report(pathOf(document, 'BG-1'), 'at most one', `${document.notes.length}`);
  }),
  peppol('EN16931-R003', 'BT-10', 'There must be a buyer reference or an order reference.', 'Debe existir una referencia del comprador o de pedido.', ({ document }, report) => {
    if (document.buyerReference === undefined && document.order === undefined) report(pathOf(document, 'BT-10'), 'a reference', ABSENT);
  }),
  peppol('EN16931-R004', 'BT-24', 'The specification identifier must be that of Peppol BIS Billing 3.', 'El identificador de especificación debe ser el de Peppol BIS Billing 3.', ({ document }, report) => {
    if (!document.specification?.startsWith(SPECIFICATION)) report(pathOf(document, 'BT-24'), SPECIFICATION, document.specification ?? ABSENT);
  }),
  peppol('EN16931-R005', 'BT-6', 'The VAT accounting currency must be another than that of the invoice.', 'La moneda de contabilización del IVA debe ser otra que la de la factura.', checkTaxCurrency),
  peppol('EN16931-R007', 'BT-23', 'The business process must have the form of Peppol.', 'El proceso de negocio debe tener la forma de Peppol.', ({ document }, report) => {
    if (processOf(document) === undefined) report(pathOf(document, 'BT-23'), 'urn:fdc:peppol.eu:2017:poacc:billing:NN:1.0', document.process ?? ABSENT);
  }),
  peppol('EN16931-R008', 'XML', 'The document must have no empty elements.', 'El documento no debe tener elementos vacíos.', checkEmpty),
  peppol('EN16931-R010', 'BT-49', 'The buyer must have an electronic address.', 'El comprador debe tener una dirección electrónica.', checkEndpoint('buyer', 'BT-49')),
  peppol('EN16931-R020', 'BT-34', 'The seller must have an electronic address.', 'El vendedor debe tener una dirección electrónica.', checkEndpoint('seller', 'BT-34')),
  peppol('EN16931-R051', 'BT-5', 'All amounts but the VAT in accounting currency must be in the currency of the invoice.', 'Todos los importes, salvo el IVA en moneda de contabilización, deben ir en la moneda de la factura.', checkCurrencies),
  peppol('EN16931-R053', 'BT-110', 'There must be one VAT total with a breakdown.', 'Debe haber un solo total de IVA con desglose.', checkOwnTaxTotals),
  peppol('EN16931-R054', 'BT-111', 'There must be one VAT total without breakdown just where there is an accounting currency.', 'Debe haber un total de IVA sin desglose solo si hay moneda de contabilización.', checkOtherTaxTotals),
  peppol('EN16931-R055', 'BT-111', 'Both VAT totals must have the same sign.', 'Ambos totales de IVA deben tener el mismo signo.', checkSigns),
  peppol('EN16931-R061', 'BT-89', 'A direct debit must name its mandate.', 'Un adeudo directo debe indicar su mandato.', checkMandate),
  peppol('EN16931-R080', 'BG-24', 'A credit note may have one project reference.', 'Una nota de crédito puede tener una sola referencia de proyecto.', ({ document }, report) => {
    const count = document.references.filter(({ typeCode }) => typeCode === PROJECT).length;
    if (document.root === 'CreditNote' && count > 1) report(pathOf(document, 'BG-24'), 'at most one', `${count}`);
  }),
];
