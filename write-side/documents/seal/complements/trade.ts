import type { FieldOrder } from '../order.js';

/** Foreign trade: Comercio Exterior 1.1 and 2.0, and what foreigners buy and change here. Fields in the order of the SAT's transformation of each. */
export const TRADE: readonly FieldOrder[] = [
  {
    uri: 'http://www.sat.gob.mx/ComercioExterior11',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      ComercioExterior{
        Version MotivoTraslado? TipoOperacion ClaveDePedimento? CertificadoOrigen? NumCertificadoOrigen? NumeroExportadorConfiable? Incoterm?
        Subdivision? Observaciones? TipoCambioUSD? TotalUSD?
        Emisor{ Curp? Domicilio{ Calle NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal } }
        Propietario{ NumRegIdTrib ResidenciaFiscal }
        Receptor{ NumRegIdTrib? Domicilio{ Calle NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal
        } }
        Destinatario{
          NumRegIdTrib? Nombre?
          Domicilio{ Calle NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal }
        }
        Mercancias{
          Mercancia{
            NoIdentificacion FraccionArancelaria? CantidadAduana? UnidadAduana? ValorUnitarioAduana? ValorDolares
            DescripcionesEspecificas{ Marca Modelo? SubModelo? NumeroSerie? }
          }
        }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/ComercioExterior20',
    formats: ['cfdi-4.0'],
    fields: `
      ComercioExterior{
        Version MotivoTraslado? ClaveDePedimento CertificadoOrigen NumCertificadoOrigen? NumeroExportadorConfiable? Incoterm? Observaciones?
        TipoCambioUSD TotalUSD
        Emisor{ Curp? Domicilio{ Calle NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal } }
        Propietario{ NumRegIdTrib ResidenciaFiscal }
        Receptor{ NumRegIdTrib? Domicilio{ Calle NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal
        } }
        Destinatario{
          NumRegIdTrib? Nombre?
          Domicilio{ Calle NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal }
        }
        Mercancias{
          Mercancia{
            NoIdentificacion FraccionArancelaria? CantidadAduana? UnidadAduana? ValorUnitarioAduana? ValorDolares
            DescripcionesEspecificas{ Marca Modelo? SubModelo? NumeroSerie? }
          }
        }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/TuristaPasajeroExtranjero',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      TuristaPasajeroExtranjero{ version fechadeTransito tipoTransito datosTransito{ Via TipoId NumeroId Nacionalidad EmpresaTransporte IdTransporte?
      } }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/divisas',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      Divisas{ version tipoOperacion }
    `,
  },
];
