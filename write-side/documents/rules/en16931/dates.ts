import { writtenDay } from '../../dates.js';
import type { EnDocument, Text } from '../../models/en16931.js';
import { IMPOSSIBLE_DATE } from '../common/texts.js';
import type { Report } from '../rule.js';
import { pathOf, type EnRule } from './rule.js';
import type { EnView } from './view.js';

const UBL_DATE = /^\d{4}-\d{2}-\d{2}(?:Z|[+-]\d{2}:\d{2})?$/u;
const CII_DATE = /^\d{8}$/u;

type Visit = (term: string, date: string, index?: number) => void;

/** Every date of the document, with its term. */
export function eachDate(document: EnDocument, visit: Visit): void {
  const see = (term: string, date: Text, index?: number): void => {
    if (date !== undefined) visit(term, date, index);
  };
  see('BT-2', document.issueDate);
  see('BT-7', document.taxPointDate);
  see('BT-9', document.dueDate);
  see('BT-72', document.delivery?.date);
  see('BT-73', document.period?.start);
  see('BT-74', document.period?.end);
  for (const [index, { date }] of document.preceding.entries()) see('BT-26', date, index);
  for (const [index, { period }] of document.lines.entries()) {
    see('BT-134', period?.start, index);
    see('BT-135', period?.end, index);
  }
}

const isShaped = (document: EnDocument, date: string): boolean => (document.syntax === 'ubl' ? UBL_DATE : CII_DATE).test(date);

function checkCalendar({ document }: EnView, report: Report): void {
  eachDate(document, (term, date, index) => {
    if (isShaped(document, date) && writtenDay(date).kind === 'impossible') report(() => pathOf(document, term, index), 'a day that the calendar has', date, term);
  });
}

function checkShape({ document }: EnView, report: Report): void {
  const expected = document.syntax === 'ubl' ? 'YYYY-MM-DD' : 'YYYYMMDD';
  eachDate(document, (term, date, index) => {
    if (!isShaped(document, date)) report(() => pathOf(document, term, index), expected, date, term);
  });
}

export const DATE_RULES: readonly EnRule[] = [
  { code: 'FOLIO-DATE-IMPOSSIBLE', severity: 'error', term: 'BT-2', ...IMPOSSIBLE_DATE, check: checkCalendar },
  {
    code: 'FOLIO-DATE-FORMAT',
    severity: 'error',
    term: 'BT-2',
    es: 'La fecha no tiene la forma que exige la sintaxis.',
    en: 'The date does not have the form that the syntax requires.',
    source: 'UBL 2.1 xs:date; CII D16B date format 102',
    check: checkShape,
  },
];
