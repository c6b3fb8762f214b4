import type { CfdiDocument } from '../../models/cfdi.js';
import type { Report } from '../rule.js';
import { both, COMPROBANTE, conceptoPath, isGeneric, type CfdiRule } from './rule.js';
import { RFC } from './schema.js';

/** Value of a character is its place here. */
const ALPHABET = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ';
const LENGTH = 13;
const MODULUS = 11;
/** RFC that the SAT gave out for all of a kind. */
const COMMON: ReadonlySet<string> = new Set(['EXT990101NI1']);

/** The last character that the others demand; undefined for what is no RFC. */
export function checkDigit(rfc: string): string | undefined {
  // A company's RFC is counted with a space before it.
  const padded = rfc.padStart(LENGTH, ' ');
  if (padded.length !== LENGTH) return undefined;
  let sum = 0;
  for (let index = 0; index < LENGTH - 1; index += 1) {
    const value = ALPHABET.indexOf(padded.charAt(index));
    if (value < 0) return undefined;
    sum += value * (LENGTH - index);
  }
  const digit = MODULUS - (sum % MODULUS);
  if (digit === MODULUS) return '0';
  return digit === MODULUS - 1 ? 'A' : String(digit);
}

function checkOne(rfc: string | undefined, path: () => string, report: Report): void {
  if (rfc === undefined || isGeneric(rfc) || COMMON.has(rfc) || !RFC.fits(rfc)) return;
  const expected = checkDigit(rfc);
  if (expected !== undefined && !rfc.endsWith(expected)) report(path, `${rfc.slice(0, -1)}${expected}`, rfc);
}

function checkDigits({ emisor, receptor, conceptos }: CfdiDocument, report: Report): void {
  checkOne(emisor?.Rfc, () => `${COMPROBANTE}/Emisor/@Rfc`, report);
  checkOne(receptor?.Rfc, () => `${COMPROBANTE}/Receptor/@Rfc`, report);
  conceptos.forEach(({ thirdParty }, index) => {
    if (thirdParty) checkOne(thirdParty.RfcACuentaTerceros, () => `${conceptoPath(index)}/ACuentaTerceros/@RfcACuentaTerceros`, report);
  });
}

export const RFC_DIGIT_RULES: readonly CfdiRule[] = [
  {
    codes: both('FOLIO-CFDI-RFC-DIGIT'),
    term: 'Rfc',
    severity: 'warning',
    es: 'El dígito verificador del RFC no corresponde; puede estar mal escrito.',
    en: 'The check digit of the RFC does not fit; it may be misspelt.',
    source: 'Folio; SAT, algoritmo del dígito verificador del RFC',
    check: checkDigits,
  },
];
