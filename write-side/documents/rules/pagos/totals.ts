import type { Attributes } from '../../models/cfdi.js';
import type { Pago, Pagos, TaxPAttribute, TotalesAttribute } from '../../models/pagos.js';
import type { CfdiRule } from '../cfdi/rule.js';
import { fixed, ONE, rounded, times, written, ZERO, type Fixed } from './fixed.js';
import { EXEMPT, IEPS, ISR, IVA, ofPagos, PAGOS, pagosRules } from './rule.js';
import { plus, type Sum } from './sums.js';

/** Fraction digits of the totals, which are in pesos. */
const PESO_DIGITS = 2;

/** Pesos per unit of the payment's currency; `unknown` where it must be given and is not. */
function rateOf({ attributes: { MonedaP, TipoCambioP } }: Pago): Sum {
  if (TipoCambioP === undefined) return MonedaP === 'MXN' ? ONE : 'unknown';
  return fixed(TipoCambioP) ?? 'unknown';
}

/** The sum over all payments of something of each, in pesos. */
function inPesos({ payments }: Pagos, amount: (pago: Pago) => Sum): Sum {
  let total: Sum = ZERO;
  for (const pago of payments) {
    const [rate, value] = [rateOf(pago), amount(pago)];
    total = plus(total, rate === 'unknown' || value === 'unknown' ? 'unknown' : times(value, rate));
  }
  return total;
}

function sumOf(taxes: readonly Attributes<TaxPAttribute>[], name: 'BaseP' | 'ImporteP', counts: (tax: Attributes<TaxPAttribute>) => boolean): Sum {
  let sum: Sum = ZERO;
  for (const tax of taxes) if (counts(tax)) sum = plus(sum, fixed(tax[name]) ?? 'unknown');
  return sum;
}

/** A total that is there must be the rounded sum; whether one must be there is judged with the taxes of the payment. */
const total = (name: TotalesAttribute, amount: (pago: Pago) => Sum): CfdiRule['check'] => ofPagos((pagos, { report }) => {
  const text = pagos.totales?.[name];
  const value = fixed(text);
  const sum = inPesos(pagos, amount);
  if (text === undefined || value === undefined || sum === 'unknown') return;
  const expected = rounded(sum, PESO_DIGITS);
  if (value !== expected) report(`${PAGOS}/Totales/@${name}`, written(expected), text);
});

const withheld = (tax: string) => (pago: Pago): Sum => sumOf(pago.retenciones, 'ImporteP', ({ ImpuestoP }) => ImpuestoP === tax);

const transferred = (name: 'BaseP' | 'ImporteP', rate: Fixed) => (pago: Pago): Sum =>
  sumOf(pago.traslados, name, ({ ImpuestoP, TipoFactorP, TasaOCuotaP }) => ImpuestoP === IVA && TipoFactorP === 'Tasa' && fixed(TasaOCuotaP) === rate);

const exempt = (pago: Pago): Sum => sumOf(pago.traslados, 'BaseP', ({ ImpuestoP, TipoFactorP }) => ImpuestoP === IVA && TipoFactorP === EXEMPT);

const [SIXTEEN, EIGHT] = [(ONE * 16n) / 100n, (ONE * 8n) / 100n];

/** The matrix calls the attribute `TotalTrasladosBaseExento`, the schema `TotalTrasladosBaseIVAExento`. */
const withMatrixName = ofPagos((pagos, { report }) => {
  const totales: Readonly<Record<string, string | undefined>> = pagos.totales ?? {};
  const text = totales['TotalTrasladosBaseExento'];
  const [value, sum] = [fixed(text), inPesos(pagos, exempt)];
  if (text === undefined || value === undefined || sum === 'unknown' || value === rounded(sum, PESO_DIGITS)) return;
  report(`${PAGOS}/Totales/@TotalTrasladosBaseExento`, written(rounded(sum, PESO_DIGITS)), text);
});

const both = (...checks: readonly CfdiRule['check'][]): CfdiRule['check'] => (document, report, context) => checks.forEach((check) => check(document, report, context));

const sentences = (what: string, kind: string): readonly [string, string] => [
  `El total no es la suma redondeada de ${what} de los pagos, por su tipo de cambio.`,
  `The total is not the rounded sum of ${kind} of the payments, times their exchange rate.`,
];

export const TOTALS_RULES = pagosRules([
  ['CRP20201', 'TotalRetencionesIVA', ...sentences('las retenciones de IVA', 'the VAT withheld'), total('TotalRetencionesIVA', withheld(IVA))],
  ['CRP20202', 'TotalRetencionesISR', ...sentences('las retenciones de ISR', 'the income tax withheld'), total('TotalRetencionesISR', withheld(ISR))],
  ['CRP20203', 'TotalRetencionesIEPS', ...sentences('las retenciones de IEPS', 'the excise withheld'), total('TotalRetencionesIEPS', withheld(IEPS))],
  ['CRP20204', 'TotalTrasladosBaseIVA16', ...sentences('las bases de IVA al 16 %', 'the bases of VAT at 16 %'), total('TotalTrasladosBaseIVA16', transferred('BaseP', SIXTEEN))],
  ['CRP20205', 'TotalTrasladosImpuestoIVA16', ...sentences('los importes de IVA al 16 %', 'the amounts of VAT at 16 %'), total('TotalTrasladosImpuestoIVA16', transferred('ImporteP', SIXTEEN))],
  ['CRP20206', 'TotalTrasladosBaseIVA8', ...sentences('las bases de IVA al 8 %', 'the bases of VAT at 8 %'), total('TotalTrasladosBaseIVA8', transferred('BaseP', EIGHT))],
  ['CRP20207', 'TotalTrasladosImpuestoIVA8', ...sentences('los importes de IVA al 8 %', 'the amounts of VAT at 8 %'), total('TotalTrasladosImpuestoIVA8', transferred('ImporteP', EIGHT))],
  ['CRP20208', 'TotalTrasladosBaseIVA0', ...sentences('las bases de IVA al 0 %', 'the bases of VAT at 0 %'), total('TotalTrasladosBaseIVA0', transferred('BaseP', ZERO))],
  ['CRP20209', 'TotalTrasladosImpuestoIVA0', ...sentences('los importes de IVA al 0 %', 'the amounts of VAT at 0 %'), total('TotalTrasladosImpuestoIVA0', transferred('ImporteP', ZERO))],
  ['CRP20210', 'TotalTrasladosBaseIVAExento', ...sentences('las bases exentas de IVA', 'the bases exempt of VAT'), both(total('TotalTrasladosBaseIVAExento', exempt), withMatrixName)],
  ['CRP20211', 'MontoTotalPagos', ...sentences('los montos', 'the amounts'), total('MontoTotalPagos', (pago) => fixed(pago.attributes.Monto) ?? 'unknown')],
]);
