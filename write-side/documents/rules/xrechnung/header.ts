import type { EnAddress, EnContact, EnDocument, Text } from '../../models/en16931.js';
import { pathOf, type Check, type EnRule } from '../en16931/rule.js';
import { ABSENT } from '../rule.js';
import { CIUS, CVD, EXTENSION, xrechnung } from './rule.js';

const needs = (term: string, value: (document: EnDocument) => unknown): Check => ({ document }, report) => {
  if (!value(document)) report(pathOf(document, term), 'a value', ABSENT);
};
/** The field must be there where its group is. */
const needsIn = <Group>(term: string, group: (document: EnDocument) => Group | undefined, value: (group: Group) => Text): Check => ({ document }, report) => {
  const found = group(document);
  if (found !== undefined && value(found) === undefined) report(pathOf(document, term), 'a value', ABSENT);
};

const sellerAddress = ({ seller }: EnDocument): EnAddress | undefined => seller.address;
const buyerAddress = ({ buyer }: EnDocument): EnAddress | undefined => buyer.address;
const deliveryAddress = ({ delivery }: EnDocument): EnAddress | undefined => delivery?.address;
const contact = ({ seller }: EnDocument): EnContact | undefined => seller.contact;
const city = (address: EnAddress): Text => address.city;
const postCode = (address: EnAddress): Text => address.postCode;

const TAXED: ReadonlySet<string> = new Set(['S', 'Z', 'E', 'AE', 'K', 'G', 'L', 'M']);
const checkSellerTax: Check = ({ document, uses, sellerTax }, report) => {
  const isTaxed = [...uses].some(([code, use]) => TAXED.has(code) && use.lines + use.others > 0);
  if (isTaxed && document.representative === undefined && !sellerTax) report(pathOf(document, 'BT-31'), 'a tax identifier of the seller or its representative', ABSENT);
};

const TYPES: ReadonlySet<string> = new Set(['326', '380', '384', '389', '381', '875', '876', '877']);
const CORRECTED = '384';

const DISCOUNT = /^#SKONTO#TAGE=\d+#PROZENT=\d+\.\d{2}(?:#BASISBETRAG=-?\d+\.\d{2})?#$/u;
/** Lines of BT-20 that begin with `#` are discount terms; the last of them ends with a line break. */
const checkDiscount: Check = ({ document: { terms }, document }, report) => {
  if (terms === undefined) return;
  const wrong = terms.split(/\r?\n/u).map((line) => line.trim()).find((line) => line.startsWith('#') && !DISCOUNT.test(line));
  if (wrong !== undefined) report(pathOf(document, 'BT-20'), '#SKONTO#TAGE=n#PROZENT=n.nn#', wrong);
};

const MIN_DIGITS = 3;
const checkPhone: Check = ({ document, document: { seller } }, report) => {
  if (!seller.contact) return;
  const phone = seller.contact.phone ?? '';
  if (phone.replace(/\D/gu, '').length < MIN_DIGITS) report(pathOf(document, 'BT-42'), `at least ${MIN_DIGITS} digits`, phone || ABSENT);
};

/** One `@`, no spaces, and a domain of parts between points. */
function isEmail(text: string): boolean {
  const [local = '', domain = '', ...more] = text.split('@');
  const parts = domain.split('.');
  return more.length === 0 && local !== '' && !/\s/u.test(text) && parts.length > 1 && parts.every((part) => part !== '');
}
const checkEmail: Check = ({ document, document: { seller } }, report) => {
  if (seller.contact && !isEmail(seller.contact.email ?? '')) report(pathOf(document, 'BT-43'), 'an e-mail address', seller.contact.email ?? ABSENT);
};

const checkFilenames: Check = ({ document }, report) => {
  const seen = new Set<string>();
  for (const [index, { filename }] of document.references.entries()) {
    if (filename === undefined) continue;
    if (seen.has(filename)) report(() => pathOf(document, 'BT-125-2', index), 'a file name of its own', filename);
    seen.add(filename);
  }
};

const checkSupplyDate: Check = ({ document }, report) => {
  const { delivery, period, lines } = document;
  if (delivery?.date === undefined && period === undefined && !lines.every((line) => line.period !== undefined)) report(pathOf(document, 'BT-72'), 'a delivery date or a period', ABSENT);
};

const URL_FORM = /^[a-zA-Z][a-zA-Z0-9+.-]+:/u;
const checkLocation: Check = ({ document }, report) => {
  for (const [index, { external, uri }] of document.references.entries()) {
    if (external && !URL_FORM.test(uri ?? '')) report(() => pathOf(document, 'BT-124', index), 'an absolute URL', uri ?? ABSENT);
  }
};

export const HEADER_RULES: readonly EnRule[] = [
  xrechnung('BR-DE-1', 'BG-16', 'The invoice must have payment instructions (BG-16).', 'La factura debe tener instrucciones de pago (BG-16).', needs('BG-16', ({ payments }) => payments.length > 0)),
  xrechnung('BR-DE-2', 'BG-6', 'The seller must have a contact (BG-6).', 'El vendedor debe tener un contacto (BG-6).', needs('BG-6', ({ seller }) => seller.contact)),
  xrechnung('BR-DE-3', 'BT-37', 'The address of the seller must have a city (BT-37).', 'La dirección del vendedor debe tener ciudad (BT-37).', needsIn('BT-37', sellerAddress, city)),
  xrechnung('BR-DE-4', 'BT-38', 'The address of the seller must have a post code (BT-38).', 'La dirección del vendedor debe tener código postal (BT-38).', needsIn('BT-38', sellerAddress, postCode)),
  xrechnung('BR-DE-5', 'BT-41', 'The contact of the seller must have a name (BT-41).', 'El contacto del vendedor debe tener nombre (BT-41).', needsIn('BT-41', contact, ({ name, department }) => name ?? department)),
  xrechnung('BR-DE-6', 'BT-42', 'The contact of the seller must have a telephone (BT-42).', 'El contacto del vendedor debe tener teléfono (BT-42).', needsIn('BT-42', contact, ({ phone }) => phone)),
  xrechnung('BR-DE-7', 'BT-43', 'The contact of the seller must have an e-mail address (BT-43).', 'El contacto del vendedor debe tener correo electrónico (BT-43).', needsIn('BT-43', contact, ({ email }) => email)),
  xrechnung('BR-DE-8', 'BT-52', 'The address of the buyer must have a city (BT-52).', 'La dirección del comprador debe tener ciudad (BT-52).', needsIn('BT-52', buyerAddress, city)),
  xrechnung('BR-DE-9', 'BT-53', 'The address of the buyer must have a post code (BT-53).', 'La dirección del comprador debe tener código postal (BT-53).', needsIn('BT-53', buyerAddress, postCode)),
  xrechnung('BR-DE-10', 'BT-77', 'The delivery address must have a city (BT-77).', 'La dirección de entrega debe tener ciudad (BT-77).', needsIn('BT-77', deliveryAddress, city)),
  xrechnung('BR-DE-11', 'BT-78', 'The delivery address must have a post code (BT-78).', 'La dirección de entrega debe tener código postal (BT-78).', needsIn('BT-78', deliveryAddress, postCode)),
  xrechnung('BR-DE-14', 'BT-119', 'Each VAT breakdown must have a rate (BT-119).', 'Cada desglose de IVA debe tener un tipo (BT-119).', ({ document }, report) => {
    for (const [index, { rate }] of document.vat.entries()) if (rate === undefined) report(() => pathOf(document, 'BT-119', index), 'a value', ABSENT);
  }),
  xrechnung('BR-DE-15', 'BT-10', 'The invoice must have a buyer reference (BT-10).', 'La factura debe tener una referencia del comprador (BT-10).', needs('BT-10', ({ buyerReference }) => buyerReference)),
  xrechnung('BR-DE-16', 'BT-31', 'With taxed categories the seller or its representative must be identified for tax.', 'Con categorías gravadas el vendedor o su representante debe estar identificado fiscalmente.', checkSellerTax),
  xrechnung('BR-DE-17', 'BT-3', 'The type should be 326, 380, 381, 384, 389, 875, 876 or 877.', 'El tipo debería ser 326, 380, 381, 384, 389, 875, 876 u 877.', ({ document }, report) => {
    if (!TYPES.has(document.typeCode ?? '')) report(pathOf(document, 'BT-3'), [...TYPES].join(', '), document.typeCode ?? ABSENT);
  }, 'warning'),
  xrechnung('BR-DE-18', 'BT-20', 'Terms of discount must have the form of XRechnung.', 'Las condiciones de descuento deben tener la forma de XRechnung.', checkDiscount),
  xrechnung('BR-DE-21', 'BT-24', 'The specification identifier should be that of XRechnung 3.0.', 'El identificador de especificación debería ser el de XRechnung 3.0.', ({ document }, report) => {
    if (![CIUS, EXTENSION, CVD].includes(document.specification ?? '')) report(pathOf(document, 'BT-24'), CIUS, document.specification ?? ABSENT);
  }, 'warning'),
  xrechnung('BR-DE-22', 'BT-125-2', 'Each attachment must have a file name of its own.', 'Cada adjunto debe tener un nombre de archivo propio.', checkFilenames),
  xrechnung('BR-DE-26', 'BG-3', 'A corrected invoice (384) should name the preceding one.', 'Una factura corregida (384) debería indicar la anterior.', ({ document }, report) => {
    if (document.typeCode === CORRECTED && document.preceding.length === 0) report(pathOf(document, 'BG-3'), 'a preceding invoice', ABSENT);
  }, 'warning'),
  xrechnung('BR-DE-27', 'BT-42', 'A telephone number should have at least three digits.', 'Un número de teléfono debería tener al menos tres dígitos.', checkPhone, 'warning'),
  xrechnung('BR-DE-28', 'BT-43', 'The e-mail address does not look like one.', 'El correo electrónico no parece serlo.', checkEmail, 'warning'),
  xrechnung('BR-DE-TMP-32', 'BT-72', 'The invoice should say when it was delivered.', 'La factura debería decir cuándo se entregó.', checkSupplyDate, 'info'),
  xrechnung('BR-TMP-2', 'BT-124', 'The location of a document should be an absolute URL.', 'La ubicación de un documento debería ser una URL absoluta.', checkLocation, 'warning'),
];
