import type { CfdiDocument } from '../../models/cfdi.js';
import { ABSENT, type Report, type RuleContext } from '../rule.js';
import { PUBLIC_NAME } from './global.js';
import { catalogued, checkCode, COMPROBANTE, dayOfIssue, FOREIGN_RFC, hasForeignTrade, isGeneric, personOf, PUBLIC_RFC, row, type CfdiRule } from './rule.js';

const PATH = `${COMPROBANTE}/Receptor`;
/** Sin obligaciones fiscales. */
const NO_OBLIGATIONS = '616';

function checkPublicRfc({ receptor }: CfdiDocument, report: Report): void {
  if (receptor?.Nombre === PUBLIC_NAME && receptor.Rfc !== undefined && receptor.Rfc !== PUBLIC_RFC) report(`${PATH}/@Rfc`, PUBLIC_RFC, receptor.Rfc, 'Rfc');
}

function checkGenericPlace({ receptor, comprobante: { LugarExpedicion } }: CfdiDocument, report: Report): void {
  const place = receptor?.DomicilioFiscalReceptor;
  if (!isGeneric(receptor?.Rfc) || place === undefined || LugarExpedicion === undefined) return;
  if (place !== LugarExpedicion) report(`${PATH}/@DomicilioFiscalReceptor`, LugarExpedicion, place);
}

const checkCountry: CfdiRule['check'] = (document, report, context) =>
  checkCode('c_Pais', document.receptor?.ResidenciaFiscal, `${PATH}/@ResidenciaFiscal`, dayOfIssue(document), report, context);

/** What only who lives abroad may have: every other RFC is registered with the SAT, or the national generic one. */
const checkForeignOnly = (name: 'ResidenciaFiscal' | 'NumRegIdTrib') => ({ receptor }: CfdiDocument, report: Report): void => {
  const value = receptor?.[name];
  if (value !== undefined && receptor?.Rfc !== undefined && receptor.Rfc !== FOREIGN_RFC) report(`${PATH}/@${name}`, ABSENT, value);
};

function checkNotMexico({ receptor }: CfdiDocument, report: Report): void {
  if (receptor?.ResidenciaFiscal === 'MEX') report(`${PATH}/@ResidenciaFiscal`, 'a country other than MEX', 'MEX');
}

const isForeignTrade = (document: CfdiDocument): boolean => document.receptor?.Rfc === FOREIGN_RFC && hasForeignTrade(document);

function checkResidence(document: CfdiDocument, report: Report): void {
  const { receptor } = document;
  if (!receptor || receptor.ResidenciaFiscal !== undefined) return;
  if (receptor.NumRegIdTrib !== undefined || isForeignTrade(document)) report(`${PATH}/@ResidenciaFiscal`, 'the country of residence', ABSENT);
}

function checkTaxIdPresent(document: CfdiDocument, report: Report): void {
  if (document.receptor?.NumRegIdTrib === undefined && isForeignTrade(document)) report(`${PATH}/@NumRegIdTrib`, 'the tax id of the country of residence', ABSENT);
}

function checkTaxIdForm({ receptor }: CfdiDocument, report: Report, { catalogues }: RuleContext): void {
  const { ResidenciaFiscal: country, NumRegIdTrib: id } = receptor ?? {};
  if (country !== undefined && id !== undefined && !catalogues.taxIdFits(country, id.trim())) report(`${PATH}/@NumRegIdTrib`, `a tax id as ${country} forms them`, id);
}

const checkRegime: CfdiRule['check'] = (document, report, context) =>
  checkCode('c_RegimenFiscal', document.receptor?.RegimenFiscalReceptor, `${PATH}/@RegimenFiscalReceptor`, dayOfIssue(document), report, context);

function checkRegimePerson({ receptor }: CfdiDocument, report: Report, { catalogues }: RuleContext): void {
  const { Rfc, RegimenFiscalReceptor: regime } = receptor ?? {};
  const person = personOf(Rfc);
  if (regime === undefined || person === undefined || catalogues.regimeFits(regime, person) === undefined) return;
  if (isGeneric(Rfc)) {
    if (regime !== NO_OBLIGATIONS) report(`${PATH}/@RegimenFiscalReceptor`, NO_OBLIGATIONS, regime);
  } else if (catalogues.regimeFits(regime, person) === false) report(`${PATH}/@RegimenFiscalReceptor`, `a regime for a persona ${person}`, regime);
}

const checkUse: CfdiRule['check'] = (document, report, context) =>
  checkCode('c_UsoCFDI', document.receptor?.UsoCFDI, `${PATH}/@UsoCFDI`, dayOfIssue(document), report, context);

/** Payments and payroll have one use each. */
const USE_OF_TYPE: ReadonlyMap<string, string> = new Map([['P', 'CP01'], ['N', 'CN01']]);

/** What the use should be instead; undefined where it fits. */
function expectedUse({ comprobante, receptor }: CfdiDocument, use: string, { catalogues }: RuleContext): string | undefined {
  const demanded = USE_OF_TYPE.get(comprobante.TipoDeComprobante ?? '');
  if (demanded !== undefined) return use === demanded ? undefined : demanded;
  const person = personOf(receptor?.Rfc);
  if (person !== undefined && catalogues.useFitsPerson(use, person) === false) return `a use for a persona ${person}`;
  const regime = receptor?.RegimenFiscalReceptor;
  if (regime === undefined || catalogues.regimeFits(regime, 'fisica') === undefined) return undefined;
  return catalogues.useFitsRegime(use, regime) === false ? `a use for the regime ${regime}` : undefined;
}

function checkUseFits(document: CfdiDocument, report: Report, context: RuleContext): void {
  const use = document.receptor?.UsoCFDI;
  // A use that no catalogue has is told by CFDI40160.
  if (use === undefined || context.catalogues.useFitsPerson(use, 'fisica') === undefined) return;
  const expected = expectedUse(document, use, context);
  if (expected !== undefined) report(`${PATH}/@UsoCFDI`, expected, use);
}

export const RECEIVER_RULES: readonly CfdiRule[] = [
  row('CFDI40146', 'Nombre', checkPublicRfc, 'El receptor PUBLICO EN GENERAL debe tener el RFC genérico nacional.', 'The receiver PUBLICO EN GENERAL must have the generic national RFC.'),
  row('CFDI40149', 'DomicilioFiscalReceptor', checkGenericPlace, 'Con un RFC genérico el domicilio fiscal del receptor debe ser el lugar de expedición.',
    'With a generic RFC the tax domicile of the receiver must be the place of issue.'),
  row('CFDI40150', 'ResidenciaFiscal', catalogued(checkCountry), 'El país de residencia fiscal no es del catálogo.', 'The country of tax residence is not in the catalogue.'),
  row('CFDI40151', 'ResidenciaFiscal', checkForeignOnly('ResidenciaFiscal'), 'Un receptor con RFC nacional no lleva residencia fiscal.', 'A receiver with a national RFC has no tax residence abroad.'),
  row('CFDI40152', 'ResidenciaFiscal', checkNotMexico, 'La residencia fiscal no puede ser México.', 'The tax residence cannot be Mexico.'),
  row('CFDI40153', 'ResidenciaFiscal', checkResidence, 'Con un registro de identidad tributaria, o con comercio exterior, debe existir la residencia fiscal.',
    'With a foreign tax id, or with foreign trade, the tax residence must be given.'),
  row('CFDI40154', 'NumRegIdTrib', checkForeignOnly('NumRegIdTrib'), 'Un receptor con RFC nacional no lleva registro de identidad tributaria.', 'A receiver with a national RFC has no foreign tax id.'),
  row('CFDI40155', 'NumRegIdTrib', checkTaxIdPresent, 'Con comercio exterior y RFC genérico extranjero debe existir el registro de identidad tributaria.',
    'With foreign trade and the generic foreign RFC the foreign tax id must be given.'),
  row('CFDI40156', 'NumRegIdTrib', catalogued(checkTaxIdForm), 'El registro de identidad tributaria no tiene la forma de su país.', 'The foreign tax id does not have the form of its country.'),
  row('CFDI40157', 'RegimenFiscalReceptor', catalogued(checkRegime), 'El régimen fiscal del receptor no es del catálogo.', 'The tax regime of the receiver is not in the catalogue.'),
  row('CFDI40158', 'RegimenFiscalReceptor', catalogued(checkRegimePerson), 'El régimen fiscal no es para el tipo de persona del receptor; con un RFC genérico es 616.',
    'The tax regime is not for the kind of person that the receiver is; with a generic RFC it is 616.'),
  row('CFDI40160', 'UsoCFDI', catalogued(checkUse), 'El uso del CFDI no es del catálogo.', 'The use of the CFDI is not in the catalogue.'),
  row('CFDI40161', 'UsoCFDI', catalogued(checkUseFits), 'El uso del CFDI no es para el tipo de comprobante, la persona o el régimen del receptor.',
    'The use of the CFDI is not for the document type, the person or the regime of the receiver.'),
];
