import { writtenDay } from '../../dates.js';
import type { EnDocument } from '../../models/en16931.js';
import { IMPOSSIBLE_DATE } from '../common/texts.js';
import type { Report } from '../rule.js';
import { pathOf, type EnRule } from './rule.js';

const UBL_DATE = /^\d{4}-\d{2}-\d{2}(?:Z|[+-]\d{2}:\d{2})?$/u;
const CII_DATE = /^\d{8}$/u;

function eachDate(document: EnDocument, visit: (term: string, date: string) => void): void {
  const dates: [string, string | undefined][] = [['BT-2', document.issueDate], ['BT-9', document.dueDate], ['BT-7', document.taxPointDate]];
  for (const [term, date] of dates) if (date !== undefined) visit(term, date);
}

const isShaped = (document: EnDocument, date: string): boolean => (document.syntax === 'ubl' ? UBL_DATE : CII_DATE).test(date);

function checkCalendar(document: EnDocument, report: Report): void {
  eachDate(document, (term, date) => {
    if (isShaped(document, date) && writtenDay(date).kind === 'impossible') report(pathOf(document, term), 'a day that the calendar has', date, term);
  });
}

function checkShape(document: EnDocument, report: Report): void {
  const expected = document.syntax === 'ubl' ? 'YYYY-MM-DD' : 'YYYYMMDD';
  eachDate(document, (term, date) => {
    if (!isShaped(document, date)) report(pathOf(document, term), expected, date, term);
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
