import type { NotChecked } from '#contracts/invoice/verdict.js';
import type { CfdiDocument } from './models/cfdi.js';
import type { FiscalDocument } from './result.js';

const SEAL_PRESENT = 'The seal is there, but this rule set does not verify signatures.';
const STATUS: NotChecked = { what: 'authority-status', why: 'Validity and cancellation at the authority need a connection; judged apart.' };

function cfdiNotChecked({ comprobante, timbre, complements }: CfdiDocument): NotChecked[] {
  const sealed = Boolean(comprobante.Sello) && Boolean(comprobante.Certificado);
  return [
    { what: 'seal', why: sealed ? SEAL_PRESENT : 'The document carries no seal or no certificate (Sello, Certificado, NoCertificado).' },
    { what: 'stamp-seal', why: timbre ? 'The certificate of the stamping provider is not part of the document.' : 'The document carries no stamp (TimbreFiscalDigital).' },
    { what: 'catalogues', why: 'This rule set carries no SAT catalogues.' },
    STATUS,
    ...complements.map((name) => ({ what: `complement ${name}`, why: 'This rule set has no rules for this complement.' })),
  ];
}

const EN_NOT_CHECKED: readonly NotChecked[] = [
  { what: 'code-lists', why: 'This rule set carries no code lists (BR-CL).' },
  { what: 'vat-categories', why: 'This rule set has no rules for VAT categories (BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O, BR-IG, BR-IP).' },
  { what: 'national-rules', why: 'Rules of profiles and countries (Peppol, XRechnung, Factur-X) are not part of EN 16931.' },
  STATUS,
];

/** What this rule set leaves open about a document, and why: never a refusal, never silence. */
export const notCheckedOf = (document: FiscalDocument): NotChecked[] => (document.syntax === 'cfdi' ? cfdiNotChecked(document) : [...EN_NOT_CHECKED]);
