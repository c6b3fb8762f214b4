import { fiscalFolio, pick, seeded } from '../../../../cli/demo/random.js';
import { sealed } from '../../../support/csd/sealed.js';
import { inDecimals, MILLION, parsed, stamp } from './generated.js';
import { envelope } from './payment.js';

type Random = () => number;
type Values = Readonly<Record<string, string | undefined>>;

/** Taxes of what is paid: transferred at a rate or exempt, and withheld. */
interface Profile {
  readonly rates: readonly string[];
  readonly withheld: readonly (keyof typeof WITHHELD)[];
}
const PROFILES: readonly [Profile, ...Profile[]] = [
  { rates: ['0.160000'], withheld: [] }, { rates: ['0.080000'], withheld: [] }, { rates: ['0.000000'], withheld: [] }, { rates: ['Exento'], withheld: [] },
  { rates: ['0.160000', 'Exento'], withheld: ['001', '002'] }, { rates: [], withheld: [] },
];
const WITHHELD = { '001': '0.100000', '002': '0.106667' } as const;
const CURRENCIES: readonly [readonly [string, string], ...(readonly [string, string])[]] = [['MXN', '1'], ['MXN', '1'], ['USD', '18.5'], ['EUR', '20.1']];

const tag = (name: string, values: Values, inside = ''): string =>
  `<pago20:${name}${Object.entries(values).map(([key, value]) => (value === undefined ? '' : ` ${key}="${value}"`)).join('')}>${inside}</pago20:${name}>`;
const group = (name: string, inside: string): string => (inside === '' ? '' : tag(name, {}, inside));

interface Tax {
  readonly tax: string;
  readonly rate: string;
  readonly base: bigint;
  readonly amount: bigint;
}
const money = (amount: bigint): string => inDecimals(amount, 2);
const taxOf = (tax: string, rate: string, base: bigint): Tax => ({ tax, rate, base, amount: rate === 'Exento' ? 0n : parsed(money((base * parsed(rate)) / MILLION)) });

function fields(suffix: 'DR' | 'P', { tax, rate, base, amount }: Tax): Values {
  const named = { [`Base${suffix}`]: money(base), [`Impuesto${suffix}`]: tax, [`TipoFactor${suffix}`]: rate === 'Exento' ? 'Exento' : 'Tasa' };
  return rate === 'Exento' ? named : { ...named, [`TasaOCuota${suffix}`]: rate, [`Importe${suffix}`]: money(amount) };
}

interface Paid {
  readonly text: string;
  readonly amount: bigint;
  readonly transferred: readonly Tax[];
  readonly withheld: readonly Tax[];
}

function related(random: Random, currency: string): Paid {
  const { rates, withheld: kinds } = pick(random, PROFILES);
  const base = BigInt(100 + Math.floor(random() * 90_000)) * 10_000n;
  const transferred = rates.map((rate) => taxOf('002', rate, base));
  const withheld = kinds.map((kind) => taxOf(kind, WITHHELD[kind], base));
  const amount = base + transferred.reduce((sum, row) => sum + row.amount, 0n) - withheld.reduce((sum, row) => sum + row.amount, 0n);
  const before = amount + BigInt(Math.floor(random() * 3)) * 100n * MILLION;
  const taxes = group('RetencionesDR', withheld.map((row) => tag('RetencionDR', fields('DR', row))).join('')) + group('TrasladosDR', transferred.map((row) => tag('TrasladoDR', fields('DR', row))).join(''));
  const values = {
    IdDocumento: fiscalFolio(random), MonedaDR: currency, EquivalenciaDR: '1', NumParcialidad: '1', ImpSaldoAnt: money(before), ImpPagado: money(amount), ImpSaldoInsoluto: money(before - amount),
    ObjetoImpDR: rates.length === 0 ? '01' : '02',
  };
  return { text: tag('DoctoRelacionado', values, group('ImpuestosDR', taxes)), amount, transferred, withheld };
}

const merged = (rows: readonly Tax[], key: (row: Tax) => string): Tax[] =>
  [...Map.groupBy(rows, key).values()].map(([first, ...rest]) => rest.reduce((sum, row) => ({ ...sum, base: sum.base + row.base, amount: sum.amount + row.amount }), first ?? taxOf('', 'Exento', 0n)));

interface Payment extends Paid {
  readonly exchange: bigint;
}

function paid(random: Random): Payment {
  const [currency, exchange] = pick(random, CURRENCIES);
  const documents = Array.from({ length: 1 + Math.floor(random() * 2) }, () => related(random, currency));
  const transferred = merged(documents.flatMap((row) => row.transferred), (row) => row.rate);
  const withheld = merged(documents.flatMap((row) => row.withheld), (row) => row.tax);
  const amount = documents.reduce((sum, row) => sum + row.amount, 0n);
  const taxes = group('RetencionesP', withheld.map(({ tax, amount: ImporteP }) => tag('RetencionP', { ImpuestoP: tax, ImporteP: money(ImporteP) })).join('')) + group('TrasladosP', transferred.map((row) => tag('TrasladoP', fields('P', row))).join(''));
  const values = { FechaPago: '2026-03-13T12:00:00', FormaDePagoP: pick(random, ['01', '02', '03', '28']), MonedaP: currency, TipoCambioP: exchange, Monto: money(amount) };
  return { text: tag('Pago', values, documents.map((row) => row.text).join('') + group('ImpuestosP', taxes)), amount, transferred, withheld, exchange: parsed(exchange) };
}

/** The totals of all payments in pesos; absent where nothing is summed. */
function totals(payments: readonly Payment[]): Values {
  const sum = (of: (payment: Payment) => readonly bigint[]): string | undefined => {
    const amounts = payments.flatMap((payment) => of(payment).map((amount) => (amount * payment.exchange) / MILLION));
    return amounts.length === 0 ? undefined : money(amounts.reduce((total, amount) => total + amount, 0n));
  };
  const base = (rate: string) => sum(({ transferred }) => transferred.filter((row) => row.rate === rate).map((row) => row.base));
  const vat = (rate: string) => sum(({ transferred }) => transferred.filter((row) => row.rate === rate).map((row) => row.amount));
  const held = (tax: string) => sum(({ withheld }) => withheld.filter((row) => row.tax === tax).map((row) => row.amount));
  return {
    TotalRetencionesIVA: held('002'), TotalRetencionesISR: held('001'), TotalTrasladosBaseIVA16: base('0.160000'), TotalTrasladosImpuestoIVA16: vat('0.160000'), TotalTrasladosBaseIVA8: base('0.080000'),
    TotalTrasladosImpuestoIVA8: vat('0.080000'), TotalTrasladosBaseIVA0: base('0.000000'), TotalTrasladosImpuestoIVA0: vat('0.000000'), TotalTrasladosBaseIVAExento: base('Exento'), MontoTotalPagos: sum(({ amount }) => [amount]),
  };
}

/** A right document of type P with one to three payments, sealed and stamped; the same seed makes the same one. */
export function generatedPayment(seed: number): string {
  const random = seeded(seed);
  const payments = Array.from({ length: 1 + Math.floor(random() * 3) }, () => paid(random));
  const complement = tag('Pagos', { Version: '2.0' }, tag('Totales', totals(payments)) + payments.map(({ text }) => text).join(''));
  return sealed(envelope(complement + stamp(fiscalFolio(random), '2026-03-14T10:01:00')));
}
