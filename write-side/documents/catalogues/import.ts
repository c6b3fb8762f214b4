import { LISTED, NUMBERED, type CatalogueData } from './data-format.js';
import type { CatalogueName } from './port.js';
import { CodeRanges, numberOf, packRanges, packRuns } from './ranges.js';

/** One catalogue as an operator brought it: only what its table says. Plain data, to be kept and merged at each start. */
export interface ImportedTable {
  /** Day of its state. */
  readonly day: string;
  readonly rows: number;
  /** Listed: `code`, `code@from` or `code@from@until`. Numbered: ranges. Both as in `CatalogueData`. */
  readonly codes: string;
  /** Of `c_Moneda`. */
  readonly decimals?: Readonly<Record<string, number>>;
  /** Of `c_RegimenFiscal` (`code FM`) and `c_UsoCFDI` (`code FM regime …`). */
  readonly fittings?: readonly string[];
  /** Of `c_CodigoPostal`: index of the zone by postal code, as runs over the table's own codes. */
  readonly zones?: string;
}
export type ImportedTables = Readonly<Partial<Record<CatalogueName, ImportedTable>>>;

/** A table of text: names of columns, and rows of as many fields. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The table cannot be a state of that catalogue; the message tells where and why. */
export class WrongTable extends Error {
  override readonly name = 'WrongTable';
}

/** Names of a column, ours first; the others are those of the sources that tables are published in. */
const COLUMNS = {
  code: ['code', 'id', 'clave'], from: ['from', 'vigencia_desde'], until: ['until', 'vigencia_hasta'], decimals: ['decimals', 'decimales'], fisica: ['fisica', 'aplica_fisica'], moral: ['moral', 'aplica_moral'],
  regimes: ['regimes', 'regimenes_fiscales_receptores'], zone: ['huso_horario'],
} as const;
type Column = keyof typeof COLUMNS;

export const CATALOGUE_NAMES: readonly CatalogueName[] = [...LISTED, ...NUMBERED];
export const isCatalogue = (name: string): name is CatalogueName => CATALOGUE_NAMES.some((known) => known === name);
const isNumbered = (name: CatalogueName): name is (typeof NUMBERED)[number] => NUMBERED.some((known) => known === name);

const CODE = /^[A-Za-z0-9]{1,10}$/u;
const DAY = /^\d{4}-\d{2}-\d{2}$/u;
const MOST_DECIMALS = 6;
/** A newer state has lost two codes, or two of a hundred, at most, and never half of them: whatever has lost more was cut off. */
const FEW_LOST = 2;
const SHARE_LOST = 0.02;

export const isDay = (text: string): boolean => DAY.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;

/** Fields of one row by the name of their column; rows count from 1, below the header. */
class Row {
  constructor(readonly number: number, private readonly places: ReadonlyMap<Column, number>, private readonly fields: readonly string[]) {}

  has(column: Column): boolean {
    return this.places.has(column);
  }

  get(column: Column): string {
    return this.fields[this.places.get(column) ?? -1] ?? '';
  }

  wrong(column: Column): WrongTable {
    return new WrongTable(`row ${this.number}: ${COLUMNS[column][0]} cannot be ${JSON.stringify(this.get(column).slice(0, 40))}`);
  }

  day(column: 'from' | 'until'): string {
    const text = this.get(column);
    if (text !== '' && !isDay(text)) throw this.wrong(column);
    return text;
  }

  flag(column: 'fisica' | 'moral'): string {
    const text = this.get(column);
    if (text !== '0' && text !== '1') throw this.wrong(column);
    return text;
  }
}

/** Codes that a catalogue has in these data. */
export function countOf(data: CatalogueData, name: CatalogueName): number {
  if (!isNumbered(name)) return data.dated[name].split(' ').length;
  let count = 0;
  for (const part of data.numbered[name].ranges.split(' ')) count += 1 + Number.parseInt(part.split(':')[1] ?? '0', 36);
  return count;
}

/**
 * Checks a table and brings it into its compact form. @param base what Folio carries itself: the table may not have lost much of it @throws WrongTable
 */
export function importTable(name: CatalogueName, table: Table, day: string, base: CatalogueData): ImportedTable {
  const rows = rowsOf(table);
  const had = countOf(base, name);
  const least = Math.max(had / 2, had - Math.max(FEW_LOST, had * SHARE_LOST));
  if (rows.length < least) throw new WrongTable(`it has ${rows.length} rows, where ${had} codes are known: it was cut off, or is another table`);
  const common = { day, rows: rows.length };
  if (isNumbered(name)) return { ...common, ...numberedPart(name, rows, base) };
  const dated = rows.map((row) => [row.get('code'), row.day('from'), row.day('until')]);
  for (const [index, [, from = '', until = '']] of dated.entries()) if (until !== '' && until < from) throw rows[index]?.wrong('until') ?? new WrongTable('a day is wrong');
  const codes = dated.map(([code = '', from = '', until = '']) => (until !== '' ? `${code}@${from}@${until}` : from !== '' ? `${code}@${from}` : code)).join(' ');
  return { ...common, codes, ...decimalsPart(name, rows, base), ...fittingsPart(name, rows, base) };
}

function rowsOf({ columns, rows }: Table): readonly Row[] {
  const places = new Map<Column, number>();
  for (const [column, names] of Object.entries(COLUMNS) as [Column, readonly string[]][]) {
    const found = columns.flatMap((name, place) => (names.includes(name) ? [place] : []));
    if (found.length > 1) throw new WrongTable(`the column ${names[0] ?? column} is there twice`);
    if (found[0] !== undefined) places.set(column, found[0]);
  }
  if (!places.has('code')) throw new WrongTable('it has no column code');
  const seen = new Set<string>();
  return rows.map((fields, index) => {
    const row = new Row(index + 1, places, fields);
    if (fields.length !== columns.length) throw new WrongTable(`row ${row.number} has ${fields.length} fields, the header ${columns.length}`);
    if (!CODE.test(row.get('code'))) throw row.wrong('code');
    if (seen.has(row.get('code'))) throw new WrongTable(`row ${row.number}: the code ${row.get('code')} is there twice`);
    seen.add(row.get('code'));
    return row;
  });
}

function numberedPart(name: (typeof NUMBERED)[number], rows: readonly Row[], base: CatalogueData): Pick<ImportedTable, 'codes' | 'zones'> {
  const { digits } = base.numbered[name];
  const numbers = rows.map((row) => {
    const number = numberOf(row.get('code'), digits);
    if (number < 0) throw row.wrong('code');
    return number;
  });
  const codes = packRanges(numbers);
  if (name !== 'c_CodigoPostal') return { codes };
  const zones = rows.map((row, index): [number, number] => {
    const zone = base.zones.names.indexOf(row.get('zone'));
    if (zone < 0) throw row.wrong('zone');
    return [numbers[index] ?? 0, zone];
  });
  return { codes, zones: packRuns(new Map(zones)) };
}

/** Fraction digits; of currencies that are known the table may leave them out. */
function decimalsPart(name: CatalogueName, rows: readonly Row[], base: CatalogueData): Pick<ImportedTable, 'decimals'> {
  if (name !== 'c_Moneda') return {};
  const known = new Set(codesOf(base.dated.c_Moneda).keys());
  return {
    decimals: Object.fromEntries(rows.map((row): [string, number] => {
      const code = row.get('code');
      if (!row.has('decimals') && known.has(code)) return [code, base.decimals[code] ?? 2];
      const decimals = numberOf(row.get('decimals'), 1);
      if (decimals < 0 || decimals > MOST_DECIMALS) throw row.wrong('decimals');
      return [code, decimals];
    })),
  };
}

/** For whom a regime or use is; of those that are known the table may leave it out. */
function fittingsPart(name: CatalogueName, rows: readonly Row[], base: CatalogueData): Pick<ImportedTable, 'fittings'> {
  if (name !== 'c_RegimenFiscal' && name !== 'c_UsoCFDI') return {};
  const known = new Map((name === 'c_UsoCFDI' ? base.uses : base.regimes).map((row) => [row.split(' ')[0] ?? '', row]));
  return {
    fittings: rows.map((row) => {
      const code = row.get('code');
      const as = known.get(code);
      if (!row.has('fisica') && !row.has('moral') && as !== undefined) return as;
      const persons = `${code} ${row.flag('fisica')}${row.flag('moral')}`;
      if (name !== 'c_UsoCFDI') return persons;
      const regimes = row.get('regimes').split(',').map((regime) => regime.trim());
      if (!regimes.every((regime) => /^\d{3}$/u.test(regime))) throw row.wrong('regimes');
      return `${persons} ${regimes.join(' ')}`;
    }),
  };
}

const codesOf = (packed: string): ReadonlyMap<string, string> => new Map(packed.split(' ').map((part) => [part.split('@')[0] ?? '', part]));

/**
 * Codes that the newer table does not have any more were ones until the day of the older state; of codes that it has without dates those of the older state count.
 */
function mergeDated(older: string, newer: string, lastDay: string): string {
  const [before, after] = [codesOf(older), codesOf(newer)];
  const kept = [...after].map(([code, part]) => (part.includes('@') ? part : (before.get(code) ?? part)));
  const ended = [...before].filter(([code]) => !after.has(code)).map(([code, part]) => {
    const [, from = '', until = ''] = part.split('@');
    return until !== '' ? part : `${code}@${from}@${lastDay}`;
  });
  return [...kept, ...ended].join(' ');
}

/** Tables without dates: what was a code stays one, so that documents of its time are not refused. */
function mergeNumbered(digits: number, older: string, newer: string): string {
  return packRanges([...new CodeRanges(digits, older).numbers(), ...new CodeRanges(digits, newer).numbers()]);
}

/** Zones of the newer table where it has the code, of the older one elsewhere. */
function mergeZones({ numbered: { c_CodigoPostal: { digits, ranges } }, zones }: CatalogueData, table: ImportedTable): string {
  const merged = new Map<number, number>();
  for (const [codes, runs] of [[ranges, zones.runs], [table.codes, table.zones ?? '']] as const) {
    const starts = runs.split(' ').map((run) => run.split(':')).map(([start = '', value = '']): [number, number] => [Number.parseInt(start, 36), Number(value)]);
    let at = 0;
    for (const number of new CodeRanges(digits, codes).numbers()) {
      while ((starts[at + 1]?.[0] ?? Infinity) <= number) at += 1;
      merged.set(number, starts[at]?.[1] ?? 0);
    }
  }
  return packRuns(merged);
}

const withFittings = (older: readonly string[], newer: readonly string[] = []): readonly string[] => {
  const codes = new Set(newer.map((row) => row.split(' ')[0]));
  return [...newer, ...older.filter((row) => !codes.has(row.split(' ')[0]))];
};

/** What Folio carries, with the tables of the operator over it. A table that is older than what Folio carries by now has no say. */
export function mergeCatalogues(base: CatalogueData, tables: ImportedTables): CatalogueData {
  return CATALOGUE_NAMES.reduce((data: CatalogueData, name) => {
    const table = tables[name];
    return table && table.day >= base.day ? { ...merge(data, name, table, base.day), day: table.day > data.day ? table.day : data.day } : data;
  }, base);
}

function merge(data: CatalogueData, name: CatalogueName, table: ImportedTable, lastDay: string): CatalogueData {
  if (isNumbered(name)) {
    const { digits, ranges } = data.numbered[name];
    const numbered = { ...data.numbered, [name]: { digits, ranges: mergeNumbered(digits, ranges, table.codes) } };
    return { ...data, numbered, ...(name === 'c_CodigoPostal' && { zones: { ...data.zones, runs: mergeZones(data, table) } }) };
  }
  return {
    ...data,
    dated: { ...data.dated, [name]: mergeDated(data.dated[name], table.codes, lastDay) },
    ...(table.decimals && { decimals: { ...data.decimals, ...table.decimals } }),
    ...(table.fittings && (name === 'c_UsoCFDI' ? { uses: withFittings(data.uses, table.fittings) } : { regimes: withFittings(data.regimes, table.fittings) })),
  };
}
