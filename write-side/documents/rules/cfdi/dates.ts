import { writtenDay } from '../../dates.js';
import type { CfdiDocument } from '../../models/cfdi.js';
import { IMPOSSIBLE_DATE } from '../common/texts.js';
import type { Report } from '../rule.js';
import { both, COMPROBANTE, type CfdiRule } from './rule.js';

const FECHA = /^20[1-9]\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/u;
const STAMP_DATE = `${COMPROBANTE}/Complemento/TimbreFiscalDigital/@FechaTimbrado`;

function checkPattern({ comprobante: { Fecha } }: CfdiDocument, report: Report): void {
  if (Fecha !== undefined && !FECHA.test(Fecha.trim())) report(`${COMPROBANTE}/@Fecha`, 'AAAA-MM-DDThh:mm:ss', Fecha);
}

function checkCalendar({ comprobante, timbre }: CfdiDocument, report: Report): void {
  const dates: [string, string, string | undefined][] = [
    [`${COMPROBANTE}/@Fecha`, 'Fecha', comprobante.Fecha],
    [STAMP_DATE, 'FechaTimbrado', timbre?.FechaTimbrado],
  ];
  for (const [path, term, date] of dates) {
    if (date !== undefined && writtenDay(date).kind === 'impossible') report(path, 'a day that the calendar has', date, term);
  }
}

export const DATE_RULES: readonly CfdiRule[] = [
  {
    codes: { v40: 'CFDI40101', v33: 'CFDI33101' },
    term: 'Fecha',
    es: 'La fecha no cumple con el patrón AAAA-MM-DDThh:mm:ss.',
    en: 'The date does not follow the pattern YYYY-MM-DDThh:mm:ss, without zone.',
    check: checkPattern,
  },
  { codes: both('FOLIO-DATE-IMPOSSIBLE'), term: 'Fecha', ...IMPOSSIBLE_DATE, check: checkCalendar },
];
