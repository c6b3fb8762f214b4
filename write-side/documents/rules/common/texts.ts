/** Sentences of Folio's own rules that both families of documents share. */
export const IMPOSSIBLE_DATE = {
  es: 'La fecha no existe en el calendario.',
  en: 'The date does not exist in the calendar.',
  source: 'Folio; ISO 8601',
} as const;

export const AMOUNT_RANGE = {
  es: 'El importe tiene más de 24 dígitos enteros.',
  en: 'The amount has more than 24 integer digits.',
  source: 'Folio, limits of amounts',
} as const;

export const AMOUNT_FORMAT = {
  es: 'El valor no es un número decimal.',
  en: 'The value is not a decimal number.',
  source: 'XML Schema, xs:decimal',
} as const;
