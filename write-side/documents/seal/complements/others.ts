import type { FieldOrder } from '../order.js';

/** All other complements. Fields in the order of the SAT's transformation of each. */
export const OTHERS: readonly FieldOrder[] = [
  {
    uri: 'http://www.sat.gob.mx/aerolineas',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      Aerolineas{ Version TUA OtrosCargos{ TotalCargos Cargo{ CodigoCargo Importe } } }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/arteantiguedades',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      obrasarteantiguedades{
        Version TipoBien OtrosTipoBien? TituloAdquirido OtrosTituloAdquirido? Subtotal? IVA? FechaAdquisicion CaracterísticasDeObraoPieza
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/registrofiscal',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      CFDIRegistroFiscal{ Version Folio }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/detallista',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      detallista{
        documentStructureVersion
        orderIdentification/referenceIdentification{ . }
        =orderIdentification/ReferenceDate? =buyer/gln =seller/gln =seller/alternatePartyIdentification =totalAmount/Amount
        TotalAllowanceCharge/specialServicesType{ . }
        TotalAllowanceCharge/Amount{ . }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/donat',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      Donatarias{ version noAutorizacion fechaAutorizacion leyenda }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/iedu',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      instEducativas{ version nombreAlumno CURP nivelEducativo autRVOE rfcPago? }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/implocal',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      ImpuestosLocales{
        version TotaldeRetenciones TotaldeTraslados
        RetencionesLocales{ ImpLocRetenido TasadeRetencion Importe }
        TrasladosLocales{ ImpLocTrasladado TasadeTraslado Importe }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/ine',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      INE{ Version TipoProceso TipoComite? IdContabilidad? Entidad{ ClaveEntidad Ambito? Contabilidad{ IdContabilidad } } }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/leyendasFiscales',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      LeyendasFiscales{ version Leyenda{ disposicionFiscal? norma? textoLeyenda } }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/notariospublicos',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      NotariosPublicos{
        Version
        DescInmuebles{ DescInmueble{ TipoInmueble Calle NoExterior? NoInterior? Colonia? Localidad? Referencia? Municipio Estado Pais CodigoPostal } }
        DatosOperacion{ NumInstrumentoNotarial FechaInstNotarial MontoOperacion Subtotal IVA }
        DatosNotario{ CURP NumNotaria EntidadFederativa Adscripcion? }
        DatosEnajenante{
          CoproSocConyugalE
          DatosUnEnajenante{ Nombre ApellidoPaterno ApellidoMaterno? RFC CURP }
          DatosEnajenantesCopSC{ DatosEnajenanteCopSC{ Nombre ApellidoPaterno? ApellidoMaterno? RFC CURP? Porcentaje } }
        }
        DatosAdquiriente{
          CoproSocConyugalE
          DatosUnAdquiriente{ Nombre ApellidoPaterno? ApellidoMaterno? RFC CURP? }
          DatosAdquirientesCopSC{ DatosAdquirienteCopSC{ Nombre ApellidoPaterno? ApellidoMaterno? RFC CURP? Porcentaje } }
        }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/pagoenespecie',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      PagoEnEspecie{ Version CvePIC FolioSolDon PzaArtNombre PzaArtTecn PzaArtAProd PzaArtDim }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/servicioparcialconstruccion',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      parcialesconstruccion{
        Version NumPerLicoAut
        Inmueble{ Calle NoExterior? NoInterior? Colonia? Localidad? Referencia? Municipio Estado CodigoPostal }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/terceros',
    formats: ['cfdi-3.3'],
    fields: `
      PorCuentadeTerceros{
        version rfc nombre?
        //InformacionFiscalTercero{ calle noExterior? noInterior? colonia? localidad? referencia? municipio estado pais codigoPostal }
        //InformacionAduanera{ numero fecha aduana? }
        CuentaPredial{ numero }
        //Retenciones/Retencion{ impuesto importe }
        //Traslados/Traslado{ impuesto tasa importe }
      }
    `,
  },
];
