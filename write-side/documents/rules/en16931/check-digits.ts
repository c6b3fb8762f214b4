const IBAN = /^[A-Z]{2}\d{2}[A-Z0-9]{1,30}$/u;
const MODULUS = 97;
const CHECKED = 4;

/** Without the spaces that people write. */
export const packed = (text: string): string => text.replace(/\s/gu, '');

/** ISO 13616: an IBAN whose check digits fit. */
export function isIban(text: string): boolean {
  const iban = packed(text).toUpperCase();
  if (!IBAN.test(iban)) return false;
  let rest = 0;
  for (const character of iban.slice(CHECKED) + iban.slice(0, CHECKED)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % MODULUS;
  }
  return rest === 1;
}

const DIGITS = /^\d+$/u;
/** Digits from the right, each by its weight. */
const weighted = (digits: string, weight: (index: number) => number): number => {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) sum += Number(digits[digits.length - 1 - index]) * weight(index);
  return sum;
};
const split = (text: string): [body: string, check: number] => [text.slice(0, -1), Number(text.slice(-1))];

/** GS1: the last digit of a GLN. */
export function isGln(text: string): boolean {
  if (!DIGITS.test(text)) return false;
  const [body, check] = split(text);
  return (10 - (weighted(body, (index) => (index % 2 === 0 ? 3 : 1)) % 10)) % 10 === check;
}

/** Norwegian organisation number. */
export function isNorwegianOrganisation(text: string): boolean {
  if (!/^\d{9}$/u.test(text) || Number(text) === 0) return false;
  const [body, check] = split(text);
  return (11 - (weighted(body, (index) => (index % 6) + 2) % 11)) % 11 === check;
}

/** Belgian enterprise number. */
export const isBelgianEnterprise = (text: string): boolean => /^\d{10}$/u.test(text) && Number(text.slice(8)) === MODULUS - (Number(text.slice(0, 8)) % MODULUS);

/** Swedish organisation number (Luhn). */
export function isSwedishOrganisation(text: string): boolean {
  if (!/^\d{10}$/u.test(text)) return false;
  const [body, check] = split(text);
  let sum = 0;
  for (let index = 0; index < body.length; index += 1) {
    const digit = Number(body[body.length - 1 - index]) * (index % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return (10 - (sum % 10)) % 10 === check;
}

const TAX_NUMBER = 9;
/** Greek tax number: nine digits, the last of which is the check digit. */
export function isGreekTaxNumber(text: string): boolean {
  const digits = text.slice(0, TAX_NUMBER);
  if (!/^\d{9}$/u.test(digits)) return false;
  const [body, check] = split(digits);
  return (weighted(body, (index) => 2 ** (index + 1)) % 11) % 10 === check;
}

const ABN_WEIGHTS = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
const ABN_MODULUS = 89;
/** Australian business number. */
export function isAustralianBusiness(text: string): boolean {
  if (!/^\d{11}$/u.test(text)) return false;
  const sum = ABN_WEIGHTS.reduce((total, weight, index) => total + weight * (Number(text[index]) - (index === 0 ? 1 : 0)), 0);
  return sum % ABN_MODULUS === 0;
}

/** Italian VAT number (Luhn over eleven digits). */
export function isItalianVat(text: string): boolean {
  if (!/^\d{11}$/u.test(text)) return false;
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) {
    const digit = Number(text[index]) * (index % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
