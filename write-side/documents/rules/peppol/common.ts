import type { EnDocument, Identifier } from '../../models/en16931.js';
import { isAustralianBusiness, isBelgianEnterprise, isGln, isItalianVat, isNorwegianOrganisation, isSwedishOrganisation } from '../en16931/check-digits.js';
import { pathOf, type EnRule } from '../en16931/rule.js';
import type { RuleText } from '../rule.js';
import { peppol } from './rule.js';

/** Every identifier with a scheme that may be checked: electronic addresses, identifiers and legal registrations of parties. */
function eachIdentifier(document: EnDocument, see: (id: Identifier, term: string) => void): void {
  const parties = [[document.seller, 'BT-34', 'BT-29', 'BT-30'], [document.buyer, 'BT-49', 'BT-46', 'BT-47'], [document.payee, 'BG-10', 'BT-60', 'BT-61'], [document.representative, 'BG-11', 'BG-11', 'BG-11']] as const;
  for (const [party, address, ids, legal] of parties) {
    if (party?.endpoint) see(party.endpoint, address);
    for (const id of party?.identifiers ?? []) see(id, ids);
    if (party?.legalId) see(party.legalId, legal);
  }
}

const DANISH = /^(?:DK\d{8}|\d{8})$/u;
const ITALIAN_PERSON = /^[A-Z]{6}\d{2}[A-Z]\d{2}.{3}\d[A-Z]$/iu;
const isFiscalCode = (text: string): boolean => (text.length === 16 ? ITALIAN_PERSON.test(text) : /^\d{11}$/u.test(text));

type Form = readonly [code: string, scheme: string, name: string, nombre: string, isRight: (text: string) => boolean, severity?: RuleText['severity']];
const FORMS: readonly Form[] = [
  ['R040', '0088', 'a GLN', 'un GLN', isGln],
  ['R041', '0192', 'a Norwegian organisation number', 'un número de organización noruego', isNorwegianOrganisation],
  ['R042', '0184', 'a Danish CVR number', 'un número CVR danés', (text) => DANISH.test(text)],
  ['R043', '0208', 'a Belgian enterprise number', 'un número de empresa belga', isBelgianEnterprise],
  ['R044', '0201', 'an Italian IPA code', 'un código IPA italiano', (text) => /^[A-Za-z0-9]{6}$/u.test(text), 'warning'],
  ['R045', '0210', 'an Italian fiscal code', 'un código fiscal italiano', isFiscalCode, 'warning'],
  ['R046', '9907', 'an Italian fiscal code', 'un código fiscal italiano', isFiscalCode, 'warning'],
  ['R047', '0211', 'an Italian VAT number', 'un número de IVA italiano', (text) => !/^IT/iu.test(text) || isItalianVat(text.slice(2)), 'warning'],
  ['R049', '0007', 'a Swedish organisation number', 'un número de organización sueco', isSwedishOrganisation],
  ['R050', '0151', 'an Australian business number', 'un número de empresa australiano', isAustralianBusiness],
  ['R052', '0096', 'a Danish P number', 'un número P danés', (text) => /^\d{10}$/u.test(text), 'warning'],
  ['R053', '0198', 'a Danish SE number', 'un número SE danés', (text) => /^DK\d{8}$/u.test(text), 'warning'],
];

export const PEPPOL_COMMON_RULES: readonly EnRule[] = FORMS.map(([code, scheme, name, nombre, isRight, severity]) =>
  peppol(`COMMON-${code}`, 'BT-34', `An identifier of scheme ${scheme} must be ${name}.`, `Un identificador del esquema ${scheme} debe ser ${nombre}.`, ({ document }, report) => {
    eachIdentifier(document, (id, term) => {
      if (id.scheme === scheme && id.text !== '' && !isRight(id.text)) report(() => pathOf(document, term), name, id.text, term);
    });
  }, severity));
