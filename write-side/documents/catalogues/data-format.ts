/** How a payment of one form names its accounts (`c_FormaPago`, columns of the payments complement). */
export interface PaymentForm {
  readonly code: string;
  readonly banked: boolean;
  /** Whether the RFC of the payer's bank may be given. */
  readonly payerBank: boolean;
  /** Pattern of the payer's account, to be matched whole; empty where none may be given. */
  readonly payerAccount: string;
  readonly payeeBank: boolean;
  readonly payeeAccount: string;
  /** Whether `TipoCadPago` may be given. */
  readonly chain: boolean;
}

/** Catalogues whose codes are listed one by one. */
export const LISTED = [
  'c_FormaPago', 'c_MetodoPago', 'c_TipoDeComprobante', 'c_Exportacion', 'c_Periodicidad', 'c_Meses', 'c_TipoRelacion', 'c_RegimenFiscal', 'c_UsoCFDI',
  'c_ObjetoImp', 'c_Impuesto', 'c_TipoFactor', 'c_Aduana', 'c_Moneda', 'c_Pais', 'c_ClaveUnidad',
] as const;
/** Catalogues of numbers with leading zeros, so many that they are kept as ranges. */
export const NUMBERED = ['c_ClaveProdServ', 'c_CodigoPostal'] as const;

/**
 * A state of the SAT's catalogues in the compact form that is committed, or loaded by an operator. All days are `YYYY-MM-DD`, the last one of a code included.
 */
export interface CatalogueData {
  /** Day of the state. */
  readonly day: string;
  /** The first day that the catalogues know of; on an earlier one they are asked for this. */
  readonly firstDay: string;
  readonly sources: readonly string[];
  /** `code`, `code@from` or `code@from@until`, with spaces between. */
  readonly dated: Readonly<Record<(typeof LISTED)[number], string>>;
  /** `gap` or `gap:more` from the end of the range before, in base 36, with spaces between. */
  readonly numbered: Readonly<Record<(typeof NUMBERED)[number], { readonly digits: number; readonly ranges: string }>>;
  /** Fraction digits of currencies; those that are not named have two. */
  readonly decimals: Readonly<Record<string, number>>;
  /** `code:zone` in base 36 and decimal: from that postal code on, the zone of that index. `hours` is the distance to central time, least and greatest of a year. */
  readonly zones: { readonly names: readonly string[]; readonly hours: readonly (readonly number[])[]; readonly runs: string };
  /** `regime FM`: whether it is for persons (física) and for companies (moral), `1` or `0` each. */
  readonly regimes: readonly string[];
  /** `use FM regime regime …` of the receiver. */
  readonly uses: readonly string[];
  /** `tax factor least greatest transferred withheld from [until]`. */
  readonly rates: readonly string[];
  /** Rates of that tax have changed on that day in a way that these data do not have. */
  readonly uncertainRates: { readonly tax: string; readonly from: string };
  /** Pattern of a tax id by country. */
  readonly taxIds: Readonly<Record<string, string>>;
  readonly paymentForms: readonly PaymentForm[];
}
