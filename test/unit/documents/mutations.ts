import { HEADER_CASES } from './cfdi/header.js';
import { LINE_CASES } from './cfdi/lines.js';
import { PARTY_CASES } from './cfdi/parties.js';
import { PAYMENT_MUTATIONS } from './cfdi/payments.js';
import { STRUCTURE_CASES } from './cfdi/structure.js';
import { TOTAL_CASES } from './cfdi/totals.js';
import { mutationsOf } from './cfdi/given.js';
import { BOTH_CASES } from './en/both.js';
import { ciiOf, specOf, ublOf } from './en/builder.js';
import { bothMutationsOf } from './en/cases.js';
import { CORE_MUTATIONS } from './en/core.js';
import { NATIONAL_MUTATIONS } from './en/national.js';
import { PEPPOL_CASES, PEPPOL_CREDIT, PEPPOL_CREDIT_CASES, PEPPOL_UBL } from './en/peppol.js';
import { SYNTAX_CASES } from './en/syntax.js';
import { VALUE_CASES } from './en/values.js';
import { VAT_MUTATIONS } from './en/vat.js';
import { XRECHNUNG_CASES, XRECHNUNG_CII, XRECHNUNG_UBL } from './en/xrechnung.js';
import { EXTENSION_CASES, EXTENSION_CII, EXTENSION_REMARKS, EXTENSION_UBL, UNCLASSED_CASES, VEHICLE_CASES, VEHICLE_CII, VEHICLE_REMARKS, VEHICLE_UBL } from './en/xrechnung-extension.js';
import { BYTES_MUTATIONS, CLAIM_MUTATIONS } from './other-mutations.js';
import { oldMutationsOf } from './cfdi/old.js';
import { SEAL_MUTATIONS, STAMP_MUTATIONS } from './cfdi/seals.js';
import type { Mutation } from './mutation.js';

/** Every broken document of the tables, by what is broken. */
export const MUTATIONS: readonly (readonly [family: string, mutations: readonly Mutation[]])[] = [
  ['the header of a CFDI 4.0', mutationsOf('a CFDI', HEADER_CASES)],
  ['the lines of a CFDI 4.0', mutationsOf('a CFDI', LINE_CASES)],
  ['the parties and relations of a CFDI 4.0', mutationsOf('a CFDI', PARTY_CASES)],
  ['the summary of taxes of a CFDI 4.0', mutationsOf('a CFDI', TOTAL_CASES)],
  ['the structure of a CFDI 4.0', mutationsOf('a CFDI', STRUCTURE_CASES)],
  ['a CFDI 3.3', oldMutationsOf([...HEADER_CASES, ...LINE_CASES, ...TOTAL_CASES])],
  ['seals and certificates', SEAL_MUTATIONS],
  ['a stamp', STAMP_MUTATIONS],
  ['a payment', PAYMENT_MUTATIONS],
  ['what is no document', BYTES_MUTATIONS],
  ['what its sender said', CLAIM_MUTATIONS],
  ['what every invoice must have', CORE_MUTATIONS],
  ['both syntaxes', bothMutationsOf('an invoice', { ubl: ublOf(specOf()), cii: ciiOf(specOf()) }, [...BOTH_CASES, ...VALUE_CASES, ...SYNTAX_CASES])],
  ['VAT categories', VAT_MUTATIONS],
  ['Peppol', [...bothMutationsOf('a Peppol invoice', { ubl: PEPPOL_UBL }, PEPPOL_CASES), ...bothMutationsOf('a Peppol credit note', { ubl: PEPPOL_CREDIT }, PEPPOL_CREDIT_CASES)]],
  ['national rules of Peppol', NATIONAL_MUTATIONS],
  ['XRechnung', bothMutationsOf('an XRechnung', { ubl: XRECHNUNG_UBL, cii: XRECHNUNG_CII }, XRECHNUNG_CASES)],
  ['the extension of XRechnung', bothMutationsOf('the extension', { ubl: EXTENSION_UBL, cii: EXTENSION_CII, remarks: EXTENSION_REMARKS }, EXTENSION_CASES)],
  ['clean vehicles', [...bothMutationsOf('clean vehicles', { ubl: VEHICLE_UBL, cii: VEHICLE_CII, remarks: VEHICLE_REMARKS }, VEHICLE_CASES), ...bothMutationsOf('clean vehicles', { ubl: VEHICLE_UBL, cii: VEHICLE_CII }, UNCLASSED_CASES)]],
];
