import { DUPLICATE_SUSPECTED } from '#contracts/invoice/duplicates.js';
import { UNREADABLE_CODES, type UnreadableCode } from '../../result.js';
import type { RuleText } from '../rule.js';

const SENTENCES: Readonly<Record<UnreadableCode, { readonly es: string; readonly en: string }>> = {
  empty: { es: 'El documento está vacío.', en: 'The document is empty.' },
  encoding: { es: 'La codificación de los bytes no es la declarada o no se admite.', en: 'The encoding of the bytes is not the declared one, or not supported.' },
  doctype: { es: 'No se admite una declaración DOCTYPE.', en: 'A DOCTYPE declaration is not accepted.' },
  malformed: { es: 'El documento no es XML bien formado.', en: 'The document is not well-formed XML.' },
  'limit-bytes': { es: 'El documento es demasiado grande.', en: 'The document is too large.' },
  'limit-depth': { es: 'El documento anida demasiados niveles.', en: 'The document nests too many levels.' },
  'limit-attributes': { es: 'Un elemento tiene demasiados atributos.', en: 'An element has too many attributes.' },
  'limit-elements': { es: 'El documento tiene demasiados elementos.', en: 'The document has too many elements.' },
  'limit-text': { es: 'Un valor es demasiado largo.', en: 'A value is too long.' },
};

/** `FOLIO-XML-DOCTYPE` for `doctype`, and so on. */
export const unreadableRule = (code: UnreadableCode): RuleText =>
  ({ code: `FOLIO-XML-${code.toUpperCase()}`, severity: 'error', term: 'XML', ...SENTENCES[code], source: 'W3C XML 1.0; Folio, limits of reading' });

export const UNSUPPORTED: RuleText = {
  code: 'FOLIO-UNSUPPORTED',
  severity: 'error',
  term: 'XML',
  es: 'El documento no es de un tipo que Folio procese.',
  en: 'The document is not of a kind that Folio processes.',
  source: 'Folio: CFDI 4.0 and 3.3, UBL 2.1 Invoice and CreditNote, CII D16B',
};

/** Why a document that could be read was not judged: a fault of ours, told as a finding so that it ends somewhere. */
export type NotJudged = 'stuck' | 'ended';

const NOT_JUDGED: Readonly<Record<NotJudged, { readonly es: string; readonly en: string }>> = {
  stuck: { es: 'El documento no pudo validarse en el tiempo previsto.', en: 'The document could not be judged within its time.' },
  ended: { es: 'El documento no pudo validarse: el proceso que lo validaba terminó.', en: 'The document could not be judged: what judged it ended.' },
};

/** `FOLIO-JUDGE-STUCK` and `FOLIO-JUDGE-ENDED`. */
export const notJudgedRule = (why: NotJudged): RuleText => ({ code: `FOLIO-JUDGE-${why.toUpperCase()}`, severity: 'error', term: 'XML', ...NOT_JUDGED[why], source: 'Folio, limits of judging' });

/** Found by whoever follows the log, not by a look at one document; in no verdict, and listed with the others because lists and search know it. */
const SUSPICION: RuleText = {
  code: DUPLICATE_SUSPECTED,
  severity: 'info',
  term: 'number',
  es: 'Otra factura anterior tiene el mismo emisor, serie, folio y total.',
  en: 'An earlier invoice has the same issuer, series, number and total.',
  source: 'Folio, duplicates by business key',
};

export const READING_RULES: readonly RuleText[] = [...UNREADABLE_CODES.map(unreadableRule), UNSUPPORTED, notJudgedRule('stuck'), notJudgedRule('ended'), SUSPICION];
