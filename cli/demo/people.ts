/** A person or company of the demonstration; none of them exists. */
export interface DemoParty {
  readonly rfc: string;
  readonly name: string;
  readonly regime: string;
  readonly postalCode: string;
}

export const ISSUERS: readonly [DemoParty, ...DemoParty[]] = [
  { rfc: 'FDA180301QX7', name: 'FERRETERIA DEMO DEL ALTIPLANO', regime: '601', postalCode: '06000' },
  { rfc: 'PDN200615RV4', name: 'PAPELERIA DEMO DEL NORTE', regime: '601', postalCode: '64000' },
  { rfc: 'CDS190822TB3', name: 'CAFE DEMO DEL SURESTE', regime: '601', postalCode: '97000' },
];

export const RECEIVERS: readonly [DemoParty, ...DemoParty[]] = [
  { rfc: 'CDE210104HA7', name: 'COMERCIAL DEMO ESPAÑOLA & ASOCIADOS', regime: '601', postalCode: '44100' },
  { rfc: 'TDM170930JK6', name: 'TALLERES DEMO MEXICANOS', regime: '601', postalCode: '72000' },
  { rfc: 'DEMA900228MN9', name: 'ANA DEMO MARTINEZ', regime: '612', postalCode: '76000' },
];

/** A product of the demonstration: SAT product code, unit code, text, unit price in cents. */
export interface DemoProduct {
  readonly key: string;
  readonly unit: string;
  readonly text: string;
  readonly cents: number;
}

export const PRODUCTS: readonly [DemoProduct, ...DemoProduct[]] = [
  { key: '31162800', unit: 'H87', text: 'Tornillo galvanizado de 3 pulgadas', cents: 450 },
  { key: '27111700', unit: 'H87', text: 'Llave de tuercas ajustable', cents: 23_990 },
  { key: '14111507', unit: 'XBX', text: 'Papel bond tamaño carta, caja', cents: 89_900 },
  { key: '44121704', unit: 'H87', text: 'Bolígrafo de tinta azul', cents: 1_250 },
  { key: '50201706', unit: 'KGM', text: 'Café tostado en grano', cents: 31_500 },
  { key: '81112100', unit: 'E48', text: 'Servicio de internet, un mes', cents: 64_900 },
  { key: '78101800', unit: 'E48', text: 'Flete terrestre de mercancía', cents: 185_000 },
];
