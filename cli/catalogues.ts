import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { problem } from '#contracts/errors.js';
import type { Problem } from '#contracts/kernel/problem.js';
import { BUILT_IN_DATA, CATALOGUE_NAMES, countOf, importTable, isCatalogue, isDay, mergeCatalogues, WrongTable, type CatalogueData, type CatalogueName, type ImportedTable, type ImportedTables, type Table } from '../write-side/documents/index.js';

const FILE = 'catalogues.json';
/** The largest table has 3 MB, what is kept of all of them less than one. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_ROWS = 500_000;
/** Columns that a row without a header has, in this order. */
const UNNAMED_COLUMNS = ['code', 'name', 'decimals'];
const DAY_MS = 86_400_000;

const TABLE = z.strictObject({
  day: z.string().refine(isDay), rows: z.int().min(1), codes: z.string().min(1), decimals: z.record(z.string(), z.int().min(0).max(6)).exactOptional(), fittings: z.array(z.string()).exactOptional(), zones: z.string().exactOptional(),
});
const KEPT = z.strictObject({ folio: z.literal('catalogues'), version: z.literal(1), sha256: z.string(), tables: z.partialRecord(z.enum(CATALOGUE_NAMES as [CatalogueName, ...CatalogueName[]]), TABLE) });

const wrong = (setting: string, reason: string, cause?: unknown): Problem => problem('setting-wrong', { setting, reason }, { cause });
const hashOf = (tables: unknown): string => createHash('sha256').update(JSON.stringify(tables)).digest('hex');

/** The tables that the operator has brought; none where there is no file. @throws Problem setting-wrong for a file that is not as it was written */
async function importedTables(folder: string): Promise<ImportedTables> {
  const path = join(folder, FILE);
  const size = await stat(path).then((found) => found.size, (error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw wrong('FOLIO_CATALOGUES', `${path} cannot be read`, error);
  });
  if (size === undefined) return {};
  const damaged = (cause?: unknown): Problem => wrong('FOLIO_CATALOGUES', `${path} is damaged; import the catalogues again (folio catalogs import), or remove it to go back to the built-in ones`, cause);
  if (size > MAX_BYTES) throw damaged();
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw damaged(error);
  }
  const { data } = KEPT.safeParse(json);
  if (!data || hashOf((json as { tables: unknown }).tables) !== data.sha256) throw damaged();
  return data.tables as ImportedTables;
}

/** The catalogues in force: those that Folio carries with the operator's over them; undefined where the operator has brought none. @throws Problem setting-wrong */
export async function catalogueData(folder: string): Promise<CatalogueData | undefined> {
  const tables = await importedTables(folder);
  return Object.keys(tables).length === 0 ? undefined : mergeCatalogues(BUILT_IN_DATA, tables);
}

/**
 * Checks tables (`c_….tsv` or `.csv`) of one state and keeps them, all or none. Catalogues that are not among them stay as they are.
 * @param day of the state, `YYYY-MM-DD` @param latest day that a state may have: tomorrow, wherever the clock stands
 * @throws Problem setting-wrong
 */
export async function importCatalogues(folder: string, files: readonly string[], day: string, latest: string = new Date(Date.now() + DAY_MS).toISOString().slice(0, 10)): Promise<readonly { readonly name: CatalogueName; readonly rows: number }[]> {
  if (!isDay(day)) throw wrong('--day', 'it must be a day, YYYY-MM-DD');
  if (day < BUILT_IN_DATA.day) throw wrong('--day', `Folio carries the state of ${BUILT_IN_DATA.day} itself, which is newer`);
  if (day > latest) throw wrong('--day', 'it lies in the future');
  const brought: Partial<Record<CatalogueName, ImportedTable>> = {};
  for (const file of files) {
    const name = basename(file).replace(/\.(?:tsv|csv)$/iu, '');
    if (!isCatalogue(name) || name === basename(file)) throw wrong(file, `the name of a table is that of its catalogue with .tsv or .csv: ${CATALOGUE_NAMES.join(', ')}`);
    if (brought[name]) throw wrong(file, `${name} is there twice`);
    brought[name] = await readTable(name, file, day);
  }
  await keep(folder, { ...(await importedTables(folder)), ...brought });
  return CATALOGUE_NAMES.flatMap((name) => (brought[name] ? [{ name, rows: brought[name].rows }] : []));
}

async function readTable(name: CatalogueName, file: string, day: string): Promise<ImportedTable> {
  const reason = await stat(file).then((found) => (!found.isFile() ? 'it is no file' : found.size > MAX_BYTES ? 'it is too large for a catalogue' : undefined), () => 'it cannot be read');
  if (reason !== undefined) throw wrong(file, reason);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
    return importTable(name, tableOf(/\.csv$/iu.test(file) ? csvRows(text) : tsvRows(text)), day, BUILT_IN_DATA);
  } catch (error) {
    throw wrong(file, error instanceof WrongTable ? error.message : 'it is no UTF-8 text', error);
  }
}

function* tsvRows(text: string): Iterable<readonly string[]> {
  for (const line of text.split('\n')) if (line.trim() !== '') yield line.replace(/\r$/u, '').split('\t');
}

/** RFC 4180: fields between commas, quoted where they have commas, quotes or ends of line. @throws WrongTable where a quote is not closed */
function* csvRows(text: string): Iterable<readonly string[]> {
  const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/uy;
  let row: string[] = [];
  while (FIELD.lastIndex < text.length || row.length > 0) {
    const [, quoted, plain = '', end] = FIELD.exec(text) ?? [];
    if (end === undefined) throw new WrongTable(`the quotes of a row cannot be read: ${JSON.stringify(row[0] ?? '')}`);
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.some((field) => field !== '')) yield row;
    row = [];
    if (end === '') return;
  }
}

function tableOf(lines: Iterable<readonly string[]>): Table {
  const rows: (readonly string[])[] = [];
  for (const row of lines) {
    rows.push(row);
    if (rows.length > MAX_ROWS) throw new WrongTable(`it has more than ${MAX_ROWS} rows`);
  }
  const [first = []] = rows;
  const named = first.map((field) => field.trim().toLowerCase());
  if (['code', 'id', 'clave'].some((name) => named.includes(name))) return { columns: named, rows: rows.slice(1) };
  if (first.length > UNNAMED_COLUMNS.length) throw new WrongTable('it has no column code');
  return { columns: UNNAMED_COLUMNS.slice(0, first.length), rows };
}

/** Whole or not at all: a process may start at any moment. */
async function keep(folder: string, tables: ImportedTables): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const aside = join(folder, `${FILE}.${process.pid}.new`);
  try {
    const file = await open(aside, 'w', 0o600);
    await file.writeFile(JSON.stringify({ folio: 'catalogues', version: 1, sha256: hashOf(tables), tables })).then(() => file.sync()).finally(() => file.close());
    await rename(aside, join(folder, FILE));
  } finally {
    await rm(aside, { force: true });
  }
}

export interface ListedCatalogue {
  readonly name: CatalogueName;
  /** Day of its state. */
  readonly day: string;
  /** Codes, those that have ended included. */
  readonly rows: number;
  readonly source: 'built in' | 'imported';
}

/** What a process that starts now judges by. @throws Problem setting-wrong */
export async function listCatalogues(folder: string): Promise<readonly ListedCatalogue[]> {
  const tables = await importedTables(folder);
  const data = mergeCatalogues(BUILT_IN_DATA, tables);
  return CATALOGUE_NAMES.map((name) => {
    const { day } = tables[name] ?? { day: '' };
    const isImported = day >= BUILT_IN_DATA.day;
    return { name, day: isImported ? day : BUILT_IN_DATA.day, rows: countOf(data, name), source: isImported ? 'imported' : 'built in' };
  });
}
