import { THROWAWAY_PAIRS } from '../../../../cli/demo/seals/throwaway.js';
import { trustOf, type Trust } from '../../../../write-side/documents/index.js';
import { sealed } from '../../../support/csd/sealed.js';
import { EFIRMA, EXPIRED, FOLIO_AUTHORITY, FOREIGN, STRANGER, WEAK } from '../../../support/csd/throwaway.js';
import { altered, cfdi, replaced } from '../given.js';
import type { Mutation } from '../mutation.js';
import { invoice } from './given.js';
import { writtenOld } from './old.js';

const [, , , provider] = THROWAWAY_PAIRS;
const file = (base64: string): Uint8Array => Buffer.from(base64, 'base64');
/** Trusts the authority of the demonstration and its stamping provider. */
export const TRUSTED: Trust = trustOf([file(FOLIO_AUTHORITY), file(provider.certificate)]);

const FDA = 'Rfc="FDA180301QX7" Nombre="FERRETERIA DEMO DEL ALTIPLANO"';
/** A document of the issuer whose other certificates the tests have. */
export const ours = (): string => replaced(cfdi(), /Rfc="[^"]+" Nombre="[^"]+"/u, FDA);
/** A stamped document of these moments. */
export const timed = (issued: string, stamped: string): string => sealed(cfdi().replace(/ Fecha="[^"]+"/u, ` Fecha="${issued}"`).replace(/FechaTimbrado="[^"]+"/u, `FechaTimbrado="${stamped}"`));
const old = (): string => writtenOld(invoice());

const SEAL = / Sello="[^"]+"/u;
const sealOf = (text: string): string => SEAL.exec(text)?.[0] ?? '';

/** Of these the seal is not made again: it is what is broken. */
export const SEAL_MUTATIONS: readonly Mutation[] = [
  { title: 'a text changed after sealing', codes: ['CFDI40102'], text: () => altered(cfdi(), /Descripcion="/u, 'Descripcion="No ') },
  { title: 'an amount that is the same, written otherwise', codes: ['CFDI40102'], text: () => altered(cfdi(), / Base="([^"]+)"/u, ' Base="$10"') },
  { title: 'a seal with a character that a careless decoder would skip', codes: ['CFDI40102', 'FOLIO-TFD-SELLO-CFD'], text: () => altered(cfdi(), / Sello="(.)/u, ' Sello="$1!') },
  { title: 'the seal of another document', codes: ['CFDI40102', 'FOLIO-TFD-SELLO-CFD'], text: () => altered(cfdi(1), SEAL, sealOf(cfdi(2))) },
  { title: 'a seal that is no base64', codes: ['CFDI40102', 'FOLIO-TFD-SELLO-CFD'], text: () => altered(cfdi(), SEAL, ' Sello="sello"') },
  { title: 'a CFDI 3.3 changed after sealing', codes: ['CFDI33102'], text: () => altered(old(), /Descripcion="/u, 'Descripcion="No ') },
  { title: 'a CFDI 3.3 without the number of its certificate', codes: ['CFDI33105', 'CFDI33102'], text: () => altered(old(), / NoCertificado="[^"]+"/u, '') },
  { title: "somebody else's certificate", codes: ['CFDI303'], text: () => sealed(ours(), STRANGER) },
  { title: 'an e.firma', codes: ['CFDI40106'], text: () => sealed(ours(), EFIRMA) },
  { title: 'a certificate that had expired at the date of issue', codes: ['CFDI305'], text: () => sealed(ours(), EXPIRED) },
  { title: 'a certificate of an authority that is not trusted', codes: ['CFDI308'], text: () => sealed(ours(), FOREIGN), context: { trust: TRUSTED } },
  { title: 'a short key', codes: ['CFDI40106'], text: () => sealed(ours(), WEAK) },
  { title: 'no certificate', codes: ['CFDI40106'], text: () => altered(ours(), / Certificado="[^"]+"/u, '') },
  { title: 'a certificate that is none', codes: ['CFDI40106'], text: () => altered(ours(), / Certificado="[^"]+"/u, ' Certificado="MIIC"') },
  { title: 'a certificate that is no base64', codes: ['CFDI40106'], text: () => altered(ours(), / Certificado="[^"]+"/u, ' Certificado="certificado"') },
  { title: 'a certificate larger than any', codes: ['CFDI40106'], text: () => altered(ours(), / Certificado="[^"]+"/u, ` Certificado="${'MIIC'.repeat(8_000)}"`) },
  { title: 'another number than that of its certificate', codes: ['CFDI40106', 'CFDI40102'], text: () => altered(ours(), / NoCertificado="\d/u, ' NoCertificado="9') },
];

type Case = readonly [title: string, from: RegExp, to: string, codes: readonly string[]];
const STAMP_CASES: readonly Case[] = [
  ['of another version', /(TimbreFiscalDigital" Version)="1.1"/u, '$1="1.0"', ['FOLIO-TFD-VERSION']],
  ['without its version', /(TimbreFiscalDigital") Version="1.1"/u, '$1', ['FOLIO-TFD-VERSION']],
  ['without its moment', / FechaTimbrado="[^"]+"/u, '', ['FOLIO-TFD-DATE']],
  ['with a zone', /(FechaTimbrado="[^"]+)"/u, '$1Z"', ['FOLIO-TFD-DATE']],
  ['of a person', /RfcProvCertif="[^"]+"/u, 'RfcProvCertif="DEMA900228MN9"', ['FOLIO-TFD-PROVIDER']],
  ['without its provider', / RfcProvCertif="[^"]+"/u, '', ['FOLIO-TFD-PROVIDER']],
  ['with a short certificate number', /NoCertificadoSAT="\d/u, 'NoCertificadoSAT="', ['FOLIO-TFD-CERTIFICATE']],
  ['without its seal', / SelloSAT="[^"]+"/u, '', ['FOLIO-TFD-SELLO-SAT']],
  ['whose folio is none', /(TimbreFiscalDigital.* UUID)="[^"]+"/u, '$1="123"', ['FOLIO-CFDI-STAMP']],
];

export const STAMP_MUTATIONS: readonly Mutation[] = [
  ...STAMP_CASES.map(([title, from, to, codes]): Mutation => ({ title: `a stamp ${title}`, codes, text: () => replaced(cfdi(), from, to) })),
  { title: 'a stamp of the seal of another document', codes: ['FOLIO-TFD-SELLO-CFD'], text: () => altered(cfdi(), /SelloCFD="[^"]+"/u, sealOf(cfdi(1)).replace(' Sello', 'SelloCFD')) },
  { title: 'a stamp changed after its provider sealed it', codes: ['FOLIO-TFD-SELLO-SAT'], text: () => altered(cfdi(), /UUID="[0-9A-F]{8}/u, 'UUID="00000000'), context: { trust: TRUSTED } },
  { title: 'a stamp more than 72 hours after the issue', codes: ['CFDI401'], text: () => timed('2026-01-08T10:00:00', '2026-01-11T10:00:01') },
  { title: 'a stamp more than two hours before the issue', codes: ['CFDI401'], text: () => timed('2026-01-08T10:00:00', '2026-01-08T07:59:59') },
];
