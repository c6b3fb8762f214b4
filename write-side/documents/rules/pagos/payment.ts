import { writtenScale } from '../../amounts.js';
import type { Docto, Pago, PagoAttribute } from '../../models/pagos.js';
import { ABSENT, type Path } from '../rule.js';
import { fixed, ONE, over, times, truncated, unit, written, ZERO, type Fixed } from './fixed.js';
import { ofPayment, pagosRules, type Scene } from './rule.js';
import { equivalenceOf } from './sums.js';

type At = (name: string) => Path;

const notThis = (name: PagoAttribute, forbidden: string, expected: string) => ofPayment(({ attributes }, at, { report }) => {
  if (attributes[name] === forbidden) report(at(`@${name}`), expected, forbidden);
});

function checkForeignRate({ attributes: { MonedaP, TipoCambioP } }: Pago, at: At, { report }: Scene): void {
  if (MonedaP && MonedaP !== 'MXN' && MonedaP !== 'XXX' && TipoCambioP === undefined) report(at('@TipoCambioP'), 'the exchange rate', ABSENT);
}

function checkPesoRate({ attributes: { MonedaP, TipoCambioP } }: Pago, at: At, { report }: Scene): void {
  if (MonedaP === 'MXN' && fixed(TipoCambioP) !== ONE) report(at('@TipoCambioP'), '1', TipoCambioP ?? ABSENT);
}

/** The guide takes one ten-billionth from a rounded rate, which itself is not reached. */
const EPSILON_DIGITS = 10;

/**
 * The least that a paid amount can be in the payment's currency, given that it and the equivalence were rounded as they are written.
 * Source: SAT, guía de llenado del complemento para recepción de pagos 2.0, campo ImpPagado. Between equal currencies it is the amount itself.
 */
function leastPaid(docto: Docto, pago: Pago, digits: number): Fixed | undefined {
  const { ImpPagado, EquivalenciaDR, MonedaDR } = docto.attributes;
  const [paid, equivalence] = [fixed(ImpPagado), equivalenceOf(docto, pago)];
  if (paid === undefined || equivalence === undefined || ImpPagado === undefined) return undefined;
  if (MonedaDR === pago.attributes.MonedaP) return paid;
  const halfPaid = unit(writtenScale(ImpPagado)) / 2n;
  const greatestRate = equivalence + unit(writtenScale(EquivalenciaDR ?? '')) / 2n - unit(EPSILON_DIGITS);
  return greatestRate > ZERO ? truncated(over(paid - halfPaid, greatestRate), digits) : undefined;
}

function checkPaid(pago: Pago, at: At, { report, context }: Scene): void {
  const monto = fixed(pago.attributes.Monto);
  if (monto === undefined || monto <= ZERO) return;
  const digits = context.catalogues.decimalsOf(pago.attributes.MonedaP ?? '');
  let sum = ZERO;
  for (const docto of pago.documents) {
    const least = leastPaid(docto, pago, digits);
    if (least === undefined) return;
    sum += least;
  }
  if (sum > monto) report(at('@Monto'), `at least ${written(sum)}`, pago.attributes.Monto ?? ABSENT);
}

function checkPositive({ attributes: { Monto } }: Pago, at: At, { report }: Scene): void {
  const monto = fixed(Monto);
  if (Monto !== undefined && monto !== undefined && monto <= ZERO) report(at('@Monto'), 'more than 0', Monto);
}

function checkDigits({ attributes: { Monto, MonedaP } }: Pago, at: At, { report, context }: Scene): void {
  if (Monto === undefined || MonedaP === undefined || MonedaP === 'XXX') return;
  const digits = context.catalogues.decimalsOf(MonedaP);
  if (writtenScale(Monto) > digits) report(at('@Monto'), `at most ${digits} decimals`, Monto);
}

/** The greatest total of a document of type P in pesos (`c_TipoDeComprobante`). */
const GREATEST = fixed('999999999999999999.999999') ?? ZERO;

function checkConfirmed({ attributes: { Monto, TipoCambioP } }: Pago, at: At, { report, document }: Scene): void {
  const [monto, rate] = [fixed(Monto), TipoCambioP === undefined ? ONE : fixed(TipoCambioP)];
  if (Monto === undefined || monto === undefined || rate === undefined || document.comprobante.Confirmacion !== undefined) return;
  if (times(monto, rate) > GREATEST) report(at('@Monto'), `at most ${written(GREATEST)} pesos, or Confirmacion`, Monto);
}

export const PAYMENT_RULES = pagosRules([
  ['CRP20212', 'FormaDePagoP', 'La forma de pago de un pago recibido no puede ser 99, por definir.', 'The form of a payment received cannot be 99, to be defined.', notThis('FormaDePagoP', '99', 'the form in which it was paid')],
  ['CRP20213', 'MonedaP', 'La moneda de un pago no puede ser XXX.', 'The currency of a payment cannot be XXX.', notThis('MonedaP', 'XXX', 'a currency')],
  ['CRP20214', 'TipoCambioP', 'Un pago en moneda extranjera lleva su tipo de cambio.', 'A payment in a foreign currency has its exchange rate.', ofPayment(checkForeignRate)],
  ['CRP20215', 'TipoCambioP', 'El tipo de cambio de un pago en pesos es 1.', 'The exchange rate of a payment in pesos is 1.', ofPayment(checkPesoRate)],
  ['CRP20217', 'Monto', 'Lo pagado de los documentos relacionados suma más que el monto del pago.', 'What was paid of the related documents adds up to more than the payment.', ofPayment(checkPaid)],
  ['CRP20218', 'Monto', 'El monto de un pago debe ser mayor que cero.', 'The amount of a payment must be greater than zero.', ofPayment(checkPositive)],
  ['CRP20219', 'Monto', 'El monto tiene más decimales que su moneda.', 'The amount has more decimals than its currency.', ofPayment(checkDigits)],
  ['CRP20220', 'Monto', 'Un monto mayor que el límite del catálogo requiere Confirmacion.', 'An amount above the limit of the catalogue requires Confirmacion.', ofPayment(checkConfirmed)],
]);
