import { CFDI_BREAKAGES, CII_BREAKAGES, UBL_BREAKAGES, type Breakage } from './breakage.js';
import { cfdiElement, type CfdiContent, type DemoLine } from './cfdi.js';
import { ciiElement } from './cii.js';
import type { EnContent, EnDemoParty } from './en16931.js';
import { ISSUERS, PRODUCTS, RECEIVERS, type DemoParty } from './people.js';
import { fiscalFolio, pick, seeded } from './random.js';
import { sealed, stamped } from './seal.js';
import { signerFor } from './seals/people.js';
import { ublElement } from './ubl.js';
import { serialise, type XmlElement } from './xml.js';

/** One document of the demonstration. */
export interface DemoDocument {
  /** File name. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The one way in which it was broken on purpose; absent for a right one. */
  readonly broken?: string;
}

type Random = () => number;

const BERLIN: EnDemoParty = { name: 'Beispielhandel GmbH', vatId: 'DE123456788', street: 'Musterstraße 1', city: 'Berlin', postalCode: '10115', country: 'DE' };
const MADRID: EnDemoParty = { name: 'Suministros Ejemplo S.L.', vatId: 'ESB00000000', street: 'Calle del Ejemplo 2', city: 'Madrid', postalCode: '28001', country: 'ES' };
const PARIS: EnDemoParty = { name: 'Exemple Distribution SARL', vatId: 'FR00000000000', street: 'Rue de la Démonstration 3', city: 'Paris', postalCode: '75001', country: 'FR' };

const whole = (random: Random, from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
const two = (value: number): string => String(value).padStart(2, '0');

/** A working day's moment in 2026, local time. */
const moment = (random: Random): string =>
  `2026-${two(whole(random, 1, 10))}-${two(whole(random, 1, 28))}T${two(whole(random, 9, 18))}:${two(whole(random, 0, 59))}:${two(whole(random, 0, 59))}`;

const demoLines = (random: Random, discounted: boolean): DemoLine[] =>
  Array.from({ length: whole(random, 1, 5) }, () => {
    const line = { product: pick(random, PRODUCTS), quantity: whole(random, 1, 12) };
    return discounted ? { ...line, discountCents: Math.trunc((line.quantity * line.product.cents) / 10) } : line;
  });

type Variant = Pick<CfdiContent, 'type' | 'withholding' | 'currency'> & { readonly discounted?: boolean };

/** What each CFDI shows beyond the plain invoice. */
const CFDI_VARIANTS: readonly Variant[] = [
  { type: 'I' }, { type: 'I' }, { type: 'I', discounted: true }, { type: 'I', withholding: true },
  { type: 'I', currency: { code: 'USD', rate: '18.5421' } }, { type: 'E' }, { type: 'I' }, { type: 'I', discounted: true }, { type: 'I' },
];

function cfdiContent(random: Random, issuer: DemoParty, number: number, variant: Variant): CfdiContent {
  const { discounted = false, ...rest } = variant;
  return {
    ...rest,
    series: variant.type === 'E' ? 'NC' : 'A',
    folio: String(1_000 + number),
    date: moment(random),
    issuer,
    receiver: pick(random, RECEIVERS),
    lines: demoLines(random, discounted),
  };
}

/** One hour later, as the stamp comes after the seal; the hours of `moment` never reach midnight. */
const later = (date: string): string => date.replace(/T(\d\d)/u, (_, hour: string) => `T${two(Number(hour) + 1)}`);

function signed(content: CfdiContent, random: Random, breakage?: Breakage): XmlElement {
  const comprobante = cfdiElement(content);
  const broken = breakage ? breakage.apply(comprobante) : comprobante;
  const signer = signerFor(content.issuer.rfc);
  const uuid = fiscalFolio(random);
  return signer ? stamped(sealed(broken, signer), uuid, later(content.date)) : broken;
}

const written = (name: string, root: XmlElement, breakage?: Breakage): DemoDocument => {
  const bytes = Buffer.from(serialise(root));
  return breakage ? { name, bytes, broken: breakage.name } : { name, bytes };
};

function cfdiDocuments(random: Random): DemoDocument[] {
  const issuerOf = (number: number): DemoParty => ISSUERS[number % ISSUERS.length] ?? ISSUERS[0];
  const right = CFDI_VARIANTS.map((variant, index) =>
    written(`cfdi-${two(index + 1)}.xml`, signed(cfdiContent(random, issuerOf(index), index, variant), random)));
  const broken = Object.entries(CFDI_BREAKAGES).map(([key, breakage], index) => {
    const content = cfdiContent(random, issuerOf(index), 500 + index, { type: 'I' });
    return written(`cfdi-broken-${key}.xml`, signed(content, random, breakage), breakage);
  });
  return [...right, ...broken];
}

const EN_PRODUCTS = ['Bürostuhl ergonomisch', 'Cuaderno de tapa dura', 'Lampe de bureau', 'USB-C cable, 2 m', 'Mesa plegable'] as const;

function enContent(random: Random, number: string, over: Partial<EnContent> = {}): EnContent {
  const date = moment(random).slice(0, 10);
  return {
    number,
    date,
    due: date.replace(/-\d\d$/u, '-28'),
    type: '380',
    currency: 'EUR',
    seller: pick(random, [BERLIN, MADRID]),
    buyer: PARIS,
    lines: Array.from({ length: whole(random, 1, 4) }, () => ({ name: pick(random, EN_PRODUCTS), quantity: whole(random, 1, 20), cents: whole(random, 99, 29_900) })),
    vatPercent: 19,
    ...over,
  };
}

function enDocuments(random: Random): DemoDocument[] {
  const { due, buyer } = UBL_BREAKAGES;
  return [
    written('ubl-invoice-01.xml', ublElement(enContent(random, 'R-2026-001'))),
    written('ubl-invoice-02.xml', ublElement(enContent(random, 'R-2026-002', { allowanceCents: 50 }))),
    written('ubl-invoice-03.xml', ublElement(enContent(random, 'R-2026-003'))),
    written('ubl-credit-note-01.xml', ublElement(enContent(random, 'R-2026-004', { type: '381' }))),
    written('cii-invoice-01.xml', ciiElement(enContent(random, 'R-2026-005'))),
    written('cii-invoice-02.xml', ciiElement(enContent(random, 'R-2026-006', { vatPercent: 7 }))),
    written('cii-credit-note-01.xml', ciiElement(enContent(random, 'R-2026-007', { type: '381' }))),
    written('ubl-broken-due.xml', due.apply(ublElement(enContent(random, 'R-2026-008'))), due),
    written('ubl-broken-buyer.xml', buyer.apply(ublElement(enContent(random, 'R-2026-009'))), buyer),
    written('cii-broken-date.xml', CII_BREAKAGES.date.apply(ciiElement(enContent(random, 'R-2026-010'))), CII_BREAKAGES.date),
  ];
}

/**
 * The documents of the demonstration: CFDI 4.0 with right arithmetic and real seals from throwaway certificates, UBL and CII,
 * and some broken in one named way each. The same seed gives the same bytes.
 */
export function demoDocuments(seed: number): Promise<DemoDocument[]> {
  const random = seeded(seed);
  return Promise.resolve([...cfdiDocuments(random), ...enDocuments(random)]);
}
