import { SaxesParser } from 'saxes';
import { CII_STRUCTURE } from '../../../../write-side/documents/rules/en16931/structure/cii.js';
import type { StructureNode, StructureTable } from '../../../../write-side/documents/rules/en16931/structure/table.js';
import { UBL_STRUCTURE } from '../../../../write-side/documents/rules/en16931/structure/ubl.js';
import { altered } from '../given.js';
import { ciiOf, specOf, ublOf } from './builder.js';

interface Node {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Node[];
  text: string;
}

function treeOf(text: string): Node {
  const top: Node = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const node: Node = { name, attributes, children: [], text: '' };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('text', (part) => {
    const here = open.at(-1);
    if (here) here.text += part;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  return top.children[0] ?? top;
}

const textOf = ({ name, attributes, children, text }: Node): string =>
  `<${name}${Object.entries(attributes).map(([key, value]) => ` ${key}="${value}"`).join('')}>${text}${children.map(textOf).join('')}</${name}>`;

const LINES: ReadonlySet<string> = new Set(['InvoiceLine', 'CreditNoteLine', 'IncludedSupplyChainTradeLineItem']);
const localOf = ({ name }: Node): string => {
  const local = name.slice(name.indexOf(':') + 1);
  return LINES.has(local) ? 'Line' : local;
};

/** Where something of the table stands: the elements from the root to it. */
interface Place {
  readonly path: readonly string[];
  readonly node: StructureNode;
}

const AGGREGATES_OF_THE_ROOT: ReadonlySet<string> = new Set(['ExchangedDocumentContext', 'ExchangedDocument', 'SupplyChainTradeTransaction']);

/** The document of one syntax, as a tree in which places are found or made. */
class Document {
  readonly root: Node;

  constructor(private readonly syntax: 'ubl' | 'cii', text: string) {
    this.root = treeOf(text);
  }

  /** The first element at the path; those that are not there are made, empty. */
  at(path: readonly Place[]): Node {
    return path.reduce((parent, { path: names, node }) => parent.children.find((child) => localOf(child) === names.at(-1)) ?? this.add(parent, names.at(-1) ?? '', node.aggregate), this.root);
  }

  add(parent: Node, local: string, aggregate: boolean): Node {
    const made: Node = { name: this.named(local, aggregate), attributes: {}, children: [], text: aggregate ? '' : 'x' };
    parent.children.push(made);
    return made;
  }

  private named(local: string, aggregate: boolean): string {
    if (this.syntax === 'ubl') return `${local === 'UBLExtensions' ? 'ext' : aggregate ? 'cac' : 'cbc'}:${local}`;
    return `${AGGREGATES_OF_THE_ROOT.has(local) ? 'rsm' : local === 'DateTime' || local === 'IndicatorString' ? 'udt' : 'ram'}:${local}`;
  }
}

/** A document in which a rule of the syntax binding is broken in the way that the rule itself says. */
export interface StructureMutation {
  readonly code: string;
  readonly text: string;
  /** Other rules of the table that forbid the same place, or one on the way to it. */
  readonly along: readonly string[];
}

const RIGHT = {
  ubl: altered(ublOf(specOf()), ' xmlns:cac', ' xmlns:ext="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2" xmlns:cac'),
  cii: ciiOf(specOf()),
};

/** Every place of the table below one, with the way to it. */
function* placesOf(node: StructureNode, way: readonly Place[]): Iterable<readonly Place[]> {
  for (const [local, child] of node.children) {
    const here = [...way, { path: [...(way.at(-1)?.path ?? []), local], node: child }];
    yield here;
    yield* placesOf(child, here);
  }
}

function breaking(syntax: 'ubl' | 'cii', change: (document: Document) => void): string {
  const document = new Document(syntax, RIGHT[syntax]);
  change(document);
  return textOf(document.root);
}

/** How often a limit's element is there at most: one more of it is put there; where there is no such bound, all of them are taken away. */
function exceed(document: Document, context: readonly Place[], target: readonly Place[], most: number): void {
  const parent = document.at([...context, ...target.slice(0, -1)]);
  const last = target.at(-1);
  const local = last?.path.at(-1) ?? '';
  const there = parent.children.filter((child) => localOf(child) === local);
  if (most > 1_000) {
    for (const child of there) parent.children.splice(parent.children.indexOf(child), 1);
    return;
  }
  for (let count = there.length; count <= most; count += 1) {
    if (there[0]) parent.children.splice(parent.children.indexOf(there[0]), 0, structuredClone(there[0]));
    else document.add(parent, local, last?.node.aggregate ?? false);
  }
}

const lastOf = (way: readonly Place[]): string => way.at(-1)?.path.at(-1) ?? '';

/** All rules that speak of a place of the table or of what stands above it, and of what it is counted by. */
function rulesAlong(table: StructureTable, way: readonly Place[], attribute?: string): string[] {
  const counters = new Set(way.flatMap(({ node }) => node.counted.map(({ counter }) => counter)));
  const limits = [table.root, ...way.map(({ node }) => node)].flatMap((node) => node.limits.filter(({ counter }) => counters.has(counter)));
  const anywhere = table.anywhere.filter((row) => row.attribute === attribute && lastOf(way).endsWith(row.element));
  return [...way.flatMap(({ node }) => node.forbidden), ...[...limits, ...anywhere].map(({ rule }) => rule)].map((rule) => table.rules[rule]?.code ?? '');
}

function* mutationsAt(syntax: 'ubl' | 'cii', table: StructureTable, way: readonly Place[]): Iterable<StructureMutation> {
  const node = way.at(-1)?.node ?? table.root;
  const broken = (rule: number, along: readonly Place[], change: (document: Document) => void, attribute?: string): StructureMutation =>
    ({ code: table.rules[rule]?.code ?? '', text: breaking(syntax, change), along: rulesAlong(table, along, attribute) });
  for (const rule of node.forbidden) yield broken(rule, way, (document) => void document.add(document.at(way.slice(0, -1)), lastOf(way), node.aggregate));
  for (const [attribute, rules] of node.attributes) {
    for (const rule of rules) yield broken(rule, way, (document) => { document.at(way).attributes[attribute] = 'x'; }, attribute);
  }
  for (const { rule, counter } of node.limits) {
    const target = [...placesOf(node, [])].find((below) => below.at(-1)?.node.counted.some((counted) => counted.counter === counter)) ?? [];
    yield broken(rule, [...way, ...target], (document) => exceed(document, way, target, table.rules[rule]?.most ?? 0));
  }
}

function* mutationsOf(syntax: 'ubl' | 'cii', table: StructureTable): Iterable<StructureMutation> {
  yield* mutationsAt(syntax, table, []);
  for (const way of placesOf(table.root, [])) yield* mutationsAt(syntax, table, way);
  for (const { element, except, attribute, rule } of table.anywhere) {
    const opened = new RegExp(`<((?:cbc|cac|ram):${element === '' ? '(?:BuyerReference|Name)' : `\\w*${element}`})(?=[ >])(?<!:${except ?? '-'})`, 'u');
    yield { code: table.rules[rule]?.code ?? '', text: altered(RIGHT[syntax], opened, `<$1 ${attribute}="x"`), along: [] };
  }
}

/** One document for every place of the tables of both syntaxes. */
export const structureMutations = (): readonly StructureMutation[] => [...mutationsOf('ubl', UBL_STRUCTURE), ...mutationsOf('cii', CII_STRUCTURE)];
