import type { CfdiDocument } from '../../models/cfdi.js';
import { sealOf } from '../../seal/verify.js';
import { COMPROBANTE, type CfdiRule } from '../cfdi/rule.js';
import { ABSENT, type Report } from '../rule.js';

const SEAL = `${COMPROBANTE}/@Sello`;

function checkSeal(document: CfdiDocument, report: Report): void {
  const { kind } = sealOf(document);
  if (kind === 'absent') report(SEAL, 'the seal of the issuer', ABSENT);
  else if (kind === 'wrong') report(SEAL, 'the RSA-SHA256 signature of the cadena original', 'a seal that does not verify with the certificate');
}

/**
 * One fact, one code. The SAT's matrix and the generic codes of the stamping providers overlap: a seal that is missing, malformed or of
 * another text is CFDI40102 (generic: 302), since the matrix of the version names the field and its check. What the matrix does not
 * have keeps its generic code: whose certificate it is (303), its validity at the date (305), who issued it (308).
 */
export const SEAL_RULES: readonly CfdiRule[] = [
  {
    codes: { v40: 'CFDI40102', v33: 'CFDI33102' }, term: 'Sello', check: checkSeal,
    es: 'El sello digital falta, o no corresponde a la cadena original y al certificado del comprobante.',
    en: 'The digital seal is missing, or does not belong to the cadena original and the certificate of the document.',
  },
];
