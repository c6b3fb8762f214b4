import type { FieldOrder } from '../order.js';

/** Fuel: account statements, consumption, hydrocarbons. Fields in the order of the SAT's transformation of each. */
export const FUEL: readonly FieldOrder[] = [
  {
    uri: 'http://www.sat.gob.mx/EstadoDeCuentaCombustible',
    formats: ['cfdi-3.3'],
    fields: `
      EstadoDeCuentaCombustible{
        Version TipoOperacion NumeroDeCuenta SubTotal Total
        Conceptos{
          ConceptoEstadoDeCuentaCombustible{
            Identificador Fecha Rfc ClaveEstacion TAR? Cantidad NoIdentificacion Unidad? NombreCombustible FolioOperacion ValorUnitario Importe
            Traslados{ Traslado{ Impuesto TasaoCuota Importe } }
          }
        }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/EstadoDeCuentaCombustible12',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      EstadoDeCuentaCombustible{
        Version TipoOperacion NumeroDeCuenta SubTotal Total
        Conceptos{
          ConceptoEstadoDeCuentaCombustible{
            Identificador Fecha Rfc ClaveEstacion Cantidad TipoCombustible Unidad? NombreCombustible FolioOperacion ValorUnitario Importe
            Traslados{ Traslado{ Impuesto TasaOCuota Importe } }
          }
        }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/consumodecombustibles',
    formats: ['cfdi-3.3'],
    fields: `
      ConsumoDeCombustibles{
        version tipoOperacion numeroDeCuenta subTotal? total
        Conceptos{
          ConceptoConsumoDeCombustibles{
            identificador fecha rfc claveEstacion cantidad nombreCombustible folioOperacion valorUnitario importe
            Determinados{ Determinado{ impuesto tasa importe } }
          }
        }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/ConsumoDeCombustibles11',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      ConsumoDeCombustibles{
        version tipoOperacion numeroDeCuenta subTotal? total
        Conceptos{
          ConceptoConsumoDeCombustibles{
            identificador fecha rfc claveEstacion tipoCombustible cantidad nombreCombustible folioOperacion valorUnitario importe
            Determinados{ Determinado{ impuesto tasaOCuota importe } }
          }
        }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/GastosHidrocarburos10',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      GastosHidrocarburos{
        Version NumeroContrato AreaContractual?
        Erogacion{
          TipoErogacion MontocuErogacion Porcentaje
          DocumentoRelacionado{
            OrigenErogacion FolioFiscalVinculado? RFCProveedor? MontoTotalIVA MontoRetencionISR? MontoRetencionIVA? MontoRetencionOtrosImpuestos?
            NumeroPedimentoVinculado? ClavePedimentoVinculado? ClavePagoPedimentoVinculado? MontoIVAPedimento? OtrosImpuestosPagadosPedimento?
            FechaFolioFiscalVinculado Mes MontoTotalErogaciones
          }
          Actividades{ ActividadRelacionada? SubActividades{ SubActividadRelacionada? Tareas{ TareaRelacionada? } } }
          CentroCostos{ Campo? Yacimientos{ Yacimiento? Pozos{ Pozo? } } }
        }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/IngresosHidrocarburos10',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      IngresosHidrocarburos{
        Version NumeroContrato ContraprestacionPagadaOperador Porcentaje
        DocumentoRelacionado{ FolioFiscalVinculado FechaFolioFiscalVinculado Mes }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/hidrocarburospetroliferos',
    formats: ['cfdi-4.0'],
    fields: `
      HidroYPetro{ Version TipoPermiso NumeroPermiso ClaveHYP SubProductoHYP }
    `,
  },
];
