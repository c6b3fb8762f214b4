import type { EnDocument } from '../../models/en16931.js';
import { as, onlyIn, pathOf, type Check, type EnRule } from '../en16931/rule.js';
import * as basic from '../peppol/basic.js';
import * as lines from '../peppol/lines.js';
import { CLEAN_VEHICLE_RULES } from './clean-vehicles.js';
import { EXTENSION_RULES } from './extension.js';
import { HEADER_RULES } from './header.js';
import { PAYMENT_RULES } from './payment.js';
import { xrechnung } from './rule.js';

/** BT-24 names XRechnung, of whatever version. */
export const declaresXRechnung = ({ specification }: EnDocument): boolean => specification !== undefined && /xrechnung|xeinkauf/iu.test(specification);

const CURRENT = /xrechnung_3\./iu;
/** Versions before 3.0 did not have the rules of payment and those of Peppol. */
export const isCurrent = ({ specification }: EnDocument): boolean => CURRENT.test(specification ?? '');

/** Rules that XRechnung takes over from Peppol under their ids, for both syntaxes. */
const shared = (short: string, term: string, en: string, es: string, check: Check): EnRule => xrechnung(`PEPPOL-EN16931-${short}`, term, en, es, check);

const SHARED_RULES: readonly EnRule[] = [
  shared('R001', 'BT-23', 'The business process must be named.', 'Debe indicarse el proceso de negocio.', basic.checkProcess),
  shared('R005', 'BT-6', 'The VAT accounting currency must be another than that of the invoice.', 'La moneda de contabilización del IVA debe ser otra que la de la factura.', basic.checkTaxCurrency),
  shared('R008', 'XML', 'The document must have no empty elements.', 'El documento no debe tener elementos vacíos.', basic.checkEmpty),
  shared('R010', 'BT-49', 'The buyer must have an electronic address.', 'El comprador debe tener una dirección electrónica.', basic.checkEndpoint('buyer', 'BT-49')),
  shared('R020', 'BT-34', 'The seller must have an electronic address.', 'El vendedor debe tener una dirección electrónica.', basic.checkEndpoint('seller', 'BT-34')),
  shared('R040', 'BT-92', 'An allowance or charge must be its base times its percentage.', 'Un descuento o cargo debe ser su base por su porcentaje.', lines.checkAllowanceAmount),
  shared('R041', 'BT-93', 'A percentage needs its base amount.', 'Un porcentaje requiere su importe base.', lines.checkAllowanceBase),
  shared('R042', 'BT-94', 'A base amount needs its percentage.', 'Un importe base requiere su porcentaje.', lines.checkAllowancePercent),
  onlyIn('ubl', shared('R043', 'BG-20', 'The charge indicator must be true or false.', 'El indicador de cargo debe ser true o false.', lines.checkIndicator)),
  onlyIn('cii', shared('R043-1', 'BG-20', 'The charge indicator must be true or false.', 'El indicador de cargo debe ser true o false.', lines.checkIndicator)),
  onlyIn('cii', shared('R043-2', 'BT-147', 'The charge indicator of a price must be true or false.', 'El indicador de cargo de un precio debe ser true o false.', lines.checkPriceIndicatorForm)),
  shared('R044', 'BT-147', 'There may be no charge on a price.', 'No puede haber cargo sobre un precio.', lines.checkPriceIndicator),
  shared('R046', 'BT-146', 'The net price must be the gross price minus its discount.', 'El precio neto debe ser el bruto menos su descuento.', lines.checkGrossPrice),
  shared('R053', 'BT-110', 'There must be one VAT total of the currency of the invoice.', 'Debe haber un solo total de IVA en la moneda de la factura.', (view, report) => {
    if (view.ubl) return basic.checkOwnTaxTotals(view, report);
    const { document } = view;
    const count = document.taxTotals.filter(({ currency }) => currency === document.currency).length;
    if (count > 1) report(pathOf(document, 'BT-110'), 'at most one', `${count}`);
  }),
  shared('R054', 'BT-111', 'There must be one VAT total in the accounting currency just where there is one.', 'Debe haber un total de IVA en moneda de contabilización solo si la hay.', (view, report) => {
    if (view.ubl) return basic.checkOtherTaxTotals(view, report);
    const { document } = view;
    const count = document.taxTotals.filter(({ currency }) => currency !== undefined && currency !== document.currency).length;
    const expected = document.taxCurrency === undefined ? 0 : 1;
    if (count !== expected) report(pathOf(document, 'BT-111'), `${expected}`, `${count}`);
  }),
  shared('R055', 'BT-111', 'Both VAT totals must have the same sign.', 'Ambos totales de IVA deben tener el mismo signo.', basic.checkSigns),
  shared('R061', 'BT-89', 'A direct debit must name its mandate.', 'Un adeudo directo debe indicar su mandato.', basic.checkMandate),
  shared('R101', 'BT-128', 'A document of a line can only be its invoiced object.', 'Un documento de línea solo puede ser su objeto facturado.', lines.checkLineDocuments),
  shared('R110', 'BT-134', 'The period of a line must not start before that of the invoice.', 'El período de una línea no debe empezar antes que el de la factura.', lines.checkLineStart),
  shared('R111', 'BT-135', 'The period of a line must not end after that of the invoice.', 'El período de una línea no debe terminar después que el de la factura.', lines.checkLineEnd),
  as('warning', shared('R120', 'BT-131', 'A line should be quantity times price, plus charges, minus allowances.', 'Una línea debería ser cantidad por precio, más cargos, menos descuentos.', lines.checkLineNet)),
  shared('R121', 'BT-149', 'The base quantity of a price must be more than zero.', 'La cantidad base de un precio debe ser mayor que cero.', lines.checkBaseQuantity),
  shared('R130', 'BT-150', 'The base quantity must be in the unit of the invoiced quantity.', 'La cantidad base debe ir en la unidad de la cantidad facturada.', lines.checkBaseUnit),
];

/** What versions before 3.0 have of it. */
export const OLD_XRECHNUNG_RULES: readonly EnRule[] = HEADER_RULES;
export const XRECHNUNG_RULES: readonly EnRule[] = [...HEADER_RULES, ...PAYMENT_RULES, ...EXTENSION_RULES, ...CLEAN_VEHICLE_RULES, ...SHARED_RULES];
