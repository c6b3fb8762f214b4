import { unitsOf } from '../../en16931/decimal.js';
import { isNorwegianOrganisation, isSwedishOrganisation } from '../../en16931/check-digits.js';
import type { AllowanceCharge, EnDocument, EnParty, EnReference, Identifier, PaymentMeans, TaxCategory, Text } from '../../../models/en16931.js';
import { dayOf } from '../../../dates.js';
import type { EnRule } from '../../en16931/rule.js';
import { ABSENT } from '../../rule.js';
import { countryOf, ofPayments, stated, supplierCountry, taxIds, vatIds, where } from './rule.js';

const unless = (right: boolean, found: Text): Text => (right ? undefined : found ?? ABSENT);

const REGISTER = 'Foretaksregisteret';
const NORWAY = where((document) => supplierCountry(document) === 'NO', [
  stated('NO-R-001', 'BT-31', ['A Norwegian VAT number is NO, an organisation number and MVA.', 'Un NIF-IVA noruego es NO, un número de organización y MVA.'], 'NO, nine digits that fit, MVA',
    ({ seller }) => vatIds(seller).find((id) => id.startsWith('NO') && !(/^NO\d{9}MVA$/u.test(id) && isNorwegianOrganisation(id.slice(2, -3))))),
  stated('NO-R-002', 'BT-32', ['Most Norwegian suppliers must write "Foretaksregisteret" on their invoice.', 'La mayoría de los proveedores noruegos debe indicar "Foretaksregisteret" en su factura.'], REGISTER,
    ({ seller }) => unless(seller.registrations.some(({ scheme, id }) => scheme === 'TAX' && id === REGISTER), taxIds(seller)[0]), 'warning'),
]);

const isDanish = ({ seller }: EnDocument): boolean => countryOf(seller) === 'DK';
const bothDanish = (document: EnDocument): boolean => isDanish(document) && countryOf(document.buyer) === 'DK';
const CVR = '0184';
const DANISH_MEANS: ReadonlySet<Text> = new Set(['1', '10', '31', '42', '48', '49', '50', '58', '59', '93', '97']);
const kindOf = ({ paymentId }: PaymentMeans): string => paymentId?.slice(0, 3) ?? '';
const idOf = ({ paymentId }: PaymentMeans): string => paymentId ?? ABSENT;
const TAX_REASON = 'ZZZ';
const isTaxNumber = (reason: Text): boolean => reason?.length === 4 && /^\d*\.?\d*$/u.test(reason);
const VERSIONS: ReadonlySet<Text> = new Set(['19.05.01', '19.0501']);

function* allowancesOf({ allowances, lines }: EnDocument): Iterable<AllowanceCharge> {
  yield* allowances;
  for (const line of lines) yield* line.allowances;
}
function wrongTaxReason(document: EnDocument): Text {
  for (const { reasonCode, reason } of allowancesOf(document)) if (reasonCode === TAX_REASON && !isTaxNumber(reason)) return reason ?? ABSENT;
  return undefined;
}
const isUnspsc = ({ scheme }: Identifier): boolean => scheme === 'TST';
function wrongVersion({ lines }: EnDocument): Text {
  const line = lines.find(({ classifications }) => classifications.some(isUnspsc) && !classifications.some(({ version }) => VERSIONS.has(version)));
  return line && (line.classifications.find(isUnspsc)?.version ?? ABSENT);
}

const DENMARK = [
  ...where(isDanish, [
    stated('DK-R-002', 'BT-30', ['Danish suppliers must give their CVR number.', 'Los proveedores daneses deben indicar su número CVR.'], 'a legal registration', ({ seller }) => unless(Boolean(seller.legalId?.text), undefined)),
    stated('DK-R-014', 'BT-30', ['The legal registration of a Danish supplier has the scheme 0184.', 'El registro legal de un proveedor danés lleva el esquema 0184.'], CVR, ({ seller: { legalId } }) => (legalId && legalId.scheme !== CVR ? legalId.scheme ?? ABSENT : undefined)),
  ]),
  ...where(bothDanish, [
    stated('DK-R-003', 'BT-158', ['The version of UNSPSC should be 19.0501.', 'La versión de UNSPSC debería ser 19.0501.'], '19.0501', wrongVersion, 'warning'),
    stated('DK-R-004', 'BG-20', ['Taxes other than VAT have the reason code ZZZ, and their four digits as reason.', 'Los impuestos distintos del IVA llevan el código ZZZ y sus cuatro dígitos como motivo.'], 'four digits', wrongTaxReason),
    stated('DK-R-013', 'BT-29', ['Identifiers of Danish parties must name their scheme.', 'Los identificadores de partes danesas deben indicar su esquema.'], 'a scheme',
      ({ seller, buyer }) => [...seller.identifiers, ...buyer.identifiers].find(({ scheme }) => !scheme)?.text),
    stated('DK-R-017', 'BT-47', ['The legal registration of a Danish customer should have the scheme 0184.', 'El registro legal de un cliente danés debería llevar el esquema 0184.'], CVR, ({ buyer: { legalId } }) => (legalId && legalId.scheme !== CVR ? legalId.scheme ?? ABSENT : undefined), 'warning'),
    stated('DK-R-016', 'BT-115', ['A Danish credit note has no negative total.', 'Una nota de crédito danesa no tiene total negativo.'], '0 or more', ({ root, totals }) => (root === 'CreditNote' && (unitsOf(totals['BT-115']) ?? 0n) < 0n ? totals['BT-115'] : undefined)),
  ]),
  ...where((document) => bothDanish(document) && document.root === 'Invoice', [
    ofPayments('DK-R-005', 'BT-81', ['Danish suppliers are paid by 1, 10, 31, 42, 48, 49, 50, 58, 59, 93 or 97.', 'A los proveedores daneses se paga con 1, 10, 31, 42, 48, 49, 50, 58, 59, 93 o 97.'], 'a code of the list', ({ code }) => unless(DANISH_MEANS.has(code), code)),
    ofPayments('DK-R-006', 'BT-84', ['With 31 or 42 there must be the account and the registration of its bank.', 'Con 31 o 42 deben existir la cuenta y el registro de su banco.'], 'an account and a bank',
      ({ code, account, branch }) => ((code === '31' || code === '42') && !(account && branch) ? account ?? ABSENT : undefined)),
    ofPayments('DK-R-007', 'BT-89', ['With 49 there must be the mandate and the debited account.', 'Con 49 deben existir el mandato y la cuenta adeudada.'], 'a mandate and an account', ({ code, mandate, debited }) => (code === '49' && !(mandate && debited) ? mandate ?? ABSENT : undefined)),
    ofPayments('DK-R-008', 'BT-83', ['With 50 the payment id begins with 01#, 04# or 15#, and the account has 7 characters.', 'Con 50 el identificador de pago empieza por 01#, 04# o 15#, y la cuenta tiene 7 caracteres.'], '01#, 04# or 15#',
      (payment) => (payment.code === '50' && !(['01#', '04#', '15#'].includes(kindOf(payment)) && payment.account?.length === 7) ? idOf(payment) : undefined)),
    ofPayments('DK-R-009', 'BT-83', ['With 50 and 04# or 15# the instruction has 16 digits.', 'Con 50 y 04# o 15# la instrucción tiene 16 dígitos.'], '19 characters',
      (payment) => (payment.code === '50' && ['04#', '15#'].includes(kindOf(payment)) && payment.paymentId?.length !== 19 ? idOf(payment) : undefined)),
    ofPayments('DK-R-010', 'BT-83', ['With 93 the payment id begins with 71#, 73# or 75#, and the account has 8 characters.', 'Con 93 el identificador de pago empieza por 71#, 73# o 75#, y la cuenta tiene 8 caracteres.'], '71#, 73# or 75#',
      (payment) => (payment.code === '93' && !(['71#', '73#', '75#'].includes(kindOf(payment)) && payment.account?.length === 8) ? idOf(payment) : undefined)),
    ofPayments('DK-R-011', 'BT-83', ['With 93 and 71# or 75# the instruction has 15 or 16 digits.', 'Con 93 y 71# o 75# la instrucción tiene 15 o 16 dígitos.'], '18 or 19 characters',
      (payment) => (payment.code === '93' && ['71#', '75#'].includes(kindOf(payment)) && ![18, 19].includes(payment.paymentId?.length ?? 0) ? idOf(payment) : undefined)),
  ]),
];

const livesInSweden = ({ seller }: EnDocument): boolean => countryOf(seller) === 'SE';
const isSwedish = (document: EnDocument): boolean => livesInSweden(document) && vatIds(document.seller).some((id) => id.startsWith('SE'));
/** What the official tests take for a number. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/iu;
/** The check digit is the tenth, however long the number is. */
const hasCheckDigit = (text: string): boolean => /^\d+$/u.test(text) && isSwedishOrganisation(text.slice(0, 10));
const RATES: ReadonlySet<bigint | undefined> = new Set(['25', '12', '6'].map(unitsOf));
function* categoriesOf({ vat, allowances, lines }: EnDocument): Iterable<TaxCategory> {
  yield* vat;
  for (const { category } of allowances) if (category) yield category;
  for (const { categories } of lines) yield* categories;
}
function wrongRate(document: EnDocument): Text {
  for (const { code, rate } of categoriesOf(document)) if (code === 'S' && !RATES.has(unitsOf(rate))) return rate ?? ABSENT;
  return undefined;
}
const TAX_STATEMENT = 'GODKÄND FÖR F-SKATT';
const giro = (branch: string, isRight: (account: string) => boolean) => ({ code, branch: bank, account }: PaymentMeans): Text =>
  (code === '30' && bank === `SE:${branch}` && account !== undefined && !isRight(account) ? account : undefined);
const ofLength = (least: number, most: number) => ({ length }: string): boolean => length >= least && length <= most;

const SWEDEN = [
  ...where(isSwedish, [
    stated('SE-R-001', 'BT-31', ['A Swedish VAT number has 14 characters.', 'Un NIF-IVA sueco tiene 14 caracteres.'], '14 characters', ({ seller }) => vatIds(seller).find(({ length }) => length !== 14)),
    stated('SE-R-002', 'BT-31', ['The last 12 characters of a Swedish VAT number are digits.', 'Los últimos 12 caracteres de un NIF-IVA sueco son dígitos.'], '12 digits', ({ seller }) => vatIds(seller).find((id) => !NUMBER.test(id.slice(2, 14)))),
    stated('SE-R-006', 'BT-119', ['The Swedish rates of VAT are 6, 12 and 25.', 'Los tipos suecos de IVA son 6, 12 y 25.'], '6, 12 or 25', wrongRate),
  ]),
  ...where((document) => livesInSweden(document) && document.seller.legalId !== undefined, [
    stated('SE-R-003', 'BT-30', ['A Swedish organisation number is a number.', 'Un número de organización sueco es un número.'], 'digits', ({ seller: { legalId } }) => unless(NUMBER.test(legalId?.text ?? ''), legalId?.text)),
    stated('SE-R-004', 'BT-30', ['A Swedish organisation number has 10 characters.', 'Un número de organización sueco tiene 10 caracteres.'], '10 characters', ({ seller: { legalId } }) => unless(legalId?.text.length === 10, legalId?.text)),
    stated('SE-R-005', 'BT-32', ['The tax registration of a Swedish supplier says "Godkänd för F-skatt".', 'El registro fiscal de un proveedor sueco dice "Godkänd för F-skatt".'], 'Godkänd för F-skatt', ({ seller }) => taxIds(seller).find((id) => id.toUpperCase() !== TAX_STATEMENT)),
    stated('SE-R-013', 'BT-30', ['The last digit of a Swedish organisation number fits.', 'El último dígito de un número de organización sueco corresponde.'], 'a check digit that fits', ({ seller: { legalId } }) => unless(hasCheckDigit(legalId?.text ?? ''), legalId?.text)),
  ]),
  ...where(livesInSweden, [
    ofPayments('SE-R-007', 'BT-84', ['An account of Plusgiro should be a number.', 'Una cuenta de Plusgiro debería ser un número.'], 'digits', giro('PLUSGIRO', (account) => NUMBER.test(account)), 'warning'),
    ofPayments('SE-R-008', 'BT-84', ['An account of Bankgiro should be a number.', 'Una cuenta de Bankgiro debería ser un número.'], 'digits', giro('BANKGIRO', (account) => NUMBER.test(account)), 'warning'),
    ofPayments('SE-R-009', 'BT-84', ['An account of Bankgiro should have 7 or 8 characters.', 'Una cuenta de Bankgiro debería tener 7 u 8 caracteres.'], '7 or 8 characters', giro('BANKGIRO', ofLength(7, 8)), 'warning'),
    ofPayments('SE-R-010', 'BT-84', ['An account of Plusgiro should have 2 to 8 characters.', 'Una cuenta de Plusgiro debería tener de 2 a 8 caracteres.'], '2 to 8 characters', giro('PLUSGIRO', ofLength(2, 8)), 'warning'),
    ofPayments('SE-R-011', 'BT-81', ['Bankgiro and Plusgiro should be told by 30 and the id of the bank.', 'Bankgiro y Plusgiro deberían indicarse con 30 y el identificador del banco.'], '30', ({ code }) => (code === '50' || code === '56' ? code : undefined), 'warning'),
    ofPayments('SE-R-012', 'BT-81', ['Transfers between Swedish parties should be told by 30.', 'Las transferencias entre partes suecas deberían indicarse con 30.'], '30', ({ code }, { buyer }) => (code === '31' && countryOf(buyer) === 'SE' ? code : undefined), 'warning'),
  ]),
];

const isIcelandic = ({ seller }: EnDocument): boolean => countryOf(seller) === 'IS';
const KENNITALA = '0196';
const hasKennitala = ({ legalId }: EnParty): boolean => legalId?.scheme === KENNITALA;
const hasStreet = ({ address }: EnParty): boolean => address?.line1 !== undefined && address.postCode !== undefined;
const ACCOUNT = 12;
const paidBy = (means: string) => ({ code, account }: PaymentMeans): Text => (code === means && account?.length !== ACCOUNT ? account ?? ABSENT : undefined);
/** The last day of payment without interest, which stands in a supporting document. */
const lastDay = ({ references }: EnDocument): EnReference | undefined => references.find(({ text }) => text === 'EINDAGI');

const ICELAND = [
  ...where(isIcelandic, [
    stated('IS-R-001', 'BT-3', ['The type of an Icelandic invoice should be 380 or 381.', 'El tipo de una factura islandesa debería ser 380 o 381.'], '380 or 381', ({ typeCode }) => unless(typeCode === '380' || typeCode === '381', typeCode), 'warning'),
    stated('IS-R-002', 'BT-30', ['Icelandic sellers give their kennitala (0196).', 'Los vendedores islandeses indican su kennitala (0196).'], 'an identifier of scheme 0196', ({ seller }) => unless(hasKennitala(seller), seller.legalId?.scheme)),
    stated('IS-R-003', 'BT-35', ['Icelandic sellers give their street and post code.', 'Los vendedores islandeses indican su calle y código postal.'], 'a street and a post code', ({ seller }) => unless(hasStreet(seller), undefined)),
    ofPayments('IS-R-006', 'BT-84', ['With 9 there must be an account of 12 digits.', 'Con 9 debe existir una cuenta de 12 dígitos.'], '12 characters', paidBy('9')),
    ofPayments('IS-R-007', 'BT-84', ['With 42 there must be an account of 12 digits.', 'Con 42 debe existir una cuenta de 12 dígitos.'], '12 characters', paidBy('42')),
  ]),
  ...where((document) => isIcelandic(document) && lastDay(document) !== undefined, [
    stated('IS-R-008', 'BT-122', ['EINDAGI is a day, YYYY-MM-DD.', 'EINDAGI es un día, AAAA-MM-DD.'], 'YYYY-MM-DD', (document) => {
      const found = lastDay(document)?.id?.text ?? '';
      return unless(found.length === 10 && dayOf(found) !== undefined, found || undefined);
    }),
    stated('IS-R-009', 'BT-9', ['With EINDAGI there must be a due date.', 'Con EINDAGI debe existir un vencimiento.'], 'a due date', ({ dueDate }) => unless(dueDate !== undefined, undefined)),
    stated('IS-R-010', 'BT-122', ['EINDAGI is the due date or later.', 'EINDAGI es el vencimiento o después.'], 'the due date or later', (document) => {
      const found = lastDay(document)?.id?.text;
      return unless(document.dueDate !== undefined && found !== undefined && document.dueDate <= found, found);
    }),
  ]),
  ...where((document) => isIcelandic(document) && countryOf(document.buyer) === 'IS', [
    stated('IS-R-004', 'BT-47', ['Icelandic buyers are named by their kennitala (0196).', 'Los compradores islandeses se indican con su kennitala (0196).'], 'an identifier of scheme 0196', ({ buyer }) => unless(hasKennitala(buyer), buyer.legalId?.scheme)),
    stated('IS-R-005', 'BT-50', ['The address of an Icelandic buyer has street and post code.', 'La dirección de un comprador islandés tiene calle y código postal.'], 'a street and a post code', ({ buyer }) => unless(hasStreet(buyer), undefined)),
  ]),
];

export const NORDIC_RULES: readonly EnRule[] = [...NORWAY, ...DENMARK, ...SWEDEN, ...ICELAND];
