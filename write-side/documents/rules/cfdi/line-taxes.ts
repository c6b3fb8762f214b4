import { compareMoney, ZERO } from '#contracts/money.js';
import { amountOf } from '../../amounts.js';
import type { Attributes, TaxAttribute } from '../../models/cfdi.js';
import { ABSENT, type RuleContext } from '../rule.js';
import { isProduct, isWithin, limitsText, rateLimits } from './limits.js';
import { catalogued, conceptoPath, currencyDecimals, dayOfIssue, eachLineTax, row, taxPath, type CfdiRule, type TaxKind } from './rule.js';

type Tax = Attributes<TaxAttribute>;
/** What is wrong with one attribute of a tax. */
export interface TaxFault {
  readonly name: TaxAttribute;
  readonly expected: string;
  readonly found: string;
  readonly severity?: 'warning' | undefined;
}
/** Looks at one tax; undefined, and nothing made, where it is right. */
type FindFault = (tax: Tax, context: RuleContext, day: string | undefined, decimals: number) => TaxFault | undefined;

const everyTax = (kind: TaxKind, find: FindFault): CfdiRule['check'] => (document, report, context) => {
  const [day, decimals] = [dayOfIssue(document), currencyDecimals(document, context)];
  eachLineTax(document, kind, (tax, line, index) => {
    const fault = find(tax, context, day, decimals);
    if (fault) report(() => `${taxPath(conceptoPath(line), kind, index)}/@${fault.name}`, fault.expected, fault.found, undefined, fault.severity);
  });
};

const baseFault: FindFault = ({ Base }) => {
  if (Base === undefined || (/[1-9]/u.test(Base) && !Base.startsWith('-'))) return undefined;
  const base = amountOf(Base);
  return base !== undefined && compareMoney(base, ZERO) <= 0 ? { name: 'Base', expected: 'more than 0', found: base } : undefined;
};

const codeFault = (name: 'Impuesto' | 'TipoFactor'): FindFault => (tax, { catalogues }, day) => {
  const value = tax[name];
  return value === undefined || catalogues.has(`c_${name}`, value, day) ? undefined : { name, expected: `a code of c_${name}`, found: value };
};

const EXEMPT = 'Exento';
const isComputed = (factor: string | undefined): factor is 'Tasa' | 'Cuota' => factor === 'Tasa' || factor === 'Cuota';

const exemptFault: FindFault = ({ TipoFactor, TasaOCuota, Importe }) => {
  if (TipoFactor !== EXEMPT) return undefined;
  if (TasaOCuota !== undefined) return { name: 'TasaOCuota', expected: ABSENT, found: TasaOCuota };
  return Importe === undefined ? undefined : { name: 'Importe', expected: ABSENT, found: Importe };
};

const computedFault: FindFault = ({ TipoFactor, TasaOCuota, Importe }) => {
  if (!isComputed(TipoFactor)) return undefined;
  if (TasaOCuota === undefined) return { name: 'TasaOCuota', expected: 'the rate', found: ABSENT };
  return Importe === undefined ? { name: 'Importe', expected: 'the amount', found: ABSENT } : undefined;
};

const withheldExemptFault: FindFault = ({ TipoFactor }) => (TipoFactor === EXEMPT ? { name: 'TipoFactor', expected: 'Tasa, Cuota', found: EXEMPT } : undefined);

/** A rate that the catalogue does not have; a warning where the catalogue is known to have changed since. */
export function rateFault(tax: Tax, kind: TaxKind, { catalogues }: RuleContext, day: string | undefined): TaxFault | undefined {
  const { Impuesto, TipoFactor, TasaOCuota } = tax;
  if (Impuesto === undefined || TasaOCuota === undefined || !isComputed(TipoFactor) || !catalogues.has('c_Impuesto', Impuesto)) return undefined;
  const found = catalogues.rate({ tax: Impuesto, factor: TipoFactor, kind: kind === 'traslados' ? 'transferred' : 'withheld', rate: TasaOCuota.trim() }, day);
  if (found === 'listed') return undefined;
  return { name: 'TasaOCuota', expected: `a rate of c_TasaOCuota for ${Impuesto} ${TipoFactor}`, found: TasaOCuota, severity: found === 'unknown' ? 'warning' : undefined };
}

const lineRateFault = (kind: TaxKind): FindFault => (tax, context, day) => rateFault(tax, kind, context, day);

const amountFault: FindFault = ({ Base, TipoFactor, TasaOCuota, Importe }, _context, _day, decimals) => {
  if (Importe === undefined || TipoFactor === EXEMPT || isProduct(Base, TasaOCuota, Importe, decimals)) return undefined;
  const limits = rateLimits(Base, TasaOCuota, decimals);
  return limits && !isWithin(Importe, limits) ? { name: 'Importe', expected: limitsText(limits), found: Importe } : undefined;
};

export const LINE_TAX_RULES: readonly CfdiRule[] = [
  row('CFDI40174', 'Base', everyTax('traslados', baseFault), 'La base de un impuesto trasladado debe ser mayor que cero.', 'The base of a transferred tax must be greater than zero.'),
  row('CFDI40175', 'Impuesto', catalogued(everyTax('traslados', codeFault('Impuesto'))), 'El impuesto trasladado no es del catálogo.', 'The transferred tax is not in the catalogue.'),
  row('CFDI40176', 'TipoFactor', catalogued(everyTax('traslados', codeFault('TipoFactor'))), 'El tipo de factor del traslado no es del catálogo.', 'The factor of the transferred tax is not in the catalogue.'),
  row('CFDI40177', 'TipoFactor', everyTax('traslados', exemptFault), 'Un traslado exento no lleva tasa o cuota ni importe.', 'An exempt tax has neither rate nor amount.'),
  row('CFDI40178', 'TipoFactor', everyTax('traslados', computedFault), 'Un traslado por tasa o cuota lleva tasa o cuota e importe.', 'A transferred tax by rate or quota has its rate and its amount.'),
  row('CFDI40179', 'TasaOCuota', catalogued(everyTax('traslados', lineRateFault('traslados'))), 'La tasa o cuota del traslado no es del catálogo.', 'The rate of the transferred tax is not in the catalogue.'),
  row('CFDI40180', 'Importe', everyTax('traslados', amountFault), 'El importe del traslado no está entre los límites de base por tasa.', 'The amount of the transferred tax does not lie between the limits of base times rate.'),
  row('CFDI40181', 'Base', everyTax('retenciones', baseFault), 'La base de un impuesto retenido debe ser mayor que cero.', 'The base of a withheld tax must be greater than zero.'),
  row('CFDI40182', 'Impuesto', catalogued(everyTax('retenciones', codeFault('Impuesto'))), 'El impuesto retenido no es del catálogo.', 'The withheld tax is not in the catalogue.'),
  row('CFDI40183', 'TipoFactor', catalogued(everyTax('retenciones', codeFault('TipoFactor'))), 'El tipo de factor de la retención no es del catálogo.', 'The factor of the withheld tax is not in the catalogue.'),
  row('CFDI40184', 'TipoFactor', everyTax('retenciones', withheldExemptFault), 'Una retención no puede ser exenta.', 'A withheld tax cannot be exempt.'),
  row('CFDI40185', 'TasaOCuota', catalogued(everyTax('retenciones', lineRateFault('retenciones'))), 'La tasa o cuota de la retención no es del catálogo.', 'The rate of the withheld tax is not in the catalogue.'),
  row('CFDI40186', 'Importe', everyTax('retenciones', amountFault), 'El importe de la retención no está entre los límites de base por tasa.', 'The amount of the withheld tax does not lie between the limits of base times rate.'),
];
