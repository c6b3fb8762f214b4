import { replaced } from '../given.js';
import type { Mutation } from '../mutation.js';
import { payment, twoPayments } from './payment.js';

type Case = readonly [title: string, from: string | RegExp, to: string, codes: readonly string[]];
const mutationsOf = (family: string, cases: readonly Case[]): Mutation[] =>
  cases.map(([title, from, to, codes]) => ({ title: `${family} ${title}`, codes, text: () => replaced(payment(), from, to) }));

const ENVELOPE: readonly Case[] = [
  ['of another type', 'TipoDeComprobante="P"', 'TipoDeComprobante="I"', ['CRP20101', 'CFDI40166']],
  ['that is an export', 'Exportacion="01"', 'Exportacion="02"', ['CRP20102', 'CFDI40122']],
  ['with a subtotal', 'SubTotal="0"', 'SubTotal="1"', ['CRP20103', 'CFDI40109']],
  ['in a currency', 'Moneda="XXX"', 'Moneda="MXN"', ['CRP20104', 'CFDI40113']],
  ['with a form of payment', ' SubTotal=', ' FormaPago="03" SubTotal=', ['CRP20105', 'CFDI40103']],
  ['with a method of payment', ' LugarExp', ' MetodoPago="PUE" LugarExp', ['CRP20106', 'CFDI40125']],
  ['with conditions', ' SubTotal=', ' CondicionesDePago="30 días" SubTotal=', ['CRP20107']],
  ['with a discount', ' Moneda="XXX"', ' Descuento="0" Moneda="XXX"', ['CRP20108', 'CFDI40111']],
  ['with an exchange rate', ' Moneda="XXX"', ' Moneda="XXX" TipoCambio="1"', ['CRP20109', 'CFDI40116']],
  ['with a total', ' Total="0"', ' Total="1140.00"', ['CRP20110', 'CFDI40119']],
  ['with two concepts', /(<cfdi:Concepto .*?\/>)/u, '$1$1', ['CRP20111']],
  ['with customs in its concept', /(<cfdi:Concepto [^>]*)\/>/u, '$1><cfdi:InformacionAduanera NumeroPedimento="21  47  3807  8003832"/></cfdi:Concepto>', ['CRP20112']],
  ['with taxes in its concept', /(<cfdi:Concepto [^>]*)\/>/u, '$1><cfdi:Impuestos/></cfdi:Concepto>', ['CRP20112', 'CFDI40172', 'CFDI40173']],
  ['of another product', '"84111506"', '"84111505"', ['CRP20113']],
  ['with a product number', ' Cantidad="1"', ' NoIdentificacion="1" Cantidad="1"', ['CRP20114']],
  ['of two pieces', ' Cantidad="1"', ' Cantidad="2"', ['CRP20115']],
  ['in pieces', '"ACT"', '"H87"', ['CRP20116']],
  ['with a unit', ' Descripcion="Pago"', ' Unidad="Pieza" Descripcion="Pago"', ['CRP20117']],
  ['with another text', 'Descripcion="Pago"', 'Descripcion="Abono"', ['CRP20118']],
  ['with a unit price', 'ValorUnitario="0"', 'ValorUnitario="1"', ['CRP20119']],
  ['with a line amount', ' Importe="0"', ' Importe="1"', ['CRP20120']],
  ['with a line discount', ' ObjetoImp="01"', ' Descuento="0" ObjetoImp="01"', ['CRP20121', 'CFDI40111']],
  ['with a tax object', ' ObjetoImp="01"', ' ObjetoImp="02"', ['CRP20122', 'CFDI40171']],
  ['with taxes', '<cfdi:Complemento>', '<cfdi:Impuestos/><cfdi:Complemento>', ['CRP20123', 'CFDI40201']],
];

const TOTALS: readonly Case[] = [
  ['of VAT withheld', 'TotalRetencionesISR=', 'TotalRetencionesIVA=".01" TotalRetencionesISR=', ['CRP20201']],
  ['of income tax withheld', 'TotalRetencionesISR="20.00"', 'TotalRetencionesISR="20.01"', ['CRP20202']],
  ['of excise withheld', 'TotalRetencionesISR=', 'TotalRetencionesIEPS="0.01" TotalRetencionesISR=', ['CRP20203']],
  ['of bases at 16 %', 'TotalTrasladosBaseIVA16="1000.00"', 'TotalTrasladosBaseIVA16="1000.01"', ['CRP20204']],
  ['of VAT at 16 %', 'TotalTrasladosImpuestoIVA16="160.00"', 'TotalTrasladosImpuestoIVA16="159.99"', ['CRP20205']],
  ['of bases at 8 %', 'TotalTrasladosBaseIVA16=', 'TotalTrasladosBaseIVA8="1" TotalTrasladosBaseIVA16=', ['CRP20206']],
  ['of VAT at 8 %', 'TotalTrasladosBaseIVA16=', 'TotalTrasladosImpuestoIVA8="1" TotalTrasladosBaseIVA16=', ['CRP20207']],
  ['of bases at 0 %', 'TotalTrasladosBaseIVA16=', 'TotalTrasladosBaseIVA0="1" TotalTrasladosBaseIVA16=', ['CRP20208']],
  ['of VAT at 0 %', 'TotalTrasladosBaseIVA16=', 'TotalTrasladosImpuestoIVA0="1" TotalTrasladosBaseIVA16=', ['CRP20209']],
  ['of exempt bases', 'TotalTrasladosBaseIVAExento="50.00"', 'TotalTrasladosBaseIVAExento="5"', ['CRP20210']],
  ['of exempt bases, by the name of the matrix', 'TotalTrasladosBaseIVAExento="50.00"', 'TotalTrasladosBaseIVAExento="50" TotalTrasladosBaseExento="5"', ['CRP20210']],
  ['of the payments', 'MontoTotalPagos="1140.00"', 'MontoTotalPagos="1140.01"', ['CRP20211']],
];

const cash = (text: string): readonly [RegExp, string] => [/FormaDePagoP="03" (.*?) NumOperacion.*?SelloPago="MIIC"/u, `FormaDePagoP="01" $1 ${text}`];
const form = (code: string, text: string): readonly [RegExp, string] => [/FormaDePagoP="03" (.*?) NumOperacion.*?SelloPago="MIIC"/u, `FormaDePagoP="${code}" $1 ${text}`];
const transfer = (text: string): readonly [RegExp, string] => [/TipoCadPago=.*?SelloPago="MIIC"/u, text];

const PAYMENT: readonly Case[] = [
  ['of a form to be defined', 'FormaDePagoP="03"', 'FormaDePagoP="99"', ['CRP20212']],
  ['in no currency', 'MonedaP="MXN" TipoCambioP="1"', 'MonedaP="XXX" TipoCambioP="1"', ['CRP20213']],
  ['in dollars without a rate', 'MonedaP="MXN" TipoCambioP="1"', 'MonedaP="USD"', ['CRP20214']],
  ['in pesos with a rate', 'TipoCambioP="1"', 'TipoCambioP="2"', ['CRP20215', 'CRP20202', 'CRP20204', 'CRP20205', 'CRP20210', 'CRP20211']],
  ['in pesos without a rate', ' TipoCambioP="1"', '', ['CRP20215']],
  ['of less than was paid', ' Monto="1140.00"', ' Monto="1139.99"', ['CRP20217', 'CRP20211']],
  ['of nothing', ' Monto="1140.00"', ' Monto="0"', ['CRP20218', 'CRP20211']],
  ['of a negative amount', ' Monto="1140.00"', ' Monto="-1140.00"', ['CRP20218', 'CRP20211']],
  ['with three decimals', ' Monto="1140.00"', ' Monto="1140.000"', ['CRP20219']],
  ['in cash with a bank of the payer', ...cash('RfcEmisorCtaOrd="BDE900101AB1"'), ['CRP20221']],
  ['from a foreign bank without a name', 'RfcEmisorCtaOrd="BDE900101AB1"', 'RfcEmisorCtaOrd="XEXX010101000"', ['CRP20223']],
  ['in cash with an account of the payer', ...cash('CtaOrdenante="0123456789"'), ['CRP20224']],
  ['from an account of another form', 'CtaOrdenante="0123456789"', 'CtaOrdenante="012345678"', ['CRP20225']],
  ['to an account of another form', 'CtaBeneficiario="012345678901234567"', 'CtaBeneficiario="01234567890123456X"', ['CRP20226']],
  ['in cash with a bank of the payee', ...cash('RfcEmisorCtaBen="BDE900101AB1"'), ['CRP20227']],
  ['in cash with an account of the payee', ...cash('CtaBeneficiario="0123456789"'), ['CRP20228']],
  ['by card with an account of the payee that is right', ...form('04', 'CtaBeneficiario="0123456789"'), []],
  ['in cash with a chain', ...cash('TipoCadPago="01" CertPago="MIIC" CadPago="x" SelloPago="MIIC"'), ['CRP20229']],
  ['with a chain without its certificate', ...transfer('TipoCadPago="01" CadPago="x" SelloPago="x"'), ['CRP20230']],
  ['with a certificate without a chain', ...transfer('CertPago="MIIC"'), ['CRP20231']],
  ['with a chain without its text', ...transfer('TipoCadPago="01" CertPago="x" SelloPago="x"'), ['CRP20232']],
  ['with the text of no chain', ...transfer('CadPago="x"'), ['CRP20233']],
  ['with a chain without its seal', ...transfer('TipoCadPago="01" CertPago="x" CadPago="x"'), ['CRP20234']],
  ['with the seal of no chain', ...transfer('SelloPago="x"'), ['CRP20235']],
];

const untaxed = (code: string): readonly [RegExp, string] => [/ObjetoImpDR="02">.*<\/pago20:ImpuestosP>/u, `ObjetoImpDR="${code}"/>`];
const replacedDr = (from: string, to: string): readonly [RegExp, string] => [new RegExp(`(<pago20:DoctoRelacionado.*?)${from}`, 'u'), `$1${to}`];

const DOCUMENT: readonly Case[] = [
  ['in no currency', 'MonedaDR="MXN"', 'MonedaDR="XXX"', ['CRP20236']],
  ['in another currency without its equivalence', 'MonedaDR="MXN" EquivalenciaDR="1"', 'MonedaDR="USD"', ['CRP20237']],
  ['in the same currency with an equivalence', 'EquivalenciaDR="1"', 'EquivalenciaDR="1.01"', ['CRP20238', 'CRP20265', 'CRP20268', 'CRP20269', 'CRP20274']],
  ['in the same currency without its equivalence', ' EquivalenciaDR="1"', '', ['CRP20238']],
  ['without a balance', 'ImpSaldoAnt="2000.00"', 'ImpSaldoAnt="0"', ['CRP20239', 'CRP20244']],
  ['with a balance of three decimals', 'ImpSaldoAnt="2000.00"', 'ImpSaldoAnt="2000.000"', ['CRP20240']],
  ['of which nothing was paid', 'ImpPagado="1140.00"', 'ImpPagado="0.00"', ['CRP20241', 'CRP20244']],
  ['of which three decimals were paid', 'ImpPagado="1140.00"', 'ImpPagado="1140.000"', ['CRP20242']],
  ['of which three decimals are left', 'ImpSaldoInsoluto="860.00"', 'ImpSaldoInsoluto="860.000"', ['CRP20243']],
  ['of which another amount is left', 'ImpSaldoInsoluto="860.00"', 'ImpSaldoInsoluto="860.01"', ['CRP20244']],
  ['of which less than nothing is left', 'ImpSaldoAnt="2000.00" ImpPagado="1140.00" ImpSaldoInsoluto="860.00"', 'ImpSaldoAnt="1000.00" ImpPagado="1140.00" ImpSaldoInsoluto="-140.00"', ['CRP20244']],
  ['of an unknown tax object', 'ObjetoImpDR="02"', 'ObjetoImpDR="99"', ['CRP20245']],
  ['that is taxed and has no taxes', ...untaxed('02'), ['CRP20246', 'CRP20202', 'CRP20204', 'CRP20205', 'CRP20210']],
  ['that is not taxed and has taxes', 'ObjetoImpDR="02"', 'ObjetoImpDR="01"', ['CRP20247']],
  ['with an empty element of taxes', /<pago20:ImpuestosDR>.*<\/pago20:ImpuestosDR>/u, '<pago20:ImpuestosDR/>', ['CRP20248', 'CRP20265', 'CRP20268', 'CRP20269', 'CRP20274']],
  ['with excise object and VAT', 'ObjetoImpDR="02"', 'ObjetoImpDR="07"', ['CRP20279']],
  ['with VAT that it should not break down', 'ObjetoImpDR="02"', 'ObjetoImpDR="06"', ['CRP20278']],
];

const DOCUMENT_TAX: readonly Case[] = [
  ['withheld from nothing', ...replacedDr('BaseDR="200.00"', 'BaseDR="0"'), ['CRP20249']],
  ['withheld of an unknown kind', ...replacedDr('ImpuestoDR="001"', 'ImpuestoDR="009"'), ['CRP20250', 'CRP20265']],
  ['withheld by an unknown factor', ...replacedDr('ImpuestoDR="001" TipoFactorDR="Tasa"', 'ImpuestoDR="001" TipoFactorDR="ND"'), ['CRP20251']],
  ['withheld and exempt', ...replacedDr('ImpuestoDR="001" TipoFactorDR="Tasa" TasaOCuotaDR="0.100000" ImporteDR="20.00"', 'ImpuestoDR="001" TipoFactorDR="Exento"'), ['CRP20252', 'CRP20265']],
  ['withheld at an unknown rate', ...replacedDr('TasaOCuotaDR="0.100000" ImporteDR="20.00"', 'TasaOCuotaDR="0.400000" ImporteDR="80.00"'), ['CRP20253', 'CRP20265']],
  ['withheld at the edge of its limits', ...replacedDr('ImporteDR="20.00"', 'ImporteDR="20.01"'), ['CRP20265']],
  ['withheld beyond its limits', ...replacedDr('ImporteDR="20.00"', 'ImporteDR="20.02"'), ['CRP20254', 'CRP20265']],
  ['transferred on nothing', ...replacedDr('BaseDR="1000.00"', 'BaseDR="0.00"'), ['CRP20255', 'CRP20268']],
  ['transferred of an unknown kind', ...replacedDr('BaseDR="1000.00" ImpuestoDR="002"', 'BaseDR="1000.00" ImpuestoDR="X"'), ['CRP20256', 'CRP20268', 'CRP20274']],
  ['transferred by an unknown factor', ...replacedDr('ImpuestoDR="002" TipoFactorDR="Tasa"', 'ImpuestoDR="002" TipoFactorDR="Tasita"'), ['CRP20257', 'CRP20268', 'CRP20274']],
  ['exempt with a rate', ...replacedDr('TipoFactorDR="Exento"', 'TipoFactorDR="Exento" TasaOCuotaDR="0.000000"'), ['CRP20258']],
  ['transferred without an amount', ...replacedDr(' ImporteDR="160.00"', ''), ['CRP20259']],
  ['transferred at an unknown rate', ...replacedDr('TasaOCuotaDR="0.160000" ImporteDR="160.00"', 'TasaOCuotaDR="0.150000" ImporteDR="150.00"'), ['CRP20260', 'CRP20268', 'CRP20274']],
  ['transferred below its limits', ...replacedDr('ImporteDR="160.00"', 'ImporteDR="159.99"'), ['CRP20274']],
  ['transferred far below its limits', ...replacedDr('ImporteDR="160.00"', 'ImporteDR="159.90"'), ['CRP20261', 'CRP20274']],
];

const PAYMENT_TAX: readonly Case[] = [
  ['withheld of an unknown kind', 'ImpuestoP="001"', 'ImpuestoP="009"', ['CRP20262', 'CRP20202', 'CRP20265']],
  ['withheld twice', /(<pago20:RetencionP .*?\/>)/u, '$1$1', ['CRP20263', 'CRP20202']],
  ['withheld of a document, and in no total', /TotalRetencionesISR="20.00" (.*)<pago20:RetencionesP>.*<\/pago20:RetencionesP>/u, '$1', ['CRP20264']],
  ['withheld without a total', 'TotalRetencionesISR="20.00" ', '', ['CRP20264']],
  ['withheld in another amount', 'ImpuestoP="001" ImporteP="20.00"', 'ImpuestoP="001" ImporteP="20.01"', ['CRP20265', 'CRP20202']],
  ['exempt with a rate', 'TipoFactorP="Exento"', 'TipoFactorP="Exento" TasaOCuotaP="0.000000"', ['CRP20266']],
  ['exempt and in no summary', /<pago20:TrasladoP BaseP="50.00".*?\/>/u, '', ['CRP20266', 'CRP20210']],
  ['without a base', 'BaseP="1000.00" ', '', ['CRP20266']],
  ['without a total of bases', / TotalTrasladosBaseIVA16="1000.00" (.*?) TotalTrasladosBaseIVAExento="50.00"/u, ' $1', ['CRP20267']],
  ['on another base', 'BaseP="1000.00"', 'BaseP="1000.01"', ['CRP20268', 'CRP20204']],
  ['on another exempt base', 'BaseP="50.00"', 'BaseP="50.01"', ['CRP20269', 'CRP20210']],
  ['of an unknown kind', 'BaseP="1000.00" ImpuestoP="002"', 'BaseP="1000.00" ImpuestoP="IVA"', ['CRP20270', 'CRP20204', 'CRP20205', 'CRP20268', 'CRP20274']],
  ['in two records', /(<pago20:TrasladoP BaseP="50.00".*?\/>)/u, '$1$1', ['CRP20271', 'CRP20210']],
  ['at an unknown rate', 'TasaOCuotaP="0.160000"', 'TasaOCuotaP="0.150000"', ['CRP20272', 'CRP20204', 'CRP20205', 'CRP20268', 'CRP20274']],
  ['without a total of amounts', ' TotalTrasladosImpuestoIVA16="160.00"', '', ['CRP20273']],
  ['in another amount', 'ImporteP="160.00"', 'ImporteP="160.01"', ['CRP20274', 'CRP20205']],
];

const STRUCTURE: readonly Case[] = [
  ['of another version', 'Pagos Version="2.0"', 'Pagos Version="1.0"', ['CRP20999']],
  ['without totals', /<pago20:Totales[^>]*\/>/u, '', ['CRP20999', 'CRP20264', 'CRP20267', 'CRP20273']],
  ['without payments', /<pago20:Pago .*<\/pago20:Pago>/u, '', ['CRP20999', 'CRP20202', 'CRP20204', 'CRP20205', 'CRP20210', 'CRP20211']],
  ['without related documents', /<pago20:DoctoRelacionado .*<\/pago20:DoctoRelacionado>/u, '', ['CRP20999', 'CRP20265', 'CRP20268', 'CRP20269', 'CRP20274']],
  ['with an amount that is none', ' Monto="1140.00"', ' Monto="mil"', ['CRP20999']],
  ['on a day that no calendar has', 'FechaPago="2026-03-13', 'FechaPago="2026-02-30', ['CRP20999']],
  ['of an invoice without a folio', 'IdDocumento="5BD612EA', 'IdDocumento="', ['CRP20999']],
  ['of instalment zero', 'NumParcialidad="1"', 'NumParcialidad="0"', ['CRP20999']],
];

/** A right payment in which one thing is changed. */
export const PAYMENT_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf('a payment document', ENVELOPE), ...mutationsOf('a total', TOTALS), ...mutationsOf('a payment', PAYMENT), ...mutationsOf('a related document', DOCUMENT),
  ...mutationsOf('a tax of a related document', DOCUMENT_TAX), ...mutationsOf('a tax of a payment', PAYMENT_TAX), ...mutationsOf('a payments complement', STRUCTURE),
  { title: 'a payment above the limit, without confirmation', codes: ['CRP20220', 'CRP20211'], text: () => replaced(twoPayments(), 'Monto="100.00"', `Monto="${'9'.repeat(20)}"`) },
];
