import type { FieldOrder } from '../order.js';

/** Vehicles: sales, second-hand cars, scrapping and renewal. Fields in the order of the SAT's transformation of each. */
export const VEHICLES: readonly FieldOrder[] = [
  {
    uri: 'http://www.sat.gob.mx/ventavehiculos',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      VentaVehiculos{ version ClaveVehicular Niv //InformacionAduanera{ numero fecha aduana? } }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/vehiculousado',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      VehiculoUsado{
        Version montoAdquisicion montoEnajenacion claveVehicular marca tipo modelo numeroMotor? numeroSerie? NIV? valor
        InformacionAduanera{ numero fecha aduana? }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/certificadodestruccion',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      certificadodedestruccion{
        Version Serie NumFolDesVeh
        VehiculoDestruido{ Marca TipooClase Año Modelo? NIV? NumSerie? NumPlacas NumMotor? NumFolTarjCir }
        InformacionAduanera{ NumPedImp Fecha Aduana }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/renovacionysustitucionvehiculos',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      renovacionysustitucionvehiculos{
        Version TipoDeDecreto
        DecretoRenovVehicular{
          VehEnaj
          VehiculosUsadosEnajenadoPermAlFab{
            PrecioVehUsado TipoVeh Marca TipooClase Año Modelo? NIV? NumSerie? NumPlacas NumMotor? NumFolTarjCir NumPedIm? Aduana? FechaRegulVeh?
            Foliofiscal
          }
          VehiculoNuvoSemEnajenadoFabAlPerm{ Año Modelo? NumPlacas RFC? }
        }
        DecretoSustitVehicular{
          VehEnaj
          VehiculoUsadoEnajenadoPermAlFab{
            PrecioVehUsado TipoVeh Marca TipooClase Año Modelo? NIV? NumSerie? NumPlacas NumMotor? NumFolTarjCir NumFolAvisoint NumPedIm Aduana
            FechaRegulVeh Foliofiscal
          }
          VehiculoNuvoSemEnajenadoFabAlPerm{ Año Modelo? NumPlacas RFC? }
        }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/pfic',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      PFintegranteCoordinado{ version ClaveVehicular Placa RFCPF? }
    `,
  },
];
