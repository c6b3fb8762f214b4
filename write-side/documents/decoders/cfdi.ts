import { erased, inNamespace, type Decoder, type Element, type RawAttributes } from '../element.js';
import type { Attributes, CfdiDocument, Concepto, Impuestos, Parte, Related, StructureFault, TaxAttribute } from '../models/cfdi.js';
import type { XmlNode } from '../models/node.js';

export const CFDI_4_NAMESPACE = 'http://www.sat.gob.mx/cfd/4';
export const CFDI_3_NAMESPACE = 'http://www.sat.gob.mx/cfd/3';
export const STAMP_NAMESPACE = 'http://www.sat.gob.mx/TimbreFiscalDigital';
export const LOCAL_TAXES_NAMESPACE = 'http://www.sat.gob.mx/implocal';

const MAX_MISPLACED = 100;
const MAX_REPEATED = 16;

type Tax = Attributes<TaxAttribute>;
type Customs = Attributes<'NumeroPedimento'>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Part = Parte & { customs: Customs[] };
interface Line extends Mutable<Concepto> {
  traslados: Tax[];
  retenciones: Tax[];
  customs: Customs[];
  properties: Attributes<'Numero'>[];
  complements: XmlNode[];
  parts: Part[];
}
type Totals = Impuestos & { readonly traslados: Tax[]; readonly retenciones: Tax[] };
type Relations = Related & { readonly documents: Attributes<'UUID'>[] };
type Single = 'emisor' | 'receptor' | 'informacionGlobal';
/** Elements whose children have an order: `Comprobante`, `Concepto`, and `Impuestos` of each. */
type Level = 'document' | 'line' | 'lineTaxes' | 'totals';

interface Draft extends Mutable<CfdiDocument> {
  related: Relations[];
  conceptos: Line[];
  complements: XmlNode[];
  repeated: string[];
  misplaced: StructureFault[];
  impuestos?: Totals;
}

/** How far the reader is in the order of each level; parsing is one synchronous call, so there is never more than one reader. */
const place: Record<Level, number> = { document: 0, line: 0, lineTaxes: 0, totals: 0 };

const linePath = (draft: Draft): string => `/Comprobante/Conceptos/Concepto[${draft.conceptos.length}]`;
const PARENT: Readonly<Record<Level, (draft: Draft) => string>> = {
  document: () => '/Comprobante',
  line: linePath,
  lineTaxes: (draft) => `${linePath(draft)}/Impuestos`,
  totals: () => '/Comprobante/Impuestos',
};

function misplace(draft: Draft, kind: StructureFault['kind'], path: (draft: Draft) => string, local: string): void {
  if (draft.misplaced.length < MAX_MISPLACED) draft.misplaced.push({ kind, path: `${path(draft)}/${local}` });
}

/** Checks that the element stands at its place among its siblings, before it is read. */
function inOrder(draft: Draft, level: Level, rank: number, local: string, many: boolean): void {
  const reached = place[level];
  if (rank < reached) misplace(draft, 'order', PARENT[level], local);
  else if (rank === reached && !many) misplace(draft, 'repeated', PARENT[level], local);
  else place[level] = rank;
}

function once(draft: Draft, name: string, taken: boolean): boolean {
  if (taken && draft.repeated.length < MAX_REPEATED) draft.repeated.push(name);
  return !taken;
}

const single = (key: Single) => (draft: Draft, attributes: RawAttributes): void => {
  draft[key] ??= attributes;
};

/** Shared by all lines that have none of it, so that a document of a million empty lines stays small. */
const NONE: never[] = [];

/** The list with one more in it: a list of its own instead of the shared one. */
function withOne<Item>(items: Item[], item: Item): Item[] {
  if (items === NONE) return [item];
  items.push(item);
  return items;
}

function addLine(draft: Draft, attributes: RawAttributes): void {
  place.line = 0;
  draft.conceptos.push({ attributes, hasTaxes: false, traslados: NONE, retenciones: NONE, customs: NONE, properties: NONE, complements: NONE, parts: NONE });
}

/** What lies in a line is put into the last one. */
const inLine = (put: (line: Line, attributes: RawAttributes) => void) => (draft: Draft, attributes: RawAttributes): void => {
  const line = draft.conceptos.at(-1);
  if (line) put(line, attributes);
};

function addPartCustoms(line: Line, attributes: RawAttributes): void {
  const part = line.parts.at(-1);
  if (part) part.customs = withOne(part.customs, attributes);
}

function addTotals(draft: Draft, attributes: RawAttributes): void {
  place.totals = 0;
  draft.impuestos ??= { attributes, traslados: [], retenciones: [] };
}

const openLineTaxes = inLine((line) => {
  place.lineTaxes = 0;
  line.hasTaxes = true;
});

const lineTax = (kind: 'traslados' | 'retenciones') => inLine((line, attributes) => { line[kind] = withOne(line[kind], attributes); });

const totalTax = (kind: 'traslados' | 'retenciones') => (draft: Draft, attributes: RawAttributes): void => {
  draft.impuestos?.[kind].push(attributes);
};

const captureInLine = (draft: Draft, node: XmlNode): void => {
  const line = draft.conceptos.at(-1);
  if (line) line.complements = withOne(line.complements, node);
};

/** The attributes of a complement that may exist once. */
function takeComplement(draft: Draft, key: 'timbre' | 'localTaxes', uri: string, local: string): void {
  for (const node of draft.complements) if (node.uri === uri && node.local === local && once(draft, local, draft[key] !== undefined)) draft[key] = node.attributes;
}

type Open = (draft: Draft, attributes: RawAttributes) => void;
const nothing: Open = () => undefined;

/** Elements of a level in the order of the schema, each with what opens it. */
const ordered = (level: Level) => {
  let rank = 0;
  return (local: string, open: Open = nothing, many = false): { open: Open } => {
    const own = (rank += 1);
    return {
      open: (draft, attributes) => {
        inOrder(draft, level, own, local, many);
        open(draft, attributes);
      },
    };
  };
};

/** Tells of children that the schema does not have, at the path of their parent. */
const unnamed = (path: (draft: Draft) => string) => ({ unnamed: (draft: Draft, _: string, local: string): void => misplace(draft, 'unknown', path, local) });
const within = (level: Level, name: string) => unnamed((draft) => `${PARENT[level](draft)}/${name}`);

type Namespace = ReturnType<typeof inNamespace>;

function lineElement({ group }: Namespace): Element<Draft> {
  const [line, taxes] = [ordered('line'), ordered('lineTaxes')];
  const leaf = (local: string, open: Open, many = false): Element<Draft> => group({}, { ...line(local, open, many), ...within('line', local) });
  const tax = (local: string, kind: 'traslados' | 'retenciones'): Element<Draft> => group({}, { open: lineTax(kind), ...within('lineTaxes', local) });
  const impuestos = group<Draft>({
    Traslados: group({ Traslado: tax('Traslados/Traslado', 'traslados') }, { ...taxes('Traslados'), ...within('lineTaxes', 'Traslados') }),
    Retenciones: group({ Retencion: tax('Retenciones/Retencion', 'retenciones') }, { ...taxes('Retenciones'), ...within('lineTaxes', 'Retenciones') }),
  }, { ...line('Impuestos', openLineTaxes), ...within('line', 'Impuestos') });
  return group({
    Impuestos: impuestos,
    ACuentaTerceros: leaf('ACuentaTerceros', inLine((row, attributes) => { row.thirdParty ??= attributes; })),
    InformacionAduanera: leaf('InformacionAduanera', inLine((row, attributes) => { row.customs = withOne(row.customs, attributes); }), true),
    CuentaPredial: leaf('CuentaPredial', inLine((row, attributes) => { row.properties = withOne(row.properties, attributes); }), true),
    ComplementoConcepto: group({}, { ...line('ComplementoConcepto'), capture: captureInLine }),
    Parte: group(
      { InformacionAduanera: group({}, { open: inLine(addPartCustoms), ...within('line', 'Parte/InformacionAduanera') }) },
      { ...line('Parte', inLine((row, attributes) => { row.parts = withOne(row.parts, { attributes, customs: NONE }); }), true), ...within('line', 'Parte') },
    ),
  }, { open: addLine, ...unnamed(linePath) });
}

function totalsElement({ group }: Namespace, open: { open: Open }): Element<Draft> {
  const taxes = ordered('totals');
  const tax = (local: string, kind: 'traslados' | 'retenciones'): Element<Draft> => group({}, { open: totalTax(kind), ...within('totals', local) });
  return group({
    Retenciones: group({ Retencion: tax('Retenciones/Retencion', 'retenciones') }, { ...taxes('Retenciones'), ...within('totals', 'Retenciones') }),
    Traslados: group({ Traslado: tax('Traslados/Traslado', 'traslados') }, { ...taxes('Traslados'), ...within('totals', 'Traslados') }),
  }, { ...open, ...within('document', 'Impuestos') });
}

/** The table of `Comprobante`; versions 3.3 and 4.0 differ in namespace and attributes, and in how often an element may be there. */
function comprobante(uri: string, complementMany: boolean): Element<Draft> {
  const namespace = inNamespace(uri);
  const { group } = namespace;
  const at = ordered('document');
  const leaf = (local: string, key: Single): Element<Draft> => group({}, { ...at(local, single(key)), ...within('document', local) });
  const related = group<Draft>({}, { open: (draft, attributes) => { draft.related.at(-1)?.documents.push(attributes); }, ...within('document', 'CfdiRelacionados/CfdiRelacionado') });
  // The order of these members is the order of the schema: each takes the next rank.
  return group<Draft>({
    InformacionGlobal: leaf('InformacionGlobal', 'informacionGlobal'),
    CfdiRelacionados: group({ CfdiRelacionado: related }, {
      ...at('CfdiRelacionados', (draft, attributes) => { draft.related.push({ attributes, documents: [] }); }, true),
      ...within('document', 'CfdiRelacionados'),
    }),
    Emisor: leaf('Emisor', 'emisor'),
    Receptor: leaf('Receptor', 'receptor'),
    Conceptos: group({ Concepto: lineElement(namespace) }, { ...at('Conceptos'), ...within('document', 'Conceptos') }),
    Impuestos: totalsElement(namespace, at('Impuestos', addTotals)),
    Complemento: group({}, { ...at('Complemento', nothing, complementMany), capture: (draft, node) => { draft.complements.push(node); } }),
    Addenda: group({}, at('Addenda')),
  }, unnamed(PARENT.document));
}

const decoder = (format: CfdiDocument['format'], root: Element<Draft>): Decoder<Draft, CfdiDocument> => ({
  root,
  begin: (attributes) => {
    place.document = 0;
    return { syntax: 'cfdi', format, comprobante: attributes, related: [], conceptos: [], complements: [], repeated: [], misplaced: [] };
  },
  finish: (draft) => {
    takeComplement(draft, 'timbre', STAMP_NAMESPACE, 'TimbreFiscalDigital');
    takeComplement(draft, 'localTaxes', LOCAL_TAXES_NAMESPACE, 'ImpuestosLocales');
    return draft;
  },
});

export const CFDI_4 = erased(decoder('cfdi-4.0', comprobante(CFDI_4_NAMESPACE, false)));
export const CFDI_33 = erased(decoder('cfdi-3.3', comprobante(CFDI_3_NAMESPACE, true)));
