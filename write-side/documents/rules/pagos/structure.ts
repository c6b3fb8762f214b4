import { fixed } from './fixed.js';
import { ABSENT, type Path, type Report } from '../rule.js';
import { ofPagos, PAGOS, pagosRules } from './rule.js';
import type { Docto, Pago, Pagos } from '../../models/pagos.js';
import { writtenDay } from '../../dates.js';

type AnyAttributes = Readonly<Record<string, string | undefined>>;

/** What the schema requires, and what it wants to be an amount. */
const REQUIRED = {
  totales: ['MontoTotalPagos'],
  pago: ['FechaPago', 'FormaDePagoP', 'MonedaP', 'Monto'],
  docto: ['IdDocumento', 'MonedaDR', 'NumParcialidad', 'ImpSaldoAnt', 'ImpPagado', 'ImpSaldoInsoluto', 'ObjetoImpDR'],
  dr: ['BaseDR', 'ImpuestoDR', 'TipoFactorDR'],
  retencionP: ['ImpuestoP', 'ImporteP'],
} as const;
const AMOUNTS = {
  pago: ['Monto', 'TipoCambioP'],
  docto: ['EquivalenciaDR', 'ImpSaldoAnt', 'ImpPagado', 'ImpSaldoInsoluto'],
  dr: ['BaseDR', 'TasaOCuotaDR', 'ImporteDR'],
  p: ['BaseP', 'TasaOCuotaP', 'ImporteP'],
} as const;

const under = (path: Path, name: string): Path => () => `${typeof path === 'string' ? path : path()}/@${name}`;

function require(attributes: AnyAttributes, names: readonly string[], path: Path, report: Report): void {
  for (const name of names) if (!attributes[name]?.trim()) report(under(path, name), 'a value', attributes[name] === undefined ? ABSENT : '(empty)', name);
}

function requireAmounts(attributes: AnyAttributes, names: readonly string[], path: Path, report: Report): void {
  for (const name of names) {
    const value = attributes[name];
    if (value !== undefined && value.trim() !== '' && fixed(value) === undefined) report(under(path, name), 'a decimal number', value, name);
  }
}

const IDENTIFIER = /^(?:[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|\d{3}-\d{2}-\d{9})$/u;
const INSTALMENT = /^[1-9]\d{0,2}$/u;
const MOMENT = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/u;

function checkForm(value: string | undefined, form: (text: string) => boolean, path: Path, name: string, expected: string, report: Report): void {
  if (value?.trim() && !form(value.trim())) report(under(path, name), expected, value, name);
}

function checkDocto(docto: Docto, path: Path, report: Report): void {
  const { attributes } = docto;
  require(attributes, REQUIRED.docto, path, report);
  requireAmounts(attributes, AMOUNTS.docto, path, report);
  checkForm(attributes.IdDocumento, (text) => IDENTIFIER.test(text), path, 'IdDocumento', 'a fiscal folio', report);
  checkForm(attributes.NumParcialidad, (text) => INSTALMENT.test(text), path, 'NumParcialidad', '1 to 999', report);
  const place = (kind: string, index: number): Path => () => `${typeof path === 'string' ? path : path()}/ImpuestosDR/${kind}[${index + 1}]`;
  for (const [kind, taxes] of [['RetencionesDR/RetencionDR', docto.retenciones], ['TrasladosDR/TrasladoDR', docto.traslados]] as const) {
    taxes.forEach((tax, index) => {
      require(tax, REQUIRED.dr, place(kind, index), report);
      requireAmounts(tax, AMOUNTS.dr, place(kind, index), report);
    });
  }
}

function checkPago(pago: Pago, path: string, report: Report): void {
  require(pago.attributes, REQUIRED.pago, path, report);
  requireAmounts(pago.attributes, AMOUNTS.pago, path, report);
  checkForm(pago.attributes.FechaPago, (text) => MOMENT.test(text) && writtenDay(text).kind === 'day', path, 'FechaPago', 'AAAA-MM-DDThh:mm:ss', report);
  if (pago.documents.length === 0) report(`${path}/DoctoRelacionado`, 'at least one', ABSENT, 'DoctoRelacionado');
  pago.documents.forEach((docto, index) => checkDocto(docto, () => `${path}/DoctoRelacionado[${index + 1}]`, report));
  pago.retenciones.forEach((tax, index) => {
    require(tax, REQUIRED.retencionP, `${path}/ImpuestosP/RetencionesP/RetencionP[${index + 1}]`, report);
    requireAmounts(tax, AMOUNTS.p, `${path}/ImpuestosP/RetencionesP/RetencionP[${index + 1}]`, report);
  });
  pago.traslados.forEach((tax, index) => requireAmounts(tax, AMOUNTS.p, `${path}/ImpuestosP/TrasladosP/TrasladoP[${index + 1}]`, report));
}

function checkTotales(totales: Pagos['totales'], report: Report): void {
  if (!totales) return report(`${PAGOS}/Totales`, 'one element', ABSENT, 'Totales');
  require(totales, REQUIRED.totales, `${PAGOS}/Totales`, report);
  requireAmounts(totales, Object.keys(totales), `${PAGOS}/Totales`, report);
}

const checkStructure = ofPagos(({ attributes, totales, payments, count }, { report }) => {
  if (count > 1) report(PAGOS, 'exactly one', String(count));
  if (attributes.Version !== '2.0') report(`${PAGOS}/@Version`, '2.0', attributes.Version ?? ABSENT, 'Version');
  checkTotales(totales, report);
  if (payments.length === 0) report(`${PAGOS}/Pago`, 'at least one', ABSENT, 'Pago');
  payments.forEach((pago, index) => checkPago(pago, `${PAGOS}/Pago[${index + 1}]`, report));
});

export const STRUCTURE_RULES = pagosRules([
  ['CRP20999', 'Pagos', 'Falta un elemento o atributo obligatorio del complemento de pagos, o no tiene su forma.', 'A mandatory element or attribute of the payments complement is missing, or does not have its form.', checkStructure],
]);
