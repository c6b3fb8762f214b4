import { type Certificate } from '../../seal/certificate.js';
import { instantsOf, localTime } from '../../seal/moments.js';
import { issuedByAuthority } from '../../seal/trust.js';
import { documentCertificate, MAX_RSA_BITS, MIN_RSA_BITS } from '../../seal/verify.js';
import type { CfdiDocument } from '../../models/cfdi.js';
import { both, COMPROBANTE, type CfdiRule } from '../cfdi/rule.js';
import { ABSENT, type Report, type RuleContext } from '../rule.js';

const CERTIFICATE = `${COMPROBANTE}/@Certificado`;
const NUMBER = `${COMPROBANTE}/@NoCertificado`;

/** The certificate where there is a readable one: what its absence means is told by CFDI40102 and CFDI40106. */
function readable(document: CfdiDocument): Certificate | undefined {
  const certificate = documentCertificate(document);
  return certificate === 'absent' ? undefined : certificate;
}

function checkNumber({ number }: Certificate, { comprobante: { NoCertificado } }: CfdiDocument, report: Report): void {
  const written = NoCertificado?.trim() ?? '';
  if (number === undefined) report(CERTIFICATE, 'a serial that spells 20 digits', 'another serial');
  else if (written !== number) report(NUMBER, number, written || ABSENT, 'NoCertificado');
}

function checkKey({ rsaBits }: Certificate, report: Report): void {
  if (rsaBits === 0) report(CERTIFICATE, 'an RSA key', 'a key of another kind');
  else if (rsaBits < MIN_RSA_BITS || rsaBits > MAX_RSA_BITS) report(CERTIFICATE, `an RSA key of ${MIN_RSA_BITS} to ${MAX_RSA_BITS} bits`, `${rsaBits} bits`);
}

/** An unsealed document breaks two rules, once each: it has no seal (CFDI40102) and no certificate. */
function checkUsable(document: CfdiDocument, report: Report): void {
  const certificate = documentCertificate(document);
  if (certificate === 'absent') {
    report(CERTIFICATE, 'the certificate of the seal', ABSENT);
    return;
  }
  if (!certificate) {
    report(CERTIFICATE, 'a certificate in base64', 'what is none');
    return;
  }
  checkNumber(certificate, document, report);
  checkKey(certificate, report);
  if (certificate.kind !== 'csd') report(CERTIFICATE, 'a certificate for seals (CSD)', 'e.firma');
}

/** An issuer without an RFC in its right form is told by the structure. */
const RFC = /^[A-Z&Ñ]{3,4}\d{6}[A-Z0-9]{3}$/u;

function checkHolder(document: CfdiDocument, report: Report): void {
  const certificate = readable(document);
  const issuer = document.emisor?.Rfc?.trim().toUpperCase() ?? '';
  if (!certificate || !RFC.test(issuer) || certificate.rfc === issuer) return;
  report(CERTIFICATE, `a certificate of ${issuer}`, certificate.rfc ?? 'a certificate without RFC');
}

const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 19);

/** `Fecha` is local time of a place that only its postal code names; a date is outside where it is outside everywhere in Mexico. */
function checkValidity(document: CfdiDocument, report: Report): void {
  const certificate = readable(document);
  const local = localTime(document.comprobante.Fecha);
  if (!certificate || local === undefined) return;
  const [earliest, latest] = instantsOf(local);
  if (latest >= certificate.validFrom && earliest <= certificate.validTo) return;
  report(`${COMPROBANTE}/@Fecha`, `${isoOf(certificate.validFrom)} to ${isoOf(certificate.validTo)} (UTC)`, document.comprobante.Fecha ?? ABSENT);
}

function checkAuthority(document: CfdiDocument, report: Report, { trust }: RuleContext): void {
  const certificate = readable(document);
  if (certificate && issuedByAuthority(certificate, trust) === false) report(CERTIFICATE, 'issued by an authority that is trusted here', 'issued by none of them');
}

const PAC = 'SAT, PAC validation codes of the Anexo 20';

export const CERTIFICATE_RULES: readonly CfdiRule[] = [
  {
    codes: { v40: 'CFDI40106', v33: 'CFDI33105' }, term: 'Certificado', check: checkUsable,
    es: 'El certificado no sirve para sellar el comprobante: debe ser un CSD legible, con llave RSA de 2048 bits o más, y el que dice NoCertificado.',
    en: 'The certificate cannot seal the document: it must be a readable CSD with an RSA key of 2048 bits or more, and the one that NoCertificado names.',
  },
  {
    codes: both('CFDI303'), term: 'Certificado', check: checkHolder, source: `${PAC}, 303`,
    es: 'El certificado con el que se selló no pertenece al emisor.', en: 'The certificate that sealed the document does not belong to the issuer.',
  },
  {
    codes: both('CFDI305'), term: 'Fecha', check: checkValidity, source: `${PAC}, 305`,
    es: 'La fecha de emisión está fuera de la vigencia del certificado.', en: 'The date of issue lies outside of the validity of the certificate.',
  },
  {
    codes: both('CFDI308'), term: 'Certificado', check: checkAuthority, source: `${PAC}, 308`,
    es: 'El certificado no fue expedido por una autoridad certificadora de confianza.', en: 'The certificate was not issued by a trusted certification authority.',
  },
];
