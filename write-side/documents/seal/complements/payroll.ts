import type { FieldOrder } from '../order.js';

/** Payroll: Nomina 1.2. Fields in the order of the SAT's transformation of each. */
export const PAYROLL: readonly FieldOrder[] = [
  {
    uri: 'http://www.sat.gob.mx/nomina12',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      Nomina{
        Version TipoNomina FechaPago FechaInicialPago FechaFinalPago NumDiasPagados TotalPercepciones? TotalDeducciones? TotalOtrosPagos?
        Emisor{ Curp? RegistroPatronal? RfcPatronOrigen? EntidadSNCF{ OrigenRecurso MontoRecursoPropio? } }
        Receptor{
          Curp NumSeguridadSocial? FechaInicioRelLaboral? Antigüedad? TipoContrato Sindicalizado? TipoJornada? TipoRegimen NumEmpleado Departamento?
          Puesto? RiesgoPuesto? PeriodicidadPago Banco? CuentaBancaria? SalarioBaseCotApor? SalarioDiarioIntegrado? ClaveEntFed
          SubContratacion{ RfcLabora PorcentajeTiempo }
        }
        Percepciones{
          TotalSueldos? TotalSeparacionIndemnizacion? TotalJubilacionPensionRetiro? TotalGravado TotalExento
          Percepcion{
            TipoPercepcion Clave Concepto ImporteGravado ImporteExento
            AccionesOTitulos{ ValorMercado PrecioAlOtorgarse }
            HorasExtra{ Dias TipoHoras HorasExtra ImportePagado }
          }
          JubilacionPensionRetiro{ TotalUnaExhibicion? TotalParcialidad? MontoDiario? IngresoAcumulable IngresoNoAcumulable }
          SeparacionIndemnizacion{ TotalPagado NumAñosServicio UltimoSueldoMensOrd IngresoAcumulable IngresoNoAcumulable }
        }
        Deducciones{ TotalOtrasDeducciones? TotalImpuestosRetenidos? Deduccion{ TipoDeduccion Clave Concepto Importe } }
        OtrosPagos{
          OtroPago{ TipoOtroPago Clave Concepto Importe SubsidioAlEmpleo{ SubsidioCausado } CompensacionSaldosAFavor{ SaldoAFavor Año RemanenteSalFav
          } }
        }
        Incapacidades{ Incapacidad{ DiasIncapacidad TipoIncapacidad ImporteMonetario? } }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/valesdedespensa',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      ValesDeDespensa{
        version tipoOperacion registroPatronal? numeroDeCuenta total
        Conceptos{ Concepto{ identificador fecha rfc curp nombre numSeguridadSocial? importe } }
      }
    `,
  },
];
