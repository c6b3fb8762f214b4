/** One VAT category of EN 16931 and what its family of rules demands. */
export interface VatFamily {
  /** UNTDID 5305. */
  readonly category: string;
  /** The prefix of its rules in the official artefacts. */
  readonly prefix: string;
  readonly name: string;
  readonly nombre: string;
  /** Which ids the seller (or its representative) must have: any of the tax office, a VAT id, or none. */
  readonly seller: 'registered' | 'vat' | 'none';
  /** Which the buyer must have. */
  readonly buyer?: 'vat' | 'vat-or-legal';
  readonly rate: 'positive' | 'not-negative' | 'zero' | 'absent';
  /** Whether the VAT is base times rate, or nothing. */
  readonly amount: 'product' | 'zero';
  readonly reason: 'required' | 'forbidden';
  /** One breakdown per rate, or exactly one. */
  readonly perRate: boolean;
  /** Whether the base may differ by less than one unit of currency, by syntax. */
  readonly tolerant: { readonly ubl: boolean; readonly cii: boolean };
  /** CII compares the rate of IGIC in another way than UBL. */
  readonly ciiRate?: 'positive';
}

const EXEMPT = { rate: 'zero', amount: 'zero', reason: 'required', perRate: false, tolerant: { ubl: false, cii: true } } as const;
const REGIONAL = { seller: 'registered', rate: 'not-negative', amount: 'product', reason: 'forbidden', perRate: true, tolerant: { ubl: true, cii: true } } as const;

export const VAT_FAMILIES: readonly VatFamily[] = [
  {
    category: 'S', prefix: 'BR-S', name: 'standard rated', nombre: 'tipo general', seller: 'registered', rate: 'positive', amount: 'product', reason: 'forbidden', perRate: true,
    tolerant: { ubl: true, cii: false },
  },
  { ...EXEMPT, category: 'Z', prefix: 'BR-Z', name: 'zero rated', nombre: 'tipo cero', seller: 'registered', reason: 'forbidden' },
  { ...EXEMPT, category: 'E', prefix: 'BR-E', name: 'exempt from VAT', nombre: 'exenta', seller: 'registered' },
  { ...EXEMPT, category: 'AE', prefix: 'BR-AE', name: 'reverse charge', nombre: 'inversión del sujeto pasivo', seller: 'registered', buyer: 'vat-or-legal' },
  { ...EXEMPT, category: 'K', prefix: 'BR-IC', name: 'intra-community supply', nombre: 'entrega intracomunitaria', seller: 'vat', buyer: 'vat' },
  { ...EXEMPT, category: 'G', prefix: 'BR-G', name: 'export outside the EU', nombre: 'exportación fuera de la UE', seller: 'vat' },
  {
    ...EXEMPT, category: 'O', prefix: 'BR-O', name: 'not subject to VAT', nombre: 'no sujeta a IVA', seller: 'none', rate: 'absent', tolerant: { ubl: false, cii: false },
  },
  { ...REGIONAL, category: 'L', prefix: 'BR-AF', name: 'IGIC', nombre: 'IGIC', ciiRate: 'positive' },
  { ...REGIONAL, category: 'M', prefix: 'BR-AG', name: 'IPSI', nombre: 'IPSI' },
];
