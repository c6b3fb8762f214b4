import type { CfdiDocument } from '../models/cfdi.js';
import type { XmlNode } from '../models/node.js';

/**
 * The order in which the fields of a complement stand in the cadena original, as the SAT's transformation has it.
 *
 * `fields` is a small language: `Name` an attribute, `Name?` one that is left out where it is absent, `Child{ … }` every child of that
 * name, `A/B{ … }` every B in every A, `//Name{ … }` every descendant, `.` the text of the element, `=A/B` the text of the first such
 * element, `=A/B?` the same where there is one. All names are of the complement's own namespace; a field that is not optional
 * stays as an empty field where it is absent.
 */
export interface FieldOrder {
  readonly uri: string;
  /** Versions of CFDI whose transformation includes it. */
  readonly formats: readonly CfdiDocument['format'][];
  readonly fields: string;
}

type Step =
  | { readonly kind: 'attribute'; readonly name: string; readonly optional: boolean }
  | { readonly kind: 'text' }
  | { readonly kind: 'first'; readonly path: readonly string[]; readonly optional: boolean }
  | { readonly kind: 'each'; readonly path: readonly string[]; readonly steps: readonly Step[] }
  | { readonly kind: 'descendants'; readonly name: string; readonly steps: readonly Step[] };

/** What is read of an element, in its order. */
export type Fields = readonly Step[];

function leaf(token: string): Step {
  if (token === '.') return { kind: 'text' };
  const optional = token.endsWith('?');
  const name = optional ? token.slice(0, -1) : token;
  return name.startsWith('=') ? { kind: 'first', path: name.slice(1).split('/'), optional } : { kind: 'attribute', name, optional };
}

function group(name: string, steps: readonly Step[]): Step {
  return name.startsWith('//') ? { kind: 'descendants', name: name.slice(2), steps } : { kind: 'each', path: name.split('/'), steps };
}

/**
 * Reads an order.
 * @throws SyntaxError where a brace is missing; orders are part of the program
 */
export function parseFields(text: string): Fields {
  const open: { name: string; steps: Step[] }[] = [{ name: '', steps: [] }];
  for (const token of text.split(/\s+/u).filter(Boolean)) {
    if (token.endsWith('{')) open.push({ name: token.slice(0, -1), steps: [] });
    else if (token === '}') {
      const closed = open.pop();
      const parent = open.at(-1);
      if (!closed || !parent) throw new SyntaxError('a brace too many');
      parent.steps.push(group(closed.name, closed.steps));
    } else open.at(-1)?.steps.push(leaf(token));
  }
  const [root] = open;
  if (!root || open.length > 1) throw new SyntaxError('a brace is missing');
  return root.steps;
}

const UNCLEAN = /[\t\n\r]|^ | $| {2}/u;

/** `normalize-space` of XPath: only the four characters that XML calls white space. */
export const normal = (text: string): string => (UNCLEAN.test(text) ? text.replace(/[ \t\n\r]+/gu, ' ').replace(/^ | $/gu, '') : text);

/** Elements of the element's own namespace down a path of names. */
function along(node: XmlNode, path: readonly string[]): readonly XmlNode[] {
  let found: readonly XmlNode[] = [node];
  for (const name of path) found = found.flatMap((at) => at.children.filter((child) => child.local === name && child.uri === node.uri));
  return found;
}

function appendDescendants(node: XmlNode, name: string, steps: Fields, into: string[]): void {
  for (const child of node.children) {
    if (child.local === name && child.uri === node.uri) appendFields(child, steps, into);
    appendDescendants(child, name, steps, into);
  }
}

/** Appends attributes alone: what the typed elements of a Comprobante need. */
export function appendAttributes(attributes: Readonly<Record<string, string | undefined>>, fields: Fields, into: string[]): void {
  for (const field of fields) {
    if (field.kind !== 'attribute') continue;
    const value = attributes[field.name];
    if (value !== undefined) into.push(normal(value));
    else if (!field.optional) into.push('');
  }
}

/** Appends what the order says of an element. */
export function appendFields(node: XmlNode, fields: Fields, into: string[]): void {
  for (const field of fields) appendField(node, field, into);
}

function appendField(node: XmlNode, field: Step, into: string[]): void {
  switch (field.kind) {
    case 'attribute':
      return appendAttributes(node.attributes, [field], into);
    case 'text':
      into.push(normal(node.text));
      return;
    case 'first': {
      const [found] = along(node, field.path);
      if (found || !field.optional) into.push(normal(found?.text ?? ''));
      return;
    }
    case 'each':
      for (const child of along(node, field.path)) appendFields(child, field.steps, into);
      return;
    case 'descendants':
      return appendDescendants(node, field.name, field.steps, into);
    default:
      return field satisfies never;
  }
}
