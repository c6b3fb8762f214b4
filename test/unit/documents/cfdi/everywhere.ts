import { header, line, receiver, issuer, type Change } from './changes.js';
import type { Given } from './given.js';

/** A change that breaks one rule of any right document that it applies to: the code, and what follows from it. */
export interface Everywhere {
  readonly code: string;
  readonly change: Change;
  readonly applies?: (given: Given) => boolean;
  readonly companions?: (given: Given) => readonly string[];
}

const typeOf = ({ comprobante }: Given): string => comprobante['TipoDeComprobante'] ?? '';
const isSale = (given: Given): boolean => ['I', 'E'].includes(typeOf(given));
const isTransfer = (given: Given): boolean => typeOf(given) === 'T';
const isGeneric = ({ receptor }: Given): boolean => ['XAXX010101000', 'XEXX010101000'].includes(receptor?.['Rfc'] ?? '');
const more = (amount: string | undefined): string => (amount ?? '0').replace(/\d/u, (digit) => (digit === '9' ? '1' : String(Number(digit) + 1)));

export const EVERYWHERE: readonly Everywhere[] = [
  { code: 'CFDI40101', change: header({ Fecha: '2025-06-15 10:00:00' }) },
  { code: 'CFDI40103', change: header({ FormaPago: '03' }), applies: (given) => !isSale(given) },
  { code: 'CFDI40108', change: (given) => void (given.comprobante['SubTotal'] = more(given.comprobante['SubTotal'])), applies: (given) => !isTransfer(given), companions: () => ['CFDI40119'] },
  { code: 'CFDI40109', change: header({ SubTotal: '1' }), applies: isTransfer },
  { code: 'CFDI40119', change: (given) => void (given.comprobante['Total'] = more(given.comprobante['Total'])) },
  { code: 'CFDI40121', change: header({ TipoDeComprobante: 'Q' }), applies: isSale, companions: ({ lines }) => (lines.some(({ attributes }) => attributes['Descuento']) ? ['CFDI40111'] : []) },
  { code: 'CFDI40123', change: header({ Exportacion: '05' }) },
  { code: 'CFDI40126', change: header({ LugarExpedicion: '00001' }), companions: (given) => (isGeneric(given) ? ['CFDI40149'] : []) },
  { code: 'CFDI40140', change: issuer({ RegimenFiscal: '600' }) },
  { code: 'CFDI40157', change: receiver({ RegimenFiscalReceptor: '600' }) },
  { code: 'CFDI40160', change: receiver({ UsoCFDI: 'X01' }) },
  { code: 'CFDI40162', change: line({ ClaveProdServ: '00000000' }) },
  { code: 'CFDI40165', change: line({ ClaveUnidad: 'ZZZ9' }) },
  { code: 'CFDI40170', change: line({ ObjetoImp: '00' }) },
  { code: 'CFDI301', change: line({ Descripcion: '' }) },
  { code: 'FOLIO-CFDI-RFC-DIGIT', change: receiver({ Rfc: 'TDM170930JK7' }), applies: ({ receptor }) => receptor?.['Rfc'] === 'TDM170930JK6' },
];
