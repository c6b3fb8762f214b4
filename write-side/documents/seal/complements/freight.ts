import type { FieldOrder } from '../order.js';

/** Freight: Carta Porte 1.0, 2.0, 3.0 and 3.1. Fields in the order of the SAT's transformation of each. */
export const FREIGHT: readonly FieldOrder[] = [
  {
    uri: 'http://www.sat.gob.mx/CartaPorte',
    formats: ['cfdi-3.3'],
    fields: `
      CartaPorte{
        Version TranspInternac EntradaSalidaMerc? ViaEntradaSalida? TotalDistRec?
        Ubicaciones{
          Ubicacion{
            TipoEstacion? DistanciaRecorrida?
            Origen{
              IDOrigen? RFCRemitente? NombreRemitente? NumRegIdTrib? ResidenciaFiscal? NumEstacion? NombreEstacion? NavegacionTrafico? FechaHoraSalida
            }
            Destino{
              IDDestino? RFCDestinatario? NombreDestinatario? NumRegIdTrib? ResidenciaFiscal? NumEstacion? NombreEstacion? NavegacionTrafico?
              FechaHoraProgLlegada
            }
            Domicilio{ Calle NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal }
          }
        }
        Mercancias{
          PesoBrutoTotal? UnidadPeso? PesoNetoTotal? NumTotalMercancias CargoPorTasacion?
          Mercancia{
            BienesTransp? ClaveSTCC? Descripcion? Cantidad? ClaveUnidad? Unidad? Dimensiones? MaterialPeligroso? CveMaterialPeligroso? Embalaje?
            DescripEmbalaje? PesoEnKg ValorMercancia? Moneda? FraccionArancelaria? UUIDComercioExt?
            CantidadTransporta{ Cantidad IDOrigen IDDestino CvesTransporte? }
            DetalleMercancia{ UnidadPeso PesoBruto PesoNeto PesoTara NumPiezas? }
          }
          AutotransporteFederal{
            PermSCT NumPermisoSCT NombreAseg NumPolizaSeguro
            IdentificacionVehicular{ ConfigVehicular PlacaVM AnioModeloVM }
            Remolques{ Remolque{ SubTipoRem Placa } }
          }
          TransporteMaritimo{
            PermSCT? NumPermisoSCT? NombreAseg? NumPolizaSeguro? TipoEmbarcacion Matricula NumeroOMI AnioEmbarcacion? NombreEmbarc?
            NacionalidadEmbarc UnidadesDeArqBruto TipoCarga NumCertITC Eslora? Manga? Calado? LineaNaviera? NombreAgenteNaviero
            NumAutorizacionNaviero NumViaje? NumConocEmbarc?
            Contenedor{ MatriculaContenedor TipoContenedor NumPrecinto? }
          }
          TransporteAereo{
            PermSCT NumPermisoSCT MatriculaAeronave NombreAseg? NumPolizaSeguro? NumeroGuia LugarContrato? RFCTransportista? CodigoTransportista
            NumRegIdTribTranspor? ResidenciaFiscalTranspor? NombreTransportista? RFCEmbarcador? NumRegIdTribEmbarc? ResidenciaFiscalEmbarc?
            NombreEmbarcador?
          }
          TransporteFerroviario{
            TipoDeServicio NombreAseg? NumPolizaSeguro? Concesionario?
            DerechosDePaso{ TipoDerechoDePaso KilometrajePagado }
            Carro{ TipoCarro MatriculaCarro GuiaCarro ToneladasNetasCarro Contenedor{ TipoContenedor PesoContenedorVacio PesoNetoMercancia } }
          }
        }
        FiguraTransporte{
          CveTransporte
          Operadores{
            Operador{
              RFCOperador? NumLicencia? NombreOperador? NumRegIdTribOperador? ResidenciaFiscalOperador?
              Domicilio{ Calle NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal }
            }
          }
          Propietario{
            RFCPropietario? NombrePropietario? NumRegIdTribPropietario? ResidenciaFiscalPropietario?
            Domicilio{ Calle NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal }
          }
          Arrendatario{
            RFCArrendatario? NombreArrendatario? NumRegIdTribArrendatario? ResidenciaFiscalArrendatario?
            Domicilio{ Calle NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal }
          }
          Notificado{
            RFCNotificado? NombreNotificado? NumRegIdTribNotificado? ResidenciaFiscalNotificado?
            Domicilio{ Calle NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal }
          }
        }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/CartaPorte20',
    formats: ['cfdi-3.3', 'cfdi-4.0'],
    fields: `
      CartaPorte{
        Version TranspInternac EntradaSalidaMerc? PaisOrigenDestino? ViaEntradaSalida? TotalDistRec?
        Ubicaciones{
          Ubicacion{
            TipoUbicacion IDUbicacion? RFCRemitenteDestinatario NombreRemitenteDestinatario? NumRegIdTrib? ResidenciaFiscal? NumEstacion?
            NombreEstacion? NavegacionTrafico? FechaHoraSalidaLlegada TipoEstacion? DistanciaRecorrida?
            Domicilio{ Calle? NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal }
          }
        }
        Mercancias{
          PesoBrutoTotal UnidadPeso PesoNetoTotal? NumTotalMercancias CargoPorTasacion?
          Mercancia{
            BienesTransp ClaveSTCC? Descripcion Cantidad ClaveUnidad Unidad? Dimensiones? MaterialPeligroso? CveMaterialPeligroso? Embalaje?
            DescripEmbalaje? PesoEnKg ValorMercancia? Moneda? FraccionArancelaria? UUIDComercioExt?
            Pedimentos{ Pedimento }
            GuiasIdentificacion{ NumeroGuiaIdentificacion DescripGuiaIdentificacion PesoGuiaIdentificacion }
            CantidadTransporta{ Cantidad IDOrigen IDDestino CvesTransporte? }
            DetalleMercancia{ UnidadPesoMerc PesoBruto PesoNeto PesoTara NumPiezas? }
          }
          Autotransporte{
            PermSCT NumPermisoSCT
            IdentificacionVehicular{ ConfigVehicular PlacaVM AnioModeloVM }
            Seguros{ AseguraRespCivil PolizaRespCivil AseguraMedAmbiente? PolizaMedAmbiente? AseguraCarga? PolizaCarga? PrimaSeguro? }
            Remolques{ Remolque{ SubTipoRem Placa } }
          }
          TransporteMaritimo{
            PermSCT? NumPermisoSCT? NombreAseg? NumPolizaSeguro? TipoEmbarcacion Matricula NumeroOMI AnioEmbarcacion? NombreEmbarc?
            NacionalidadEmbarc UnidadesDeArqBruto TipoCarga NumCertITC Eslora? Manga? Calado? LineaNaviera? NombreAgenteNaviero
            NumAutorizacionNaviero NumViaje? NumConocEmbarc?
            Contenedor{ MatriculaContenedor TipoContenedor NumPrecinto? }
          }
          TransporteAereo{
            PermSCT NumPermisoSCT MatriculaAeronave? NombreAseg? NumPolizaSeguro? NumeroGuia LugarContrato? CodigoTransportista RFCEmbarcador?
            NumRegIdTribEmbarc? ResidenciaFiscalEmbarc? NombreEmbarcador?
          }
          TransporteFerroviario{
            TipoDeServicio TipoDeTrafico NombreAseg? NumPolizaSeguro?
            DerechosDePaso{ TipoDerechoDePaso KilometrajePagado }
            Carro{ TipoCarro MatriculaCarro GuiaCarro ToneladasNetasCarro Contenedor{ TipoContenedor PesoContenedorVacio PesoNetoMercancia } }
          }
        }
        FiguraTransporte{
          TiposFigura{
            TipoFigura RFCFigura? NumLicencia? NombreFigura? NumRegIdTribFigura? ResidenciaFiscalFigura?
            PartesTransporte{ ParteTransporte }
            Domicilio{ Calle? NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal }
          }
        }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/CartaPorte30',
    formats: ['cfdi-4.0'],
    fields: `
      CartaPorte{
        Version IdCCP TranspInternac RegimenAduanero? EntradaSalidaMerc? PaisOrigenDestino? ViaEntradaSalida? TotalDistRec? RegistroISTMO?
        UbicacionPoloOrigen? UbicacionPoloDestino?
        Ubicaciones{
          Ubicacion{
            TipoUbicacion IDUbicacion? RFCRemitenteDestinatario NombreRemitenteDestinatario? NumRegIdTrib? ResidenciaFiscal? NumEstacion?
            NombreEstacion? NavegacionTrafico? FechaHoraSalidaLlegada TipoEstacion? DistanciaRecorrida?
            Domicilio{ Calle? NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal }
          }
        }
        Mercancias{
          PesoBrutoTotal UnidadPeso PesoNetoTotal? NumTotalMercancias CargoPorTasacion? LogisticaInversaRecoleccionDevolucion?
          Mercancia{
            BienesTransp ClaveSTCC? Descripcion Cantidad ClaveUnidad Unidad? Dimensiones? MaterialPeligroso? CveMaterialPeligroso? Embalaje?
            DescripEmbalaje? SectorCOFEPRIS? NombreIngredienteActivo? NomQuimico? DenominacionGenericaProd? DenominacionDistintivaProd? Fabricante?
            FechaCaducidad? LoteMedicamento? FormaFarmaceutica? CondicionesEspTransp? RegistroSanitarioFolioAutorizacion? PermisoImportacion?
            FolioImpoVUCEM? NumCAS? RazonSocialEmpImp? NumRegSanPlagCOFEPRIS? DatosFabricante? DatosFormulador? DatosMaquilador? UsoAutorizado?
            PesoEnKg ValorMercancia? Moneda? FraccionArancelaria? UUIDComercioExt? TipoMateria? DescripcionMateria?
            DocumentacionAduanera{ TipoDocumento NumPedimento? IdentDocAduanero? RFCImpo? }
            GuiasIdentificacion{ NumeroGuiaIdentificacion DescripGuiaIdentificacion PesoGuiaIdentificacion }
            CantidadTransporta{ Cantidad IDOrigen IDDestino CvesTransporte? }
            DetalleMercancia{ UnidadPesoMerc PesoBruto PesoNeto PesoTara NumPiezas? }
          }
          Autotransporte{
            PermSCT NumPermisoSCT
            IdentificacionVehicular{ ConfigVehicular PesoBrutoVehicular PlacaVM AnioModeloVM }
            Seguros{ AseguraRespCivil PolizaRespCivil AseguraMedAmbiente? PolizaMedAmbiente? AseguraCarga? PolizaCarga? PrimaSeguro? }
            Remolques{ Remolque{ SubTipoRem Placa } }
          }
          TransporteMaritimo{
            PermSCT? NumPermisoSCT? NombreAseg? NumPolizaSeguro? TipoEmbarcacion Matricula NumeroOMI AnioEmbarcacion? NombreEmbarc?
            NacionalidadEmbarc UnidadesDeArqBruto TipoCarga Eslora? Manga? Calado? Puntal? LineaNaviera? NombreAgenteNaviero NumAutorizacionNaviero
            NumViaje? NumConocEmbarc? PermisoTempNavegacion?
            Contenedor{ TipoContenedor MatriculaContenedor? NumPrecinto? IdCCPRelacionado? PlacaVMCCP? FechaCertificacionCCP? }
            RemolquesCCP{ RemolqueCCP{ SubTipoRemCCP PlacaCCP } }
          }
          TransporteAereo{
            PermSCT NumPermisoSCT MatriculaAeronave? NombreAseg? NumPolizaSeguro? NumeroGuia LugarContrato? CodigoTransportista RFCEmbarcador?
            NumRegIdTribEmbarc? ResidenciaFiscalEmbarc? NombreEmbarcador?
          }
          TransporteFerroviario{
            TipoDeServicio TipoDeTrafico NombreAseg? NumPolizaSeguro?
            DerechosDePaso{ TipoDerechoDePaso KilometrajePagado }
            Carro{ TipoCarro MatriculaCarro GuiaCarro ToneladasNetasCarro Contenedor{ TipoContenedor PesoContenedorVacio PesoNetoMercancia } }
          }
        }
        FiguraTransporte{
          TiposFigura{
            TipoFigura RFCFigura? NumLicencia? NombreFigura NumRegIdTribFigura? ResidenciaFiscalFigura?
            PartesTransporte{ ParteTransporte }
            Domicilio{ Calle? NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal }
          }
        }
      }
    `,
  },
  {
    uri: 'http://www.sat.gob.mx/CartaPorte31',
    formats: ['cfdi-4.0'],
    fields: `
      CartaPorte{
        Version IdCCP TranspInternac EntradaSalidaMerc? PaisOrigenDestino? ViaEntradaSalida? TotalDistRec? RegistroISTMO? UbicacionPoloOrigen?
        UbicacionPoloDestino?
        RegimenesAduaneros{ RegimenAduaneroCCP{ RegimenAduanero } }
        Ubicaciones{
          Ubicacion{
            TipoUbicacion IDUbicacion? RFCRemitenteDestinatario NombreRemitenteDestinatario? NumRegIdTrib? ResidenciaFiscal? NumEstacion?
            NombreEstacion? NavegacionTrafico? FechaHoraSalidaLlegada TipoEstacion? DistanciaRecorrida?
            Domicilio{ Calle? NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal }
          }
        }
        Mercancias{
          PesoBrutoTotal UnidadPeso PesoNetoTotal? NumTotalMercancias CargoPorTasacion? LogisticaInversaRecoleccionDevolucion?
          Mercancia{
            BienesTransp ClaveSTCC? Descripcion Cantidad ClaveUnidad Unidad? Dimensiones? MaterialPeligroso? CveMaterialPeligroso? Embalaje?
            DescripEmbalaje? SectorCOFEPRIS? NombreIngredienteActivo? NomQuimico? DenominacionGenericaProd? DenominacionDistintivaProd? Fabricante?
            FechaCaducidad? LoteMedicamento? FormaFarmaceutica? CondicionesEspTransp? RegistroSanitarioFolioAutorizacion? PermisoImportacion?
            FolioImpoVUCEM? NumCAS? RazonSocialEmpImp? NumRegSanPlagCOFEPRIS? DatosFabricante? DatosFormulador? DatosMaquilador? UsoAutorizado?
            PesoEnKg ValorMercancia? Moneda? FraccionArancelaria? UUIDComercioExt? TipoMateria? DescripcionMateria?
            DocumentacionAduanera{ TipoDocumento NumPedimento? IdentDocAduanero? RFCImpo? }
            GuiasIdentificacion{ NumeroGuiaIdentificacion DescripGuiaIdentificacion PesoGuiaIdentificacion }
            CantidadTransporta{ Cantidad IDOrigen IDDestino CvesTransporte? }
            DetalleMercancia{ UnidadPesoMerc PesoBruto PesoNeto PesoTara NumPiezas? }
          }
          Autotransporte{
            PermSCT NumPermisoSCT
            IdentificacionVehicular{ ConfigVehicular PesoBrutoVehicular PlacaVM AnioModeloVM }
            Seguros{ AseguraRespCivil PolizaRespCivil AseguraMedAmbiente? PolizaMedAmbiente? AseguraCarga? PolizaCarga? PrimaSeguro? }
            Remolques{ Remolque{ SubTipoRem Placa } }
          }
          TransporteMaritimo{
            PermSCT? NumPermisoSCT? NombreAseg? NumPolizaSeguro? TipoEmbarcacion Matricula NumeroOMI AnioEmbarcacion? NombreEmbarc?
            NacionalidadEmbarc UnidadesDeArqBruto TipoCarga Eslora? Manga? Calado? Puntal? LineaNaviera? NombreAgenteNaviero NumAutorizacionNaviero
            NumViaje? NumConocEmbarc? PermisoTempNavegacion?
            Contenedor{
              TipoContenedor MatriculaContenedor? NumPrecinto? IdCCPRelacionado? PlacaVMCCP? FechaCertificacionCCP?
              RemolquesCCP{ RemolqueCCP{ SubTipoRemCCP PlacaCCP } }
            }
          }
          TransporteAereo{
            PermSCT NumPermisoSCT MatriculaAeronave? NombreAseg? NumPolizaSeguro? NumeroGuia LugarContrato? CodigoTransportista RFCEmbarcador?
            NumRegIdTribEmbarc? ResidenciaFiscalEmbarc? NombreEmbarcador?
          }
          TransporteFerroviario{
            TipoDeServicio TipoDeTrafico NombreAseg? NumPolizaSeguro?
            DerechosDePaso{ TipoDerechoDePaso KilometrajePagado }
            Carro{ TipoCarro MatriculaCarro GuiaCarro ToneladasNetasCarro Contenedor{ TipoContenedor PesoContenedorVacio PesoNetoMercancia } }
          }
        }
        FiguraTransporte{
          TiposFigura{
            TipoFigura RFCFigura? NumLicencia? NombreFigura NumRegIdTribFigura? ResidenciaFiscalFigura?
            PartesTransporte{ ParteTransporte }
            Domicilio{ Calle? NumeroExterior? NumeroInterior? Colonia? Localidad? Referencia? Municipio? Estado Pais CodigoPostal }
          }
        }
      }
    `,
  },
];
