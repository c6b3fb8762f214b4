import type { NotChecked } from '#contracts/invoice/verdict.js';
import type { CfdiDocument } from '../../models/cfdi.js';

const REGISTER = 'Needs the SAT\'s list of registered taxpayers (l_RFC), which is online only.';

const ALWAYS: readonly NotChecked[] = [
  { what: 'CFDI40138, CFDI40139, CFDI40143, CFDI40144, CFDI40145, CFDI40147, CFDI40148, CFDI40159', why: REGISTER },
  { what: 'CFDI40163, CFDI40164', why: 'What products demand is not in the catalogues at hand.' },
];

const CONFIRMATION: NotChecked = { what: 'CFDI40128, CFDI40129', why: 'Only the provider of certification knows which confirmation codes it gave out, and which were used.' };
const ACQUIRER: NotChecked = { what: 'CFDI40142', why: 'The form of the operation number of the acquirer was checked; whether the number is right, only the provider of certification knows.' };
const RATE: NotChecked = { what: 'CFDI40118, CFDI40127', why: 'The exchange rate of the day is not known here; only rates far beyond any are told.' };
const THIRD_PARTY: NotChecked = { what: 'CFDI40187, CFDI40189, CFDI40190, CFDI40192, CFDI40193', why: REGISTER };
const CUSTOMS: NotChecked = { what: 'CFDI40194, CFDI40199', why: 'Form and customs office of the import declaration were checked; patent and number are in catalogues that are not at hand.' };
const RELATED: NotChecked = { what: 'related-documents', why: 'Whether the related documents exist and are in force needs a connection.' };

const hasCustoms = ({ conceptos }: CfdiDocument): boolean => conceptos.some(({ customs, parts }) => customs.length > 0 || parts.some((part) => part.customs.length > 0));

/** Codes of the matrix of 4.0 that nobody can decide from the document alone, where they could apply to it; the rest of it is decided. */
export function undecidable(document: CfdiDocument): NotChecked[] {
  if (document.format !== 'cfdi-4.0') return [];
  const { Confirmacion, Moneda, TipoCambio } = document.comprobante;
  const some: readonly (readonly [boolean, NotChecked])[] = [
    [Confirmacion !== undefined, CONFIRMATION],
    [document.emisor?.FacAtrAdquirente !== undefined, ACQUIRER],
    [Moneda !== 'MXN' && TipoCambio !== undefined, RATE],
    [document.conceptos.some(({ thirdParty }) => thirdParty !== undefined), THIRD_PARTY],
    [hasCustoms(document), CUSTOMS],
    [document.related.length > 0, RELATED],
  ];
  return [...ALWAYS, ...some.filter(([applies]) => applies).map(([, entry]) => entry)];
}
