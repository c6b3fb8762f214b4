import { LISTED, type CatalogueData, type PaymentForm } from './data-format.js';
import type { CatalogueName, Catalogues, Person, TaxRate } from './port.js';
import { CodeRanges, lastAtMost, numberOf } from './ranges.js';

/** First and last day of a code; empty where it is open. */
interface Span {
  readonly from: string;
  readonly until: string;
}
interface Rate extends Span {
  readonly least: number;
  readonly greatest: number;
}
interface Fitting {
  readonly fisica: boolean;
  readonly moral: boolean;
  readonly regimes: ReadonlySet<string>;
}

const OPEN: Span = { from: '', until: '' };
const isWithin = ({ from, until }: Span, day: string): boolean => day >= from && (until === '' || day <= until);

const words = (text: string): string[] => text.split(' ');

/** A function of the value that the first call makes; nothing is unpacked that no document needs. */
function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const spans = (packed: string): ReadonlyMap<string, Span> => new Map(words(packed).map((part) => {
  const [code = '', from = '', until = ''] = part.split('@');
  return [code, from === '' ? OPEN : { from, until }];
}));

const fittings = (rows: readonly string[]): ReadonlyMap<string, Fitting> => new Map(rows.map((row) => {
  const [code = '', persons = '', ...regimes] = words(row);
  return [code, { fisica: persons.startsWith('1'), moral: persons.endsWith('1'), regimes: new Set(regimes) }];
}));

const MILLIONTHS = 6;
const RATE = /^(\d{1,9})(?:\.(\d{1,12}))?$/u;

/** A rate in millionths, exactly; NaN for what is no rate, or finer than that. */
function millionths(text: string): number {
  const [, whole = '', fraction = ''] = RATE.exec(text) ?? [];
  if (whole === '' || /[1-9]/u.test(fraction.slice(MILLIONTHS))) return Number.NaN;
  return Number(`${whole}${fraction.slice(0, MILLIONTHS).padEnd(MILLIONTHS, '0')}`);
}

const rateKey = ({ tax, factor, kind }: Omit<TaxRate, 'rate'>): string => `${tax} ${factor} ${kind}`;

function rates(rows: readonly string[]): ReadonlyMap<string, readonly Rate[]> {
  const byKey = new Map<string, Rate[]>();
  const add = (key: string, rate: Rate): void => {
    const known = byKey.get(key);
    if (known) known.push(rate);
    else byKey.set(key, [rate]);
  };
  for (const row of rows) {
    const [tax = '', factor = '', least = '', greatest = '', transferred = '', withheld = '', from = '', until = ''] = words(row);
    const rate = { least: millionths(least), greatest: millionths(greatest), from, until };
    if (transferred === '1') add(rateKey({ tax, factor, kind: 'transferred' }), rate);
    if (withheld === '1') add(rateKey({ tax, factor, kind: 'withheld' }), rate);
  }
  return byKey;
}

interface Zone {
  readonly name: string;
  readonly hours: readonly [number, number];
}

/** The zone of a postal code; the codes themselves are judged elsewhere. */
function zones({ names, hours, runs }: CatalogueData['zones'], digits: number): (postalCode: string) => Zone | undefined {
  const parts = words(runs).map((run) => run.split(':'));
  const starts = Int32Array.from(parts, ([start = '']) => Number.parseInt(start, 36));
  const all = names.map((name, index): Zone => ({ name, hours: [hours[index]?.[0] ?? 0, hours[index]?.[1] ?? 0] }));
  return (postalCode) => {
    const number = numberOf(postalCode, digits);
    const index = number < 0 ? -1 : lastAtMost(starts, number);
    return index < 0 ? undefined : all[Number(parts[index]?.[1])];
  };
}

const yearLater = (day: string): string => `${String(Number(day.slice(0, 4)) + 1).padStart(4, '0')}${day.slice(4)}`;

/** How `has` looks into each catalogue. */
function lookups({ dated, numbered }: CatalogueData): ReadonlyMap<CatalogueName, (code: string, day: string) => boolean> {
  const product = new CodeRanges(numbered.c_ClaveProdServ.digits, numbered.c_ClaveProdServ.ranges);
  const postal = new CodeRanges(numbered.c_CodigoPostal.digits, numbered.c_CodigoPostal.ranges);
  return new Map<CatalogueName, (code: string, day: string) => boolean>([
    ['c_ClaveProdServ', (code) => product.has(code)],
    ['c_CodigoPostal', (code) => postal.has(code)],
    ...LISTED.map((name): [CatalogueName, (code: string, day: string) => boolean] => {
      const codes = lazy(() => spans(dated[name]));
      return [name, (code, day) => {
        const span = codes().get(code);
        return span !== undefined && isWithin(span, day);
      }];
    }),
  ]);
}

/** Catalogues from their compact form. Each part is unpacked when it is first asked for, once. */
export function cataloguesFrom(data: CatalogueData): Catalogues {
  const catalogues = lookups(data);
  const regimes = lazy(() => fittings(data.regimes));
  const uses = lazy(() => fittings(data.uses));
  const allRates = lazy(() => rates(data.rates));
  const zoneOf = lazy(() => zones(data.zones, data.numbered.c_CodigoPostal.digits));
  const taxIds = lazy(() => new Map(Object.entries(data.taxIds).map(([country, pattern]) => [country, new RegExp(`^(?:${pattern})$`, 'u')])));
  const forms = lazy(() => new Map<string, PaymentForm>(data.paymentForms.map((form) => [form.code, form])));
  const decimals = new Map(Object.entries(data.decimals));
  const known = (day: string): string => (day < data.firstDay ? data.firstDay : day);
  const fits = (table: ReadonlyMap<string, Fitting>, code: string, person: Person): boolean | undefined => table.get(code)?.[person];
  return {
    day: data.day,
    trustedUntil: yearLater(data.day),
    has: (catalogue, code, day = data.day) => catalogues.get(catalogue)?.(code, known(day)) ?? false,
    decimalsOf: (currency) => decimals.get(currency) ?? 2,
    regimeFits: (regime, person) => fits(regimes(), regime, person),
    useFitsPerson: (use, person) => fits(uses(), use, person),
    useFitsRegime: (use, regime) => uses().get(use)?.regimes.has(regime),
    rate: (rate, day = data.day) => {
      const value = millionths(rate.rate);
      const listed = allRates().get(rateKey(rate))?.some((row) => value >= row.least && value <= row.greatest && isWithin(row, known(day))) ?? false;
      if (listed) return 'listed';
      return rate.tax === data.uncertainRates.tax && rate.factor !== 'Exento' && day >= data.uncertainRates.from ? 'unknown' : 'unlisted';
    },
    timeZoneOf: (postalCode) => zoneOf()(postalCode)?.name,
    hoursFromCentre: (postalCode) => zoneOf()(postalCode)?.hours,
    taxIdFits: (country, id) => taxIds().get(country)?.test(id) ?? true,
    paymentForm: (code) => forms().get(code),
  };
}
