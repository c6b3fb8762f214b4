import type { CfdiDocument } from '../../models/cfdi.js';
import type { Report, RuleContext } from '../rule.js';
import { catalogued, checkCode, COMPROBANTE, dayOfIssue, personOf, row, type CfdiRule } from './rule.js';

const PATH = `${COMPROBANTE}/Emisor`;

const checkRegime: CfdiRule['check'] = (document, report, context) =>
  checkCode('c_RegimenFiscal', document.emisor?.RegimenFiscal, `${PATH}/@RegimenFiscal`, dayOfIssue(document), report, context);

function checkRegimePerson({ emisor }: CfdiDocument, report: Report, { catalogues }: RuleContext): void {
  const [regime, person] = [emisor?.RegimenFiscal, personOf(emisor?.Rfc)];
  if (regime === undefined || person === undefined || catalogues.regimeFits(regime, person) !== false) return;
  report(`${PATH}/@RegimenFiscal`, `a regime for a persona ${person}`, regime);
}

/** Whether the number is the right one, only the provider of certification knows. */
function checkAcquirerNumber({ emisor }: CfdiDocument, report: Report): void {
  const number = emisor?.FacAtrAdquirente;
  if (number !== undefined && !/^\d{10}$/u.test(number.trim())) report(`${PATH}/@FacAtrAdquirente`, 'ten digits', number);
}

export const ISSUER_RULES: readonly CfdiRule[] = [
  row('CFDI40140', 'RegimenFiscal', catalogued(checkRegime), 'El régimen fiscal del emisor no es del catálogo.', 'The tax regime of the issuer is not in the catalogue.'),
  row('CFDI40141', 'RegimenFiscal', catalogued(checkRegimePerson), 'El régimen fiscal no es para el tipo de persona del emisor.', 'The tax regime is not for the kind of person that the issuer is.'),
  row('CFDI40142', 'FacAtrAdquirente', checkAcquirerNumber, 'El número de operación del adquirente no tiene diez dígitos.', 'The operation number of the acquirer does not have ten digits.'),
];
