// Writes write-side/documents/catalogues/data.ts from published catalogues of the SAT.
//
//   node scripts/catalogues/generate.mjs <raw folder of @nodecfdi/sat-micro-catalogs> <catCFDI.xsd> [<folder of TSV files>] [<day>]
//
// The first folder is `build/raw` of the npm package, the schema that of the PyPI package satcfdi (both installed outside of this repository: the product does not
// depend on them); it knows product codes that have ended, and the TSV files do not, so documents of their time are not refused. The folder of TSV files
// defaults to $FOLIO_SHARED/data/catalogs, or ../shared/data/catalogs; the day is that of the TSV files, the newer of the two sources.
// Where both sources have a catalogue, the dated one decides. Facts that neither has are written down below, each with its source.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const [raw, schema, tables = join(process.env.FOLIO_SHARED ?? join(root, '..', 'shared'), 'data', 'catalogs'), day = '2026-10-01'] = process.argv.slice(2);
if (schema === undefined) {
  process.stderr.write('usage: node scripts/catalogues/generate.mjs <raw folder of @nodecfdi/sat-micro-catalogs> <catCFDI.xsd> [<folder of TSV files>] [<day>]\n');
  process.exit(2);
}

const json = (name) => JSON.parse(readFileSync(join(raw, `${name}.json`), 'utf8'));
const rows = (name) => readFileSync(join(tables, `${name}.tsv`), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('code\t')).map((line) => line.split('\t'));
const codes = (name) => rows(name).map(([code]) => code);
/** Codes of one enumeration of the schema. */
function enumerated(name) {
  const text = readFileSync(schema, 'utf8');
  const start = text.indexOf(`<xs:simpleType name="${name}">`);
  return [...text.slice(start, text.indexOf('</xs:simpleType>', start)).matchAll(/enumeration value="([^"]+)"/gu)].map(([, code]) => code);
}
const base36 = (number) => number.toString(36);

/** Consecutive numbers as `gap` or `gap:more` from the end of the range before, in base 36: 52,747 codes are some 4,600 ranges. */
function ranges(texts) {
  const numbers = texts.map(Number).sort((left, right) => left - right);
  const parts = [];
  let end = 0;
  for (let index = 0; index < numbers.length;) {
    let last = index;
    while (numbers[last + 1] === numbers[last] + 1) last += 1;
    const more = last - index;
    parts.push(more === 0 ? base36(numbers[index] - end) : `${base36(numbers[index] - end)}:${base36(more)}`);
    end = numbers[last];
    index = last + 1;
  }
  return parts.join(' ');
}

/** `code`, `code@from` or `code@from@until`. */
const dated = (name, id = 'id') => json(name).map((row) => [row[id], row.vigencia_desde ?? '', row.vigencia_hasta ?? '']).map(([code, from, until]) => (until ? `${code}@${from}@${until}` : from ? `${code}@${from}` : code)).join(' ');

/** Difference of local time to that of central Mexico in hours, the least and the greatest of a year: only the northern border still moves its clocks, and Ciudad Juárez is an hour behind the rest of it. */
const ZONES = {
  'Tiempo del Centro': [0, 0],
  'Tiempo del Centro en Frontera': [-1, 1],
  'Tiempo del Noroeste': [-2, -1],
  'Tiempo del Pacífico': [-1, -1],
  'Tiempo del Sureste': [1, 1],
};

function zones() {
  const names = Object.keys(ZONES);
  const runs = [];
  let before;
  for (const [code, , , , , zone] of rows('c_CodigoPostal')) {
    const index = names.indexOf(zone);
    if (index < 0) throw new Error(`unknown time zone ${zone}`);
    if (index !== before) runs.push(`${base36(Number(code))}:${index}`);
    before = index;
  }
  return { names, hours: Object.values(ZONES), runs: runs.join(' ') };
}

const flag = (value) => (value === 1 ? '1' : '0');
const persons = (row) => `${flag(row.aplica_fisica)}${flag(row.aplica_moral)}`;

/** Codes of c_Impuesto; a row of c_TasaOCuota names the tax, and the border rate of 8 % a decree instead of it. */
const TAX = { ISR: '001', IVA: '002', 'IVA Crédito aplicado del 50%': '002', IEPS: '003' };

/**
 * `tax factor least greatest transferred withheld from until`. The range of IEPS quotas that the source dates 2024-01-01 replaced a lower one; as the lower one is
 * in no source at hand, the range is taken from the beginning of CFDI 4.0: nothing right is refused.
 */
const rates = () => json('cfdi_40_reglas_tasa_cuota').map((row) => {
  const tax = TAX[row.impuesto];
  if (tax === undefined) throw new Error(`unknown tax ${row.impuesto}`);
  const from = row.impuesto === 'IEPS' && row.factor === 'Cuota' ? '2022-01-01' : row.vigencia_desde;
  return [tax, row.factor, row.minimo === '' ? row.valor : row.minimo, row.valor, flag(row.traslado), flag(row.retencion), from, row.vigencia_hasta].join(' ').trim();
});

/** `\\V*` is the source's way to say that anything may stand there. */
const accountPattern = (pattern) => (pattern === '\\V*' ? '.*' : pattern);

const data = {
  day,
  // CFDI 4.0 came into force; the catalogues say nothing of the days before.
  firstDay: '2022-01-01',
  sources: ['SAT catalogues by PyPI satcfdi 26.10.1 (MIT)', 'SAT catalogues by npm @nodecfdi/sat-micro-catalogs 1.0.2 (MIT)'],
  dated: {
    c_FormaPago: dated('cfdi_40_formas_pago'),
    c_MetodoPago: dated('cfdi_40_metodos_pago'),
    c_TipoDeComprobante: dated('cfdi_40_tipos_comprobantes'),
    c_Exportacion: dated('cfdi_40_exportaciones'),
    c_Periodicidad: dated('cfdi_40_periodicidades'),
    c_Meses: dated('cfdi_40_meses'),
    c_TipoRelacion: dated('cfdi_40_tipos_relaciones'),
    c_RegimenFiscal: dated('cfdi_40_regimenes_fiscales'),
    c_UsoCFDI: dated('cfdi_40_usos_cfdi'),
    c_ObjetoImp: dated('cfdi_40_objetos_impuestos'),
    c_Impuesto: dated('cfdi_40_impuestos'),
    c_TipoFactor: dated('cfdi_40_tipos_factores'),
    c_Aduana: dated('cfdi_40_aduanas'),
    c_Moneda: codes('c_Moneda').join(' '),
    c_Pais: codes('c_Pais').join(' '),
    c_ClaveUnidad: codes('c_ClaveUnidad').join(' '),
  },
  numbered: {
    c_ClaveProdServ: { digits: 8, ranges: ranges([...new Set([...codes('c_ClaveProdServ'), ...enumerated('c_ClaveProdServ')])]) },
    c_CodigoPostal: { digits: 5, ranges: ranges(codes('c_CodigoPostal')) },
  },
  // Every other currency has two decimals.
  decimals: Object.fromEntries(rows('c_Moneda').filter(([, , decimals]) => decimals !== '2').map(([code, , decimals]) => [code, Number(decimals)])),
  zones: zones(),
  // `code`, and whether it is for persons (física) and companies (moral).
  regimes: json('cfdi_40_regimenes_fiscales').map((row) => `${row.id} ${persons(row)}`),
  // The same, and the regimes of the receiver.
  uses: json('cfdi_40_usos_cfdi').map((row) => `${row.id} ${persons(row)} ${row.regimenes_fiscales_receptores.split(',').map((regime) => regime.trim()).join(' ')}`),
  rates: rates(),
  // The quotas and some rates of IEPS changed on this day (Ley del IEPS, reform for 2026; catalogue of January 2026); the sources have the state before.
  uncertainRates: { tax: '003', from: '2026-01-01' },
  // Form of the tax id, by country of residence (c_Pais, column "Formato de registro de identidad tributaria"); all other countries have none.
  taxIds: { CAN: '[0-9]{9}', USA: '[0-9]{9}' },
  // How a payment of that form may name accounts: c_FormaPago, for the payments complement.
  // Forms that are not listed allow no account, bank or chain. 99 (to be defined) allows any.
  paymentForms: json('cfdi_40_formas_pago').filter((row) => row.permite_cuenta_ordenante === 1).map((row) => ({
    code: row.id,
    banked: row.es_bancarizado === 1,
    payerBank: row.permite_banco_ordenante_rfc === 1,
    payerAccount: accountPattern(row.patron_cuenta_ordenante),
    payeeBank: row.permite_banco_beneficiario_rfc === 1,
    payeeAccount: accountPattern(row.patron_cuenta_beneficiario),
    chain: row.permite_tipo_cadena_pago === 1,
  })),
};

const LINE = 240;
const quote = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll('\'', '\\\'')}'`;
/** Long texts are cut at spaces into lines that an editor can show. */
function text(value, indent) {
  if (value.length <= LINE) return quote(value);
  const pieces = value.match(new RegExp(`.{1,${LINE}}(?: |$)`, 'gu')) ?? [];
  return pieces.map(quote).join(`\n${indent}  + `);
}
function literal(value, indent = '') {
  if (typeof value === 'string') return text(value, indent);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.every((item) => typeof item === 'number') ? `[${value.join(', ')}]` : `[\n${value.map((item) => `${indent}  ${literal(item, `${indent}  `)},\n`).join('')}${indent}]`;
  const entries = Object.entries(value);
  if (entries.length > 6 && entries.every(([, item]) => typeof item !== 'object') && JSON.stringify(value).length < 600) return `{ ${entries.map(([key, item]) => `${key}: ${literal(item)}`).join(', ')} }`;
  return `{\n${entries.map(([key, item]) => `${indent}  ${key}: ${literal(item, `${indent}  `)},\n`).join('')}${indent}}`;
}

const file = join(root, 'write-side', 'documents', 'catalogues', 'data.ts');
writeFileSync(file, `import type { CatalogueData } from './data-format.js';

/** Made by scripts/catalogues/generate.mjs from the sources that it names. Do not edit: make it again. */
export const BUILT_IN_DATA: CatalogueData = ${literal(data)};
`);
process.stdout.write(`${file}\n`);
