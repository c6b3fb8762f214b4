import type { FieldOrder } from '../order.js';

/** Payments: Pagos 1.0 and 2.0. Fields in the order of the SAT's transformation of each. */
export const PAYMENTS: readonly FieldOrder[] = [
  {
    uri: 'http://www.sat.gob.mx/Pagos',
    formats: ['cfdi-3.3'],
    fields: `
      Pagos{
        Version
        Pago{
          FechaPago FormaDePagoP MonedaP TipoCambioP? Monto NumOperacion? RfcEmisorCtaOrd? NomBancoOrdExt? CtaOrdenante? RfcEmisorCtaBen?
          CtaBeneficiario? TipoCadPago? CertPago? CadPago? SelloPago?
          DoctoRelacionado{ IdDocumento Serie? Folio? MonedaDR TipoCambioDR? MetodoDePagoDR NumParcialidad? ImpSaldoAnt? ImpPagado? ImpSaldoInsoluto?
          }
          Impuestos{
            TotalImpuestosRetenidos? TotalImpuestosTrasladados?
            Retenciones{ Retencion{ Impuesto Importe } }
            Traslados{ Traslado{ Impuesto TipoFactor TasaOCuota Importe } }
          }
        }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/Pagos20',
    formats: ['cfdi-4.0'],
    fields: `
      Pagos{
        Version
        Totales{
          TotalRetencionesIVA? TotalRetencionesISR? TotalRetencionesIEPS? TotalTrasladosBaseIVA16? TotalTrasladosImpuestoIVA16?
          TotalTrasladosBaseIVA8? TotalTrasladosImpuestoIVA8? TotalTrasladosBaseIVA0? TotalTrasladosImpuestoIVA0? TotalTrasladosBaseIVAExento?
          MontoTotalPagos
        }
        Pago{
          FechaPago FormaDePagoP MonedaP TipoCambioP? Monto NumOperacion? RfcEmisorCtaOrd? NomBancoOrdExt? CtaOrdenante? RfcEmisorCtaBen?
          CtaBeneficiario? TipoCadPago? CertPago? CadPago? SelloPago?
          DoctoRelacionado{
            IdDocumento Serie? Folio? MonedaDR EquivalenciaDR? NumParcialidad ImpSaldoAnt ImpPagado ImpSaldoInsoluto ObjetoImpDR
            ImpuestosDR/RetencionesDR/RetencionDR{ BaseDR ImpuestoDR TipoFactorDR TasaOCuotaDR ImporteDR }
            ImpuestosDR/TrasladosDR/TrasladoDR{ BaseDR ImpuestoDR TipoFactorDR TasaOCuotaDR? ImporteDR? }
          }
          ImpuestosP{ RetencionesP{ RetencionP{ ImpuestoP ImporteP } } TrasladosP{ TrasladoP{ BaseP ImpuestoP TipoFactorP TasaOCuotaP? ImporteP? } } }
        }
      }
    `,
  },
];
