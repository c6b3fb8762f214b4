import { sealed } from '../../../support/csd/sealed.js';

/** One tax of a related document, and its summary in the payment. */
export const taxDr = 'BaseDR="1000.00" ImpuestoDR="002" TipoFactorDR="Tasa" TasaOCuotaDR="0.160000" ImporteDR="160.00"';
const taxP = 'BaseP="1000.00" ImpuestoP="002" TipoFactorP="Tasa" TasaOCuotaP="0.160000" ImporteP="160.00"';

const head = 'Version="4.0" Serie="P" Folio="1" Fecha="2026-03-14T10:00:00" Sello="-" NoCertificado="-" Certificado="-" SubTotal="0" Moneda="XXX" Total="0" TipoDeComprobante="P" Exportacion="01" LugarExpedicion="06000"';
const docto = 'IdDocumento="5BD612EA-DB91-441D-BF85-37F442796EC1" Serie="A" Folio="7" MonedaDR="MXN" EquivalenciaDR="1" NumParcialidad="1" ImpSaldoAnt="2000.00" ImpPagado="1140.00" ImpSaldoInsoluto="860.00" ObjetoImpDR="02"';
const withheldDr = 'BaseDR="200.00" ImpuestoDR="001" TipoFactorDR="Tasa" TasaOCuotaDR="0.100000" ImporteDR="20.00"';
const withheldP = 'ImpuestoP="001" ImporteP="20.00"';
const exemptDr = 'BaseDR="50.00" ImpuestoDR="002" TipoFactorDR="Exento"';
const exemptP = 'BaseP="50.00" ImpuestoP="002" TipoFactorP="Exento"';

const element = (name: string, attributes: string, children = ''): string => `<${name}${attributes && ` ${attributes}`}${children === '' ? '/>' : `>${children}</${name}>`}`;

const taxesDr = element('pago20:ImpuestosDR', '', element('pago20:RetencionesDR', '', element('pago20:RetencionDR', withheldDr)) + element('pago20:TrasladosDR', '', element('pago20:TrasladoDR', taxDr) + element('pago20:TrasladoDR', exemptDr)));
const taxesP = element('pago20:ImpuestosP', '', element('pago20:RetencionesP', '', element('pago20:RetencionP', withheldP)) + element('pago20:TrasladosP', '', element('pago20:TrasladoP', taxP) + element('pago20:TrasladoP', exemptP)));
const accounts = 'NumOperacion="44" RfcEmisorCtaOrd="BDE900101AB1" CtaOrdenante="0123456789" RfcEmisorCtaBen="BDE900101AB2" CtaBeneficiario="012345678901234567"';
const chain = 'TipoCadPago="01" CertPago="MIIC" CadPago="cadena" SelloPago="MIIC"';

const totals = 'TotalRetencionesISR="20.00" TotalTrasladosBaseIVA16="1000.00" TotalTrasladosImpuestoIVA16="160.00" TotalTrasladosBaseIVAExento="50.00" MontoTotalPagos="1140.00"';
const pago = (attributes: string, documents: string, taxes: string): string => element('pago20:Pago', attributes, documents + taxes);
const first = pago(`FechaPago="2026-03-13T12:00:00" FormaDePagoP="03" MonedaP="MXN" TipoCambioP="1" Monto="1140.00" ${accounts} ${chain}`, element('pago20:DoctoRelacionado', docto, taxesDr), taxesP);

/** A payment document around its complement, not yet sealed. */
export const envelope = (complement: string): string => [
  '<?xml version="1.0" encoding="UTF-8"?>\n<cfdi:Comprobante xmlns:cfdi="http://www.sat.gob.mx/cfd/4" xmlns:pago20="http://www.sat.gob.mx/Pagos20" ', head, '>',
  '<cfdi:Emisor Rfc="FDA180301QX7" Nombre="FERRETERIA DEMO DEL ALTIPLANO" RegimenFiscal="601"/>',
  '<cfdi:Receptor Rfc="CDE210104HA7" Nombre="COMERCIAL DEMO" DomicilioFiscalReceptor="44100" RegimenFiscalReceptor="601" UsoCFDI="CP01"/>',
  '<cfdi:Conceptos><cfdi:Concepto ClaveProdServ="84111506" Cantidad="1" ClaveUnidad="ACT" Descripcion="Pago" ValorUnitario="0" Importe="0" ObjetoImp="01"/></cfdi:Conceptos>',
  `<cfdi:Complemento>${complement}</cfdi:Complemento></cfdi:Comprobante>`,
].join('');

/** A right document of type P, sealed: one payment in pesos of one invoice, with VAT, an exempt part, a withholding, accounts and the proof of a transfer. */
export const payment = (): string => sealed(envelope(element('pago20:Pagos', 'Version="2.0"', element('pago20:Totales', totals) + first)));

/** A second payment in another currency, of an invoice in a third one. */
const dollars = pago('FechaPago="2026-03-13T12:00:00" FormaDePagoP="02" MonedaP="USD" TipoCambioP="18.5" Monto="100.00"',
  element('pago20:DoctoRelacionado', 'IdDocumento="5BD612EA-DB91-441D-BF85-37F442796EC2" MonedaDR="EUR" EquivalenciaDR="0.9090909091" NumParcialidad="2" ImpSaldoAnt="500.00" ImpPagado="90.91" ImpSaldoInsoluto="409.09" ObjetoImpDR="02"',
    element('pago20:ImpuestosDR', '', element('pago20:TrasladosDR', '', element('pago20:TrasladoDR', 'BaseDR="84.175926" ImpuestoDR="002" TipoFactorDR="Tasa" TasaOCuotaDR="0.080000" ImporteDR="6.734074"')))),
  element('pago20:ImpuestosP', '', element('pago20:TrasladosP', '', element('pago20:TrasladoP', 'BaseP="92.593518" ImpuestoP="002" TipoFactorP="Tasa" TasaOCuotaP="0.080000" ImporteP="7.407481"'))));
const dollarTotals = 'TotalRetencionesISR="20.00" TotalTrasladosBaseIVA16="1000.00" TotalTrasladosImpuestoIVA16="160.00" TotalTrasladosBaseIVA8="1712.98" TotalTrasladosImpuestoIVA8="137.04" TotalTrasladosBaseIVAExento="50.00" MontoTotalPagos="2990.00"';

/** The same with a second payment, in dollars, of an invoice in euros. */
export const twoPayments = (): string => sealed(envelope(element('pago20:Pagos', 'Version="2.0"', element('pago20:Totales', dollarTotals) + first + dollars)));
