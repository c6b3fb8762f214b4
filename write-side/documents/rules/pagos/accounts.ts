import type { PaymentForm } from '../../catalogues/port.js';
import type { Pago, PagoAttribute } from '../../models/pagos.js';
import { catalogued, dayOfIssue, type CfdiRule } from '../cfdi/rule.js';
import { ABSENT } from '../rule.js';
import { ofPayment, pagosRules, type Scene } from './rule.js';

type Form = Omit<PaymentForm, 'code'>;

/** What a listed form takes that the catalogue tells nothing of: no account at all. */
const NOTHING: Form = { banked: false, payerBank: false, payerAccount: '', payeeBank: false, payeeAccount: '', chain: false };

/** How the payment's form names accounts; undefined for a form that is in no catalogue, which another rule tells. */
function formOf({ attributes: { FormaDePagoP = '' } }: Pago, { context: { catalogues }, document }: Scene): Form | undefined {
  return catalogues.paymentForm(FormaDePagoP) ?? (catalogues.has('c_FormaPago', FormaDePagoP, dayOfIssue(document)) ? NOTHING : undefined);
}

const allowed = (name: PagoAttribute, takes: (form: Form) => boolean): CfdiRule['check'] => catalogued(ofPayment((pago, at, scene) => {
  const value = pago.attributes[name];
  const form = value === undefined ? undefined : formOf(pago, scene);
  if (value !== undefined && form && !takes(form)) scene.report(at(`@${name}`), `${ABSENT} with form ${pago.attributes.FormaDePagoP}`, value);
}));

const patterns = new Map<string, RegExp>();

/** Patterns of the catalogue, each compiled once; they are alternatives of fixed lengths and do not backtrack. */
function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(`^(?:${pattern})$`, 'u');
  patterns.set(pattern, known);
  return known;
}

/** Characters of the longest account that the schema allows. */
const MAX_ACCOUNT = 50;

const patterned = (name: PagoAttribute, patternOf: (form: Form) => string): CfdiRule['check'] => catalogued(ofPayment((pago, at, scene) => {
  const value = pago.attributes[name];
  const form = value === undefined ? undefined : formOf(pago, scene);
  const pattern = form ? patternOf(form) : '';
  if (value === undefined || pattern === '') return;
  if (value.length > MAX_ACCOUNT || !compiled(pattern).test(value)) scene.report(at(`@${name}`), pattern, value);
}));

const FOREIGN_BANK = 'XEXX010101000';

const checkForeignBank = ofPayment(({ attributes: { RfcEmisorCtaOrd, NomBancoOrdExt } }: Pago, at, { report }) => {
  if (RfcEmisorCtaOrd === FOREIGN_BANK && !NomBancoOrdExt?.trim()) report(at('@NomBancoOrdExt'), 'the name of the foreign bank', ABSENT);
});

/** The parts of the proof of a transfer come with its kind. */
const present = (name: PagoAttribute): CfdiRule['check'] => ofPayment(({ attributes }, at, { report }) => {
  if (attributes.TipoCadPago !== undefined && !attributes[name]?.trim()) report(at(`@${name}`), 'a value', ABSENT);
});
const absent = (name: PagoAttribute): CfdiRule['check'] => ofPayment(({ attributes }, at, { report }) => {
  if (attributes.TipoCadPago === undefined && attributes[name] !== undefined) report(at(`@${name}`), ABSENT, 'a value');
});

const notTaken = (what: string, kind: string): readonly [string, string] => [`Con esa forma de pago no se registra ${what}.`, `With that form of payment ${kind} is not given.`];
const misformed = (what: string, kind: string): readonly [string, string] => [`${what} no tiene la forma que pide la forma de pago.`, `${kind} does not have the form that the form of payment asks for.`];
const missing = (name: string): readonly [string, string] => [`Con TipoCadPago debe existir ${name}.`, `With TipoCadPago there must be ${name}.`];
const alone = (name: string): readonly [string, string] => [`Sin TipoCadPago no debe existir ${name}.`, `Without TipoCadPago there must be no ${name}.`];

export const ACCOUNT_RULES = pagosRules([
  ['CRP20221', 'RfcEmisorCtaOrd', ...notTaken('el banco del ordenante', 'the bank of the payer'), allowed('RfcEmisorCtaOrd', ({ payerBank }) => payerBank)],
  ['CRP20223', 'NomBancoOrdExt', 'Con un banco extranjero debe existir su nombre.', 'With a foreign bank there must be its name.', checkForeignBank],
  ['CRP20224', 'CtaOrdenante', ...notTaken('la cuenta del ordenante', 'the account of the payer'), allowed('CtaOrdenante', ({ payerAccount }) => payerAccount !== '')],
  ['CRP20225', 'CtaOrdenante', ...misformed('La cuenta del ordenante', 'The account of the payer'), patterned('CtaOrdenante', ({ payerAccount }) => payerAccount)],
  ['CRP20226', 'CtaBeneficiario', ...misformed('La cuenta del beneficiario', 'The account of the payee'), patterned('CtaBeneficiario', ({ payeeAccount }) => payeeAccount)],
  ['CRP20227', 'RfcEmisorCtaBen', ...notTaken('el banco del beneficiario', 'the bank of the payee'), allowed('RfcEmisorCtaBen', ({ payeeBank }) => payeeBank)],
  ['CRP20228', 'CtaBeneficiario', ...notTaken('la cuenta del beneficiario', 'the account of the payee'), allowed('CtaBeneficiario', ({ payeeAccount }) => payeeAccount !== '')],
  ['CRP20229', 'TipoCadPago', ...notTaken('la cadena de pago', 'the chain of payment'), allowed('TipoCadPago', ({ chain }) => chain)],
  ['CRP20230', 'CertPago', ...missing('CertPago'), present('CertPago')],
  ['CRP20231', 'CertPago', ...alone('CertPago'), absent('CertPago')],
  ['CRP20232', 'CadPago', ...missing('CadPago'), present('CadPago')],
  ['CRP20233', 'CadPago', ...alone('CadPago'), absent('CadPago')],
  ['CRP20234', 'SelloPago', ...missing('SelloPago'), present('SelloPago')],
  ['CRP20235', 'SelloPago', ...alone('SelloPago'), absent('SelloPago')],
]);
