import { PROVIDER, signerFor } from '../../../cli/demo/seals/people.js';
import type { ThrowawayPair } from '../../../cli/demo/seals/pair.js';
import { signerOf, type Signer } from '../../../cli/demo/seals/signer.js';
import { readDocument, type CfdiDocument } from '../../../write-side/documents/index.js';
import { cadenaOriginal, stampCadena } from '../../../write-side/documents/seal/cadena.js';

const documentOf = (text: string): CfdiDocument | undefined => {
  const read = readDocument(Buffer.from(text, 'utf8'));
  return read.kind === 'document' && read.document.syntax === 'cfdi' ? read.document : undefined;
};

/** Replaces the value of an attribute inside the first tag of that name. */
function withAttribute(text: string, tag: RegExp, name: string, value: string): string {
  return text.replace(tag, (opened) => opened.replace(new RegExp(`(\\s${name}=")[^"]*"`, 'u'), (_, before: string) => `${before}${value}"`));
}

const ROOT = /<(?:\w+:)?Comprobante\b[^>]*>/u;
const STAMP = /<(?:\w+:)?TimbreFiscalDigital\b[^>]*>/u;

/** The stamp repeats the seal and is sealed again, where it is the demonstration's. */
function restamped(text: string, seal: string): string {
  const repeated = withAttribute(text, STAMP, 'SelloCFD', seal);
  const timbre = documentOf(repeated)?.timbre;
  return timbre?.NoCertificadoSAT === PROVIDER.number ? withAttribute(repeated, STAMP, 'SelloSAT', PROVIDER.sign(stampCadena(timbre))) : repeated;
}

function resealed(text: string, signer: Signer): string {
  const numbered = withAttribute(withAttribute(text, ROOT, 'NoCertificado', signer.number), ROOT, 'Certificado', signer.certificate);
  const document = documentOf(numbered);
  const cadena = document && cadenaOriginal(document);
  if (!cadena || 'unknown' in cadena) return text;
  const seal = signer.sign(cadena.text);
  return restamped(withAttribute(numbered, ROOT, 'Sello', seal), seal);
}

/** The issuer's own signer, or that of the certificate number which the document names, when the issuer was changed. */
function ownSigner({ comprobante, emisor }: CfdiDocument): Signer | undefined {
  const numbered = ['FDA180301QX7', 'PDN200615RV4', 'CDS190822TB3'].map(signerFor).find((signer) => signer?.number === comprobante.NoCertificado);
  return signerFor(emisor?.Rfc ?? '') ?? numbered;
}

/**
 * Seals a changed document again, and its stamp: what was changed stays the only thing that is wrong. A document without a seal, one
 * that cannot be read, or of an issuer without a certificate stays as it is.
 * @param who another certificate to seal with; by default the issuer's own
 */
export function sealed(text: string, who?: ThrowawayPair): string {
  const document = documentOf(text);
  if (!document?.comprobante.Sello) return text;
  const signer = who ? signerOf(who) : ownSigner(document);
  return signer ? resealed(text, signer) : text;
}
