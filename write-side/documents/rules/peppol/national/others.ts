import { unitsOf } from '../../en16931/decimal.js';
import { isGreekTaxNumber } from '../../en16931/check-digits.js';
import type { EnDocument, EnParty, Identifier, Text } from '../../../models/en16931.js';
import { pathOf, type EnRule } from '../../en16931/rule.js';
import { ABSENT } from '../../rule.js';
import { countryOf, customerCountry, national, ofPayments, stated, supplierCountry, taxIds, vatIds, vatPrefix, where } from './rule.js';

const unless = (right: boolean, found: Text): Text => (right ? undefined : found ?? ABSENT);

const ITALY = where((document) => supplierCountry(document) === 'IT', [
  stated('IT-R-001', 'BT-32', ['The tax registration of an Italian supplier has 11 to 16 characters.', 'El registro fiscal de un proveedor italiano tiene de 11 a 16 caracteres.'], '11 to 16 characters', ({ seller }) => taxIds(seller).find((id) => !/^[A-Z0-9]{11,16}$/u.test(id))),
  stated('IT-R-002', 'BT-35', ['Italian suppliers give the first line of their address.', 'Los proveedores italianos indican la primera línea de su dirección.'], 'a street', ({ seller }) => unless(seller.address?.line1 !== undefined, undefined)),
  stated('IT-R-003', 'BT-37', ['Italian suppliers give their city.', 'Los proveedores italianos indican su ciudad.'], 'a city', ({ seller }) => unless(seller.address?.city !== undefined, undefined)),
  stated('IT-R-004', 'BT-38', ['Italian suppliers give their post code.', 'Los proveedores italianos indican su código postal.'], 'a post code', ({ seller }) => unless(seller.address?.postCode !== undefined, undefined)),
]);

const GREEK: ReadonlySet<Text> = new Set(['GR', 'EL']);
const isGreek = (document: EnDocument): boolean => GREEK.has(supplierCountry(document));
const segmentsOf = ({ number = '' }: EnDocument): readonly string[] => number.split('|');
const segment = (document: EnDocument, index: number): string => segmentsOf(document)[index] ?? '';
const PREFIX = 'EL';
const isGreekVat = (id: string): boolean => id.startsWith(PREFIX) && isGreekTaxNumber(id.slice(PREFIX.length));
const oneGreekVat = (party: EnParty): Text => unless(vatIds(party).length === 1 && vatIds(party).every(isGreekVat), vatIds(party)[0]);
const DOCUMENT_TYPES: ReadonlySet<string> = new Set(['1.1', '1.6', '2.1', '2.4', '5.1', '5.2']);
const DAY = /^(?:0?[1-9]|[12]\d|3[01])[-\\/ ]?(?:0?[1-9]|1[0-2])[-\\/ ]?(?:19|20)\d{2}/u;
const ADDRESS_SCHEME = '9933';
const isGreekAddress = (endpoint: Identifier | undefined): boolean => endpoint?.scheme === ADDRESS_SCHEME && isGreekTaxNumber(endpoint.text);
const [MARK, URL] = ['##M.AR.K##', '##INVOICE|URL##'];
const described = ({ references }: EnDocument, text: string) => references.filter((reference) => reference.text === text);
const count = (document: EnDocument, text: string): number => described(document, text).length;

const ofNumber = (code: string, texts: readonly [string, string], expected: string, index: number, isRight: (part: string, document: EnDocument) => boolean): EnRule =>
  stated(code, 'BT-1', texts, expected, (document) => unless(isRight(segment(document, index), document), segment(document, index) || ABSENT));

const NUMBER_RULES: readonly EnRule[] = [
  stated('GR-R-001-1', 'BT-1', ['The number of a Greek invoice has six parts.', 'El número de una factura griega tiene seis partes.'], 'six parts', (document) => unless(segmentsOf(document).length === 6, document.number)),
  ofNumber('GR-R-001-2', ['The first part of the number is the tax number of the supplier or its representative.', 'La primera parte del número es el NIF del proveedor o de su representante.'], 'a tax number', 0, (part, { seller, representative }) =>
    part.length === 9 && isGreekTaxNumber(part) && [...vatIds(seller), ...vatIds(representative)].some((id) => id.slice(2, 11) === part)),
  ofNumber('GR-R-001-3', ['The second part of the number is the issue date, DD/MM/YYYY.', 'La segunda parte del número es la fecha de emisión, DD/MM/AAAA.'], 'the issue date', 1, (part, { issueDate = '' }) => DAY.test(part) && part.split('/').slice(0, 3).toReversed().join('-') === issueDate),
  ofNumber('GR-R-001-4', ['The third part of the number is a positive integer.', 'La tercera parte del número es un entero positivo.'], 'an integer', 2, (part) => /^\d+$/u.test(part)),
  ofNumber('GR-R-001-5', ['The fourth part of the number is a Greek type of document.', 'La cuarta parte del número es un tipo griego de documento.'], [...DOCUMENT_TYPES].join(', '), 3, (part) => DOCUMENT_TYPES.has(part)),
  ofNumber('GR-R-001-6', ['The fifth part of the number must not be empty.', 'La quinta parte del número no debe estar vacía.'], 'a value', 4, (part) => part !== ''),
  ofNumber('GR-R-001-7', ['The sixth part of the number must not be empty.', 'La sexta parte del número no debe estar vacía.'], 'a value', 5, (part) => part !== ''),
];

const GREECE = [
  ...where(isGreek, [
    ...NUMBER_RULES,
    stated('GR-R-002', 'BT-28', ['Greek suppliers give their full registered name.', 'Los proveedores griegos indican su nombre registrado completo.'], 'a name', ({ seller }) => unless(seller.tradingName !== undefined, undefined)),
    stated('GR-S-011', 'BT-31', ['Greek suppliers should give one tax number with its prefix.', 'Los proveedores griegos deberían indicar un NIF con su prefijo.'], 'EL and a tax number', ({ seller }) => oneGreekVat(seller), 'warning'),
    stated('GR-R-003', 'BT-31', ['The VAT number of a Greek supplier is EL and a tax number.', 'El NIF-IVA de un proveedor griego es EL y un NIF.'], 'EL and a tax number', ({ seller }) => vatIds(seller).find((id) => !isGreekVat(id))),
    stated('GR-R-005', 'BT-45', ['Greek suppliers give the full name of the buyer.', 'Los proveedores griegos indican el nombre completo del comprador.'], 'a name', ({ buyer }) => unless(buyer.tradingName !== undefined, undefined)),
    stated('GR-R-008-3', 'BT-124', ['The document of the URL of an invoice has its location.', 'El documento de la URL de una factura tiene su ubicación.'], 'a location', (document) => (described(document, URL).some(({ uri }) => !uri) ? ABSENT : undefined)),
  ]),
  ...where((document) => isGreek(document) && countryOf(document.seller) === 'GR', [
    stated('GR-R-004-1', 'BG-24', ['A Greek invoice has one MARK number.', 'Una factura griega tiene un número MARK.'], 'one', (document) => unless(count(document, MARK) === 1, `${count(document, MARK)}`)),
    stated('GR-R-004-2', 'BT-122', ['A MARK number is a positive integer.', 'Un número MARK es un entero positivo.'], 'a positive integer', (document) => described(document, MARK).find(({ id }) => id !== undefined && !/^[1-9]\d*/u.test(id.text))?.id?.text),
    stated('GR-S-008-1', 'BG-24', ['A Greek invoice should have one URL.', 'Una factura griega debería tener una URL.'], 'one', (document) => unless(count(document, URL) === 1, `${count(document, URL)}`), 'warning'),
    stated('GR-R-008-2', 'BG-24', ['A Greek invoice has at most one URL.', 'Una factura griega tiene como máximo una URL.'], 'at most one', (document) => unless(count(document, URL) <= 1, `${count(document, URL)}`)),
  ]),
  ...where(({ seller }) => GREEK.has(vatPrefix(seller) ?? countryOf(seller)?.toUpperCase()) && seller.hasEndpoint, [
    stated('GR-R-009', 'BT-34', ['The electronic address of a Greek supplier is its tax number (9933).', 'La dirección electrónica de un proveedor griego es su NIF (9933).'], 'a tax number of scheme 9933', ({ seller: { endpoint } }) => unless(isGreekAddress(endpoint), endpoint?.text)),
  ]),
  ...where((document) => isGreek(document) && GREEK.has(customerCountry(document)), [
    stated('GR-R-006', 'BT-48', ['Greek buyers are named by their VAT number.', 'Los compradores griegos se indican con su NIF-IVA.'], 'EL and a tax number', ({ buyer }) => oneGreekVat(buyer)),
    stated('GR-R-010', 'BT-49', ['The electronic address of a Greek buyer is its tax number (9933).', 'La dirección electrónica de un comprador griego es su NIF (9933).'], 'a tax number of scheme 9933', ({ buyer }) => (buyer.hasEndpoint && !isGreekAddress(buyer.endpoint) ? buyer.endpoint?.text ?? ABSENT : undefined)),
  ]),
];

const isIn = (country: string, party: EnParty | undefined): boolean => countryOf(party)?.toUpperCase() === country;
const isDutch = ({ seller }: EnDocument): boolean => isIn('NL', seller);
const hasAddress = (party: EnParty | undefined): boolean => party?.address?.line1 !== undefined && party.address.city !== undefined && party.address.postCode !== undefined;
const DUTCH_SCHEMES: ReadonlySet<Text> = new Set(['0106', '0190']);
const wrongScheme = ({ legalId }: EnParty): Text => (legalId && !(DUTCH_SCHEMES.has(legalId.scheme) && legalId.text !== '') ? legalId.scheme ?? ABSENT : undefined);
const DUTCH_MEANS: ReadonlySet<Text> = new Set(['30', '48', '49', '57', '58', '59']);
function isUnpayable({ root, totals, payments }: EnDocument): boolean {
  const due = unitsOf(totals['BT-115']);
  return payments.length === 0 && due !== undefined && (root === 'Invoice' ? due > 0n : due < 0n);
}
const ADDRESS_TEXT = 'a street, a city and a post code';

const NETHERLANDS = [
  ...where(isDutch, [
    stated('NL-R-001', 'BG-3', ['A Dutch credit note names its invoice.', 'Una nota de crédito neerlandesa indica su factura.'], 'a preceding invoice', ({ root, preceding }) => (root === 'CreditNote' && !preceding.some(({ id }) => id !== undefined) ? ABSENT : undefined)),
    stated('NL-R-002', 'BT-35', ['Dutch suppliers give street, city and post code.', 'Los proveedores neerlandeses indican calle, ciudad y código postal.'], ADDRESS_TEXT, ({ seller }) => unless(hasAddress(seller), undefined)),
    stated('NL-R-003', 'BT-30', ['The legal registration of a Dutch supplier is a KVK or an OIN number.', 'El registro legal de un proveedor neerlandés es un número KVK u OIN.'], '0106 or 0190', ({ seller }) => wrongScheme(seller)),
    stated('NL-R-007', 'BG-16', ['Dutch suppliers tell how they are paid.', 'Los proveedores neerlandeses indican cómo se les paga.'], 'means of payment', (document) => (isUnpayable(document) ? ABSENT : undefined)),
    ofPayments('NL-R-008', 'BT-81', ['Dutch suppliers are paid by 30, 48, 49, 57, 58 or 59.', 'A los proveedores neerlandeses se paga con 30, 48, 49, 57, 58 o 59.'], [...DUTCH_MEANS].join(', '), ({ code }) => unless(DUTCH_MEANS.has(code), code)),
    national('NL-R-009', 'BT-132', ['The line of an order needs the order.', 'La línea de un pedido requiere el pedido.'], ({ document }, report) => {
      const index = document.order === undefined ? document.lines.findIndex(({ hasOrderLine }) => hasOrderLine) : -1;
      if (index >= 0) report(() => pathOf(document, 'BT-132', index), 'an order reference', ABSENT);
    }),
  ]),
  ...where((document) => isDutch(document) && isIn('NL', document.buyer), [
    stated('NL-R-004', 'BT-50', ['The address of a Dutch customer has street, city and post code.', 'La dirección de un cliente neerlandés tiene calle, ciudad y código postal.'], ADDRESS_TEXT, ({ buyer }) => unless(hasAddress(buyer), undefined)),
    stated('NL-R-005', 'BT-47', ['The legal registration of a Dutch customer is a KVK or an OIN number.', 'El registro legal de un cliente neerlandés es un número KVK u OIN.'], '0106 or 0190', ({ buyer }) => wrongScheme(buyer)),
  ]),
  ...where((document) => isDutch(document) && isIn('NL', document.representative), [
    stated('NL-R-006', 'BT-64', ['The address of a Dutch representative has street, city and post code.', 'La dirección de un representante neerlandés tiene calle, ciudad y código postal.'], ADDRESS_TEXT, ({ representative }) => unless(hasAddress(representative), undefined)),
  ]),
];

export const OTHER_RULES: readonly EnRule[] = [...ITALY, ...GREECE, ...NETHERLANDS];
