import type { NotChecked } from '#contracts/invoice/verdict.js';
import type { CfdiDocument } from '../models/cfdi.js';
import { issuedByAuthority, type Trust } from './trust.js';
import { documentCertificate, sealOf, stampSealOf, type SealState } from './verify.js';

const REVOCATION: NotChecked = { what: 'certificate-revocation', why: 'Stands in a list of the authority (LCO), which needs a connection.' };
const STAMPED_BEFORE: NotChecked = { what: 'CFDI307', why: 'Earlier stamps are known to stamping providers only.' };
const CHAIN: NotChecked = { what: 'certificate-chain', why: 'No certificates of the authority are loaded.' };

const ofState = (what: string, state: SealState): NotChecked[] => (state.kind === 'open' ? [{ what, why: state.why }] : []);

/** What is left open about seal, certificate and stamp, and why. */
export function sealNotChecked(document: CfdiDocument, trust: Trust): NotChecked[] {
  const certificate = documentCertificate(document);
  const isRead = certificate !== undefined && certificate !== 'absent';
  return [
    ...ofState('seal', sealOf(document)),
    ...(isRead ? [REVOCATION] : []),
    ...(isRead && issuedByAuthority(certificate, trust) === undefined ? [CHAIN] : []),
    ...ofState('stamp-seal', stampSealOf(document, trust)),
    STAMPED_BEFORE,
  ];
}
