import type { CfdiDocument, GlobalAttribute } from '../../models/cfdi.js';
import { ABSENT, type Report } from '../rule.js';
import { catalogued, checkCode, COMPROBANTE, dayOfIssue, PUBLIC_RFC, row, type CfdiRule } from './rule.js';

const PATH = `${COMPROBANTE}/InformacionGlobal`;
/** Name of the receiver in an invoice of all sales to the general public. */
export const PUBLIC_NAME = 'PUBLICO EN GENERAL';
const BIMONTHLY = '05';
/** Régimen de Incorporación Fiscal, the only one that declares every two months. */
const INCORPORATION = '621';

const isPublic = ({ receptor }: CfdiDocument): boolean => receptor?.Rfc === PUBLIC_RFC && receptor.Nombre === PUBLIC_NAME;

function checkPresence(document: CfdiDocument, report: Report): void {
  const { informacionGlobal, receptor, comprobante } = document;
  if (informacionGlobal && receptor && !isPublic(document)) report(PATH, `${PUBLIC_RFC} ${PUBLIC_NAME}, or no InformacionGlobal`, `${receptor.Rfc ?? ABSENT} ${receptor.Nombre ?? ABSENT}`);
  if (!informacionGlobal && comprobante.TipoDeComprobante === 'I' && isPublic(document)) report(PATH, 'one element', ABSENT);
}

const fromCatalogue = (name: GlobalAttribute, catalogue: 'c_Periodicidad' | 'c_Meses'): CfdiRule['check'] => catalogued((document, report, context) =>
  checkCode(catalogue, document.informacionGlobal?.[name], `${PATH}/@${name}`, dayOfIssue(document), report, context));

function checkBimonthlyRegime({ informacionGlobal, emisor }: CfdiDocument, report: Report): void {
  const regime = emisor?.RegimenFiscal;
  if (informacionGlobal?.Periodicidad === BIMONTHLY && regime !== undefined && regime !== INCORPORATION) report(`${COMPROBANTE}/Emisor/@RegimenFiscal`, INCORPORATION, regime, 'RegimenFiscal');
}

const MONTH = /^(?:0[1-9]|1[0-2])$/u;
const TWO_MONTHS = /^1[3-8]$/u;

const checkMonths = (bimonthly: boolean, pattern: RegExp, expected: string) => ({ informacionGlobal }: CfdiDocument, report: Report): void => {
  const { Periodicidad, Meses } = informacionGlobal ?? {};
  if (Periodicidad === undefined || Meses === undefined || (Periodicidad === BIMONTHLY) !== bimonthly) return;
  if (!pattern.test(Meses)) report(`${PATH}/@Meses`, expected, Meses);
};

function checkYear(document: CfdiDocument, report: Report): void {
  const written = document.informacionGlobal?.Año;
  const year = Number(dayOfIssue(document)?.slice(0, 4));
  if (written === undefined || !/^\d{4}$/u.test(written) || Number.isNaN(year)) return;
  if (Number(written) !== year && Number(written) !== year - 1) report(`${PATH}/@Año`, `${year - 1} or ${year}`, written);
}

export const GLOBAL_RULES: readonly CfdiRule[] = [
  row('CFDI40130', 'InformacionGlobal', checkPresence, 'La información global existe si, y sólo si, el receptor es PUBLICO EN GENERAL con el RFC genérico nacional.',
    'The global information is there if, and only if, the receiver is PUBLICO EN GENERAL with the generic national RFC.'),
  row('CFDI40131', 'Periodicidad', fromCatalogue('Periodicidad', 'c_Periodicidad'), 'La periodicidad no es del catálogo.', 'The periodicity is not in the catalogue.'),
  row('CFDI40132', 'Periodicidad', checkBimonthlyRegime, 'Sólo el régimen 621 emite facturas globales bimestrales.', 'Only issuers of regime 621 issue global invoices for two months.'),
  row('CFDI40133', 'Meses', fromCatalogue('Meses', 'c_Meses'), 'El mes no es del catálogo.', 'The month is not in the catalogue.'),
  row('CFDI40134', 'Meses', checkMonths(false, MONTH, '01 to 12'), 'Con esta periodicidad el mes debe ser uno de 01 a 12.', 'With this periodicity the month must be one of 01 to 12.'),
  row('CFDI40135', 'Meses', checkMonths(true, TWO_MONTHS, '13 to 18'), 'Con periodicidad bimestral el mes debe ser uno de 13 a 18.', 'With a periodicity of two months the month must be one of 13 to 18.'),
  row('CFDI40136', 'Año', checkYear, 'El año de la información global debe ser el de la emisión o el anterior.', 'The year of the global information must be that of issue or the one before.'),
];
