import type { Attributes, CfdiDocument } from '../../models/cfdi.js';
import { pagosOf, type Docto, type Pago, type Pagos, type TaxDrAttribute, type TaxPAttribute } from '../../models/pagos.js';
import { COMPROBANTE, type CfdiRule } from '../cfdi/rule.js';
import type { Path, Report, RuleContext } from '../rule.js';

export const PAGOS = `${COMPROBANTE}/Complemento/Pagos`;
const SOURCE = 'SAT, complemento para recepción de pagos 2.0, matriz de errores';

/** Everything that a check may look at beside its own element. */
export interface Scene {
  readonly document: CfdiDocument;
  readonly context: RuleContext;
  readonly report: Report;
}

type Row = readonly [code: string, term: string, es: string, en: string, check: CfdiRule['check']];

export const pagosRules = (rows: readonly Row[]): readonly CfdiRule[] => rows.map(([code, term, es, en, check]) => ({ codes: { v40: code }, term, es, en, check, source: SOURCE }));

/** A check of the whole complement, where there is one. */
export const ofPagos = (check: (pagos: Pagos, scene: Scene) => void): CfdiRule['check'] => (document, report, context) => {
  const pagos = pagosOf(document);
  if (pagos) check(pagos, { document, report, context });
};

/** A check of each payment. */
export const ofPayment = (check: (pago: Pago, at: (name: string) => Path, scene: Scene) => void): CfdiRule['check'] =>
  ofPagos(({ payments }, scene) => payments.forEach((pago, index) => check(pago, (name) => () => `${PAGOS}/Pago[${index + 1}]/${name}`, scene)));

/** A check of each related document, with the payment that it is of. */
export const ofDocto = (check: (docto: Docto, at: (name: string) => Path, scene: Scene, pago: Pago) => void): CfdiRule['check'] =>
  ofPagos(({ payments }, scene) => payments.forEach((pago, outer) => pago.documents.forEach((docto, inner) => {
    check(docto, (name) => () => `${PAGOS}/Pago[${outer + 1}]/DoctoRelacionado[${inner + 1}]/${name}`, scene, pago);
  })));

type Kind = 'retenciones' | 'traslados';
const DR = { retenciones: 'ImpuestosDR/RetencionesDR/RetencionDR', traslados: 'ImpuestosDR/TrasladosDR/TrasladoDR' } as const;
const P = { retenciones: 'ImpuestosP/RetencionesP/RetencionP', traslados: 'ImpuestosP/TrasladosP/TrasladoP' } as const;

type TaxCheck<Name extends string> = (tax: Attributes<Name>, at: (name: Name) => Path, scene: Scene) => void;

/** A check of each tax of a related document. */
export const ofTaxDr = (kind: Kind, check: TaxCheck<TaxDrAttribute>): CfdiRule['check'] =>
  ofPagos(({ payments }, scene) => payments.forEach((pago, outer) => pago.documents.forEach((docto, inner) => docto[kind].forEach((tax, index) => {
    check(tax, (name) => () => `${PAGOS}/Pago[${outer + 1}]/DoctoRelacionado[${inner + 1}]/${DR[kind]}[${index + 1}]/@${name}`, scene);
  }))));

/** A check of each tax of a payment. */
export const ofTaxP = (kind: Kind, check: (tax: Attributes<TaxPAttribute>, at: (name: TaxPAttribute) => Path, scene: Scene, pago: Pago) => void): CfdiRule['check'] =>
  ofPagos(({ payments }, scene) => payments.forEach((pago, outer) => pago[kind].forEach((tax, index) => {
    check(tax, (name) => () => `${PAGOS}/Pago[${outer + 1}]/${P[kind]}[${index + 1}]/@${name}`, scene, pago);
  })));

export const EXEMPT = 'Exento';
/** Codes of the taxes. */
export const [ISR, IVA, IEPS] = ['001', '002', '003'] as const;
