import type { Element, RawAttributes } from '../element.js';
import type { EnDocument } from '../models/en16931.js';
import type { StructureNode, StructureTable } from '../rules/en16931/structure/table.js';
import type { Reading } from './draft.js';

/** Bounds of what is remembered; rules count the rest as one. */
const MAX_BREACHES = 1_000;
const MAX_EMPTY = 100;
const MAX_FOUND = 120;

type Node = Element<Reading>;
type NamespaceOf = (local: string, aggregate: boolean) => string;

function note({ document: { structure, lines }, at }: Reading, rule: number, found: string): void {
  if (structure.breaches.length < MAX_BREACHES) structure.breaches.push({ rule, line: at.line ? lines.length - 1 : -1, found: found.slice(0, MAX_FOUND) });
}

/** Elements and attributes that must not be there: told once, however many there are. */
function once(reading: Reading, rules: readonly number[], found: string): void {
  for (const rule of rules) {
    if (reading.told.has(rule)) continue;
    reading.told.add(rule);
    note(reading, rule, found);
  }
}

/** Attributes that must not be on this element, by name. */
function attributesOf(table: StructureTable, here: StructureNode | undefined, local: string): ReadonlyMap<string, readonly number[]> | undefined {
  const found = new Map<string, number[]>(here?.attributes);
  for (const { element, except, attribute, rule } of table.anywhere) {
    if (local.endsWith(element) && local !== except) found.set(attribute, [...(found.get(attribute) ?? []), rule]);
  }
  return found.size > 0 ? found : undefined;
}

function opener(element: Node, here: StructureNode | undefined, attributes: ReadonlyMap<string, readonly number[]> | undefined, path: string, leaf: boolean): Node['open'] {
  const { open } = element;
  const forbidden = here?.forbidden ?? [];
  const counted = here?.counted ?? [];
  const limits = here?.limits ?? [];
  return (reading: Reading, written: RawAttributes): void => {
    open?.(reading, written);
    if (forbidden.length > 0) once(reading, forbidden, path);
    for (const { counter } of counted) reading.counts[counter] = (reading.counts[counter] ?? 0) + 1;
    for (const { counter } of limits) reading.counts[counter] = 0;
    if (leaf) reading.opened = element;
    if (!attributes) return;
    for (const name in written) {
      const rules = attributes.get(name);
      if (rules) once(reading, rules, `${path}/@${name}`);
    }
  };
}

function closer(table: StructureTable, element: Node, here: StructureNode | undefined, path: string, leaf: boolean): Node['close'] {
  const { close } = element;
  const limits = here?.limits ?? [];
  if (limits.length === 0 && !leaf) return close;
  return (reading: Reading): void => {
    for (const { rule, counter } of limits) checkCount(table, reading, rule, reading.counts[counter] ?? 0);
    if (leaf && reading.opened === element && reading.document.structure.empty.length < MAX_EMPTY) reading.document.structure.empty.push(path);
    close?.(reading);
  };
}

function checkCount(table: StructureTable, reading: Reading, rule: number, count: number): void {
  const limit = table.rules[rule];
  if (limit && (count < limit.least || count > limit.most)) note(reading, rule, String(count));
}

/** A field that had text is not empty. */
const valued = (value: NonNullable<Node['value']>): NonNullable<Node['value']> => (reading, text, attributes) => {
  reading.opened = undefined;
  value(reading, text, attributes);
};

/** `InvoiceLine` and `CreditNoteLine` are `Line` in the table. */
const nodeOf = (here: StructureNode | undefined, local: string): StructureNode | undefined =>
  here?.children.get(local) ?? (local === 'InvoiceLine' || local === 'CreditNoteLine' || local === 'IncludedSupplyChainTradeLineItem' ? here?.children.get('Line') : undefined);

/**
 * The same element table, watching besides what the syntax binding says: forbidden elements and attributes, counts, empty fields.
 * Elements that only the structure table names are added; they are read for nothing else.
 */
export const structured = (element: Node, table: StructureTable, path: string, namespaceOf: NamespaceOf): Node => watched(element, table, path, namespaceOf, table.root);

function watched(element: Node, table: StructureTable, path: string, namespaceOf: NamespaceOf, here: StructureNode | undefined): Node {
  const children = new Map<string, Node>();
  for (const [local, child] of element.children ?? []) children.set(local, watched(child, table, `${path}/${local}`, namespaceOf, nodeOf(here, local)));
  for (const [local, child] of here?.children ?? []) {
    if (children.has(local) || local === 'Line') continue;
    const uri = namespaceOf(local, child.aggregate);
    children.set(local, watched({ uri, children: new Map() }, table, `${path}/${local}`, namespaceOf, child));
  }
  const local = path.slice(path.lastIndexOf('/') + 1);
  const leaf = element.value !== undefined;
  const open = opener(element, here, attributesOf(table, here, local), path, leaf);
  const close = closer(table, element, here, path, leaf);
  return {
    uri: element.uri,
    ...(open ? { open } : {}),
    ...(close ? { close } : {}),
    ...(element.value ? { value: valued(element.value) } : {}),
    ...(children.size > 0 ? { children } : {}),
  };
}

/** The document that was read, without what only the reader needed. */
export const afterReading = ({ document }: Reading): EnDocument => document;
