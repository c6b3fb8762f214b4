import type { Attributes, CfdiDocument, ThirdPartyAttribute } from '../../models/cfdi.js';
import type { Report } from '../rule.js';
import { catalogued, checkCode, conceptoPath, dayOfIssue, row, type CfdiRule } from './rule.js';

/** RFC of all residents abroad for whom an intermediary sells (regla 2.7.1.x de la RMF). */
const FOREIGN_SELLER = 'EXT990101NI1';

const path = (index: number, name: ThirdPartyAttribute): string => `${conceptoPath(index)}/ACuentaTerceros/@${name}`;

function each({ conceptos }: CfdiDocument, see: (party: Attributes<ThirdPartyAttribute>, index: number) => void): void {
  conceptos.forEach(({ thirdParty }, index) => {
    if (thirdParty) see(thirdParty, index);
  });
}

function checkOther(document: CfdiDocument, report: Report): void {
  each(document, ({ RfcACuentaTerceros: rfc }, index) => {
    if (rfc !== undefined && (rfc === document.emisor?.Rfc || rfc === document.receptor?.Rfc)) report(() => path(index, 'RfcACuentaTerceros'), 'neither issuer nor receiver', rfc);
  });
}

const checkRegime: CfdiRule['check'] = (document, report, context) => {
  const day = dayOfIssue(document);
  each(document, (party, index) => checkCode('c_RegimenFiscal', party.RegimenFiscalACuentaTerceros, () => path(index, 'RegimenFiscalACuentaTerceros'), day, report, context));
};

function checkForeignPlace(document: CfdiDocument, report: Report): void {
  const { LugarExpedicion } = document.comprobante;
  each(document, ({ RfcACuentaTerceros, DomicilioFiscalACuentaTerceros: place }, index) => {
    if (RfcACuentaTerceros !== FOREIGN_SELLER || place === undefined || LugarExpedicion === undefined) return;
    if (place !== LugarExpedicion) report(() => path(index, 'DomicilioFiscalACuentaTerceros'), LugarExpedicion, place);
  });
}

export const THIRD_PARTY_RULES: readonly CfdiRule[] = [
  row('CFDI40188', 'RfcACuentaTerceros', checkOther, 'El tercero por cuya cuenta se vende es el emisor o el receptor.', 'The third party on whose account is sold is the issuer or the receiver.'),
  row('CFDI40191', 'RegimenFiscalACuentaTerceros', catalogued(checkRegime), 'El régimen fiscal del tercero no es del catálogo.', 'The tax regime of the third party is not in the catalogue.'),
  row('CFDI40193', 'DomicilioFiscalACuentaTerceros', checkForeignPlace, 'Con el RFC EXT990101NI1 el domicilio fiscal del tercero debe ser el lugar de expedición.',
    'With the RFC EXT990101NI1 the tax domicile of the third party must be the place of issue.'),
];
