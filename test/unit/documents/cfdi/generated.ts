import { PROVIDER, PROVIDER_RFC } from '../../../../cli/demo/seals/people.js';
import { fiscalFolio, pick, seeded } from '../../../../cli/demo/random.js';
import { abroad, FOREIGN_TRADE, global, invoice, transfer, type Attributes, type Given, type GivenLine } from './given.js';

type Random = () => number;

/** A right CFDI made by chance, and what it has that another may not. */
export interface Generated {
  readonly given: Given;
  readonly features: readonly string[];
}

/** Amounts are millionths, so that sums and products of what is written are exact. */
export const MILLION = 1_000_000n;
/** Millionths as text, rounded half up. */
export function inDecimals(millionths: bigint, decimals: number): string {
  const unit = 10n ** BigInt(6 - decimals);
  const digits = ((millionths + unit / 2n) / unit).toString().padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
export const parsed = (text: string): bigint => {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole) * MILLION + BigInt(fraction.padEnd(6, '0'));
};

interface Rate {
  readonly tax: string;
  readonly factor: 'Tasa' | 'Exento';
  readonly rate: string;
}
const rate = (tax: string, text: string): Rate => ({ tax, factor: 'Tasa', rate: text });
const VAT = rate('002', '0.160000');
/** Taxes that a line may bear: transferred, and withheld. */
const PROFILES = {
  taxed: { transferred: [VAT], withheld: [] },
  'zero rate': { transferred: [rate('002', '0.000000')], withheld: [] },
  exempt: { transferred: [{ tax: '002', factor: 'Exento', rate: '' }], withheld: [] },
  'border rate': { transferred: [rate('002', '0.080000')], withheld: [] },
  excise: { transferred: [VAT, rate('003', '0.080000')], withheld: [] },
  retentions: { transferred: [VAT], withheld: [rate('001', '0.100000'), rate('002', '0.106667')] },
  untaxed: { transferred: [], withheld: [] },
} as const satisfies Record<string, { readonly transferred: readonly Rate[]; readonly withheld: readonly Rate[] }>;
type Profile = keyof typeof PROFILES;

const CURRENCIES: readonly [string, number, string | undefined][] = [['MXN', 2, undefined], ['MXN', 2, '1'], ['USD', 2, '18.5'], ['EUR', 2, '20.123456'], ['JPY', 0, '0.13']];

/** What a line may have behind its taxes, in the order of the schema. */
const INSIDE = {
  'third party': '<cfdi:ACuentaTerceros RfcACuentaTerceros="CDS190822TB3" NombreACuentaTerceros="CAFE DEMO DEL SURESTE" RegimenFiscalACuentaTerceros="601" DomicilioFiscalACuentaTerceros="97000"/>',
  customs: '<cfdi:InformacionAduanera NumeroPedimento="24  24  3420  4000001"/>',
  property: '<cfdi:CuentaPredial Numero="15956011002"/>',
  part: '<cfdi:Parte ClaveProdServ="27111700" Cantidad="2" Descripcion="Mango" ValorUnitario="10.00" Importe="20.00"/>',
} as const;

const TIPO_RELACION = { I: '07', E: '01', T: '05', N: '04' } as const;
export const PAYROLL = '<nomina12:Nomina xmlns:nomina12="http://www.sat.gob.mx/nomina12" Version="1.2" TipoNomina="O" FechaPago="2025-06-15" FechaInicialPago="2025-06-01" FechaFinalPago="2025-06-15" NumDiasPagados="15" TotalPercepciones="200.00">'
  + '<nomina12:Receptor Curp="XEXX010101HNEXXXA4" TipoContrato="01" TipoRegimen="02" NumEmpleado="1" PeriodicidadPago="04" ClaveEntFed="QUE"/></nomina12:Nomina>';

/** A stamp of the demonstration's provider; sealing the document fills in both seals. */
export const stamp = (folio: string, moment: string): string =>
  `<tfd:TimbreFiscalDigital xmlns:tfd="http://www.sat.gob.mx/TimbreFiscalDigital" Version="1.1" UUID="${folio}" FechaTimbrado="${moment}" RfcProvCertif="${PROVIDER_RFC}" SelloCFD="-" NoCertificadoSAT="${PROVIDER.number}" SelloSAT="-"/>`;

const tax = ({ tax: Impuesto, factor: TipoFactor, rate: TasaOCuota }: Rate, base: bigint): Attributes =>
  (TipoFactor === 'Exento' ? { Base: inDecimals(base, 6), Impuesto, TipoFactor } : { Base: inDecimals(base, 6), Impuesto, TipoFactor, TasaOCuota, Importe: inDecimals((base * parsed(TasaOCuota)) / MILLION, 6) });

class Draft {
  readonly features = new Set<string>();

  constructor(readonly random: Random) {}

  has(chance: number, feature: string): boolean {
    if (this.random() >= chance) return false;
    this.features.add(feature);
    return true;
  }

  one<T>(items: readonly [T, ...T[]]): T {
    return pick(this.random, items);
  }

  line(profile: Profile, discounts: boolean): GivenLine {
    this.features.add(profile);
    const quantity = this.one(['1', '2', '3.5', '0.125', '12.000']);
    const price = this.one(['100.00', '43.1034', '0.999', '1250', '7.25']);
    const amount = (parsed(quantity) * parsed(price)) / MILLION;
    const discount = discounts && this.has(0.5, 'discount') ? amount / 4n : undefined;
    const base = amount - (discount ?? 0n);
    const { transferred, withheld } = PROFILES[profile];
    return {
      attributes: {
        ClaveProdServ: this.one(['27111700', '31162800', '44121704']), Cantidad: quantity, ClaveUnidad: this.one(['H87', 'KGM', 'E48']), Descripcion: this.one(['Llave', 'Café & té', 'Servicio «A»']), ValorUnitario: price,
        Importe: inDecimals(amount, 6), Descuento: discount === undefined ? undefined : inDecimals(discount, 6), ObjetoImp: transferred.length > 0 ? '02' : this.one(['01', '04']),
      },
      traslados: transferred.map((row) => tax(row, base)),
      retenciones: withheld.map((row) => tax(row, base)),
      inside: Object.entries(INSIDE).map(([feature, text]) => (this.has(0.15, feature) ? text : '')).join(''),
    };
  }
}

const sumOf = (rows: readonly Attributes[], field: string): bigint => rows.reduce((sum, row) => sum + parsed(row[field] ?? '0'), 0n);
const grouped = (rows: readonly Attributes[], keys: readonly string[]): [Attributes, Attributes[]][] => {
  const groups = Map.groupBy(rows, (row) => keys.map((key) => row[key]).join('|'));
  return [...groups.values()].map((group) => [Object.fromEntries(keys.map((key) => [key, group[0]?.[key]])), group]);
};

/** Sums what the lines say, as a document of that many decimals does. */
function summed(given: Given, decimals: number): void {
  const money = (amount: bigint): string => inDecimals(amount, decimals);
  const lines = given.lines.map(({ attributes }) => attributes);
  const [transferred, withheld] = [given.lines.flatMap(({ traslados }) => traslados), given.lines.flatMap(({ retenciones }) => retenciones)];
  given.traslados = grouped(transferred, ['Impuesto', 'TipoFactor', 'TasaOCuota']).map(([key, rows]) =>
    ({ Base: money(sumOf(rows, 'Base')), ...key, ...(key['TipoFactor'] === 'Exento' ? {} : { Importe: money(sumOf(rows, 'Importe')) }) }));
  given.retenciones = grouped(withheld, ['Impuesto']).map(([key, rows]) => ({ ...key, Importe: money(sumOf(rows, 'Importe')) }));
  const [taxes, retentions] = [sumOf(given.traslados, 'Importe'), sumOf(given.retenciones, 'Importe')];
  given.totals = transferred.length + withheld.length === 0 ? undefined : {
    TotalImpuestosRetenidos: withheld.length > 0 ? money(retentions) : undefined,
    TotalImpuestosTrasladados: given.traslados.some(({ Importe }) => Importe !== undefined) ? money(taxes) : undefined,
  };
  const discounted = lines.some(({ Descuento }) => Descuento !== undefined);
  const [SubTotal, Descuento] = [money(sumOf(lines, 'Importe')), discounted ? money(sumOf(lines, 'Descuento')) : undefined];
  Object.assign(given.comprobante, { SubTotal, Descuento, Total: money(parsed(SubTotal) - parsed(Descuento ?? '0') + taxes - retentions) });
}

function receiverOf(draft: Draft, type: 'I' | 'E'): Given {
  if (type === 'I' && draft.has(0.2, 'global invoice')) return global();
  if (draft.has(0.25, 'receiver abroad')) return abroad();
  const given = invoice();
  if (draft.has(0.3, 'receiver who is a person')) given.receptor = { Rfc: 'DEMA900228MN9', Nombre: 'ANA DEMO MARTINEZ', DomicilioFiscalReceptor: '76000', RegimenFiscalReceptor: '612', UsoCFDI: 'G03' };
  return given;
}

function sale(draft: Draft, type: 'I' | 'E'): Given {
  const given = receiverOf(draft, type);
  const [Moneda, decimals, TipoCambio] = draft.one(CURRENCIES as [(typeof CURRENCIES)[number]]);
  if (Moneda !== 'MXN') draft.features.add('foreign currency');
  Object.assign(given.comprobante, { TipoDeComprobante: type, Moneda, TipoCambio });
  if (!draft.features.has('global invoice') && draft.has(0.3, 'deferred payment')) Object.assign(given.comprobante, { MetodoPago: 'PPD', FormaPago: '99' });
  const make = (): GivenLine => draft.line(draft.one(Object.keys(PROFILES) as [Profile]), true);
  given.lines = [make(), ...Array.from({ length: Math.floor(draft.random() * 4) }, make)];
  summed(given, decimals);
  const imports = draft.features.has('customs');
  if (draft.features.has('receiver abroad') && !imports && draft.has(0.5, 'foreign trade')) {
    given.comprobante['Exportacion'] = '02';
    given.complement = FOREIGN_TRADE;
  }
  return given;
}

function goods(draft: Draft): Given {
  const given = transfer();
  const make = (): GivenLine => {
    const made = draft.line('untaxed', false);
    Object.assign(made.attributes, { ValorUnitario: '0', Importe: '0', ObjetoImp: '01' });
    return made;
  };
  given.lines = [make(), make()];
  return given;
}

function salary(draft: Draft): Given {
  const given = transfer();
  Object.assign(given.comprobante, { TipoDeComprobante: 'N', Moneda: 'MXN', MetodoPago: 'PUE' });
  given.receptor = { Rfc: 'DEMA900228MN9', Nombre: 'ANA DEMO MARTINEZ', DomicilioFiscalReceptor: '76000', RegimenFiscalReceptor: '605', UsoCFDI: 'CN01' };
  const line = { ...draft.line('untaxed', true), inside: '' };
  Object.assign(line.attributes, { ClaveProdServ: '84111505', ClaveUnidad: 'ACT', Cantidad: '1', ValorUnitario: '9000.50', Importe: '9000.50', Descuento: draft.has(0.5, 'deductions') ? '0.25' : undefined, ObjetoImp: '01' });
  given.lines = [line];
  summed(given, 2);
  given.complement = PAYROLL;
  return given;
}

const TYPES = ['I', 'E', 'T', 'N'] as const;

/** A right CFDI 4.0 of type I, E, T or N; the same seed makes the same one. */
export function generated(seed: number): Generated {
  const draft = new Draft(seeded(seed));
  const type = TYPES[seed % TYPES.length] ?? 'I';
  const given = type === 'T' ? goods(draft) : type === 'N' ? salary(draft) : sale(draft, type);
  if (draft.has(0.3, 'related documents')) {
    given.related = `<cfdi:CfdiRelacionados TipoRelacion="${TIPO_RELACION[type]}"><cfdi:CfdiRelacionado UUID="${fiscalFolio(draft.random)}"/></cfdi:CfdiRelacionados>`;
  }
  if (draft.has(0.6, 'stamp')) given.complement += stamp(fiscalFolio(draft.random), '2025-06-15T10:01:00');
  return { given, features: [type, ...draft.features] };
}
