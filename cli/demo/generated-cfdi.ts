import { createHash } from 'node:crypto';
import { bulkContent, bulkIssuer, cfdiElement } from './cfdi.js';
import type { DemoParty } from './people.js';
import { element, serialise } from './xml.js';

export interface GeneratedCfdi {
  /** Number of the document; the same index gives the same bytes. */
  readonly index: number;
  readonly issuer?: DemoParty;
  /** Lines of the document, 1 by default. */
  readonly lines?: number;
  /** Bulk documents are never sealed: a signature costs more than all the rest. */
  readonly sealed?: false;
}

/** A fiscal folio of its own for every index. */
function folioOf(index: number): string {
  const hex = createHash('sha256').update(`folio-bulk-${index}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-').toUpperCase();
}

/** A valid CFDI 4.0 with a stamp but without seals, for bulk tests and benchmarks. */
export function generatedCfdi(options: GeneratedCfdi): Uint8Array {
  const { index, issuer = bulkIssuer(index), lines = 1 } = options;
  const content = bulkContent(index, lines, issuer);
  const comprobante = cfdiElement(content);
  const stamp = element('tfd:TimbreFiscalDigital', {
    'xmlns:tfd': 'http://www.sat.gob.mx/TimbreFiscalDigital', Version: '1.1', UUID: folioOf(index), FechaTimbrado: content.date.replace('T10', 'T11'), RfcProvCertif: 'PDE150101AB7',
  });
  const stamped = { ...comprobante, children: [...comprobante.children, element('cfdi:Complemento', {}, [stamp])] };
  return Buffer.from(serialise(stamped));
}
